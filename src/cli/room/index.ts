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
import { registerThemes, type Theme } from "../themes.js";

/** In the order of `--help`. */
const themes: readonly Theme[] = [
  { commands: ["list", "search"], register: registerList },
  { commands: ["details", "members", "state"], register: registerDetails },
  { commands: ["resolve"], register: registerResolve },
  { commands: ["power-levels"], register: registerPowerLevels },
  { commands: ["join", "make-admin"], register: registerMembership },
  { commands: ["block", "block-status"], register: registerBlock },
  { commands: ["delete"], register: registerDelete },
  { commands: ["delete-status"], register: registerDeleteStatus },
  { commands: ["purge-empty"], register: registerPurgeEmpty },
];

export function register(room: Command, ctx: Context): void {
  registerThemes(room, ctx, themes);
}
