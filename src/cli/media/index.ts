import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerThemes, type Theme } from "../themes.js";

/** In the order of `--help`. */
export const themes: readonly Theme[] = [
  { commands: ["list"], load: () => import("./list.js") },
  { commands: ["quarantine", "unquarantine", "protect"], load: () => import("./quarantine.js") },
  { commands: ["delete", "purge"], load: () => import("./delete.js") },
];

export function register(media: Command, ctx: Context): Promise<void> {
  return registerThemes(media, ctx, themes);
}
