import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerDetails } from "./details.js";
import { registerList } from "./list.js";

export function register(user: Command, ctx: Context): void {
  registerList(user, ctx);
  registerDetails(user, ctx);
}
