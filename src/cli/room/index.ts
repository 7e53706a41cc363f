import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerThemes, type Theme } from "../themes.js";

/** In the order of `--help`. */
export const themes: readonly Theme[] = [
  { commands: ["list", "search"], load: () => import("./list.js") },
  { commands: ["details", "members", "state"], load: () => import("./details.js") },
  { commands: ["resolve"], load: () => import("./resolve.js") },
  { commands: ["power-levels"], load: () => import("./power-levels.js") },
  { commands: ["join", "make-admin"], load: () => import("./membership.js") },
  { commands: ["block", "block-status"], load: () => import("./block.js") },
  { commands: ["delete"], load: () => import("./delete.js") },
  { commands: ["delete-status"], load: () => import("./delete-status.js") },
  { commands: ["purge-empty"], load: () => import("./purge-empty.js") },
];

export function register(room: Command, ctx: Context): Promise<void> {
  return registerThemes(room, ctx, themes);
}
