import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerDelete } from "./delete.js";
import { registerList } from "./list.js";
import { registerQuarantine } from "./quarantine.js";

export function register(media: Command, ctx: Context): void {
  registerList(media, ctx);
  registerQuarantine(media, ctx);
  registerDelete(media, ctx);
}
