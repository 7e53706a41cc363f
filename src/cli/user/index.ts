import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerThemes, type Theme } from "../themes.js";

/** In the order of `--help`. */
export const themes: readonly Theme[] = [
  { commands: ["list", "search"], load: () => import("./list.js") },
  { commands: ["details", "whois"], load: () => import("./details.js") },
  { commands: ["3pid", "auth-provider"], load: () => import("./find.js") },
  { commands: ["membership"], load: () => import("./membership.js") },
  { commands: ["media"], load: () => import("./media.js") },
  { commands: ["modify"], load: () => import("./modify.js") },
  { commands: ["password"], load: () => import("./password.js") },
  { commands: ["login"], load: () => import("./login.js") },
  { commands: ["prune-devices"], load: () => import("./prune-devices.js") },
  { commands: ["shadow-ban", "suspend"], load: () => import("./restrict.js") },
  { commands: ["redact", "redact-status"], load: () => import("./redact.js") },
  { commands: ["deactivate"], load: () => import("./deactivate.js") },
  { commands: ["deactivate-regex"], load: () => import("./deactivate-regex.js") },
];

export function register(user: Command, ctx: Context): Promise<void> {
  return registerThemes(user, ctx, themes);
}
