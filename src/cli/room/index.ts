import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerBlock } from "./block.js";
import { registerDelete } from "./delete.js";
import { registerDeleteStatus } from "./delete-status.js";
import { registerDetails } from "./details.js";
import { registerList } from "./list.js";
import { registerMembership } from "./membership.js";
import { registerPowerLevels } from "./power-levels.js";
import { registerPurgeEmpty } from "./purge-empty.js";
import { registerResolve } from "./resolve.js";

export function register(room: Command, ctx: Context): void {
  registerList(room, ctx);
  registerDetails(room, ctx);
  registerResolve(room, ctx);
  registerPowerLevels(room, ctx);
  registerMembership(room, ctx);
  registerBlock(room, ctx);
  registerDelete(room, ctx);
  registerDeleteStatus(room, ctx);
  registerPurgeEmpty(room, ctx);
}
