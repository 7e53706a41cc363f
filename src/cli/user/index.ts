import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { registerDeactivate } from "./deactivate.js";
import { registerDeactivateRegex } from "./deactivate-regex.js";
import { registerDetails } from "./details.js";
import { registerFind } from "./find.js";
import { registerList } from "./list.js";
import { registerLogin } from "./login.js";
import { registerMedia } from "./media.js";
import { registerMembership } from "./membership.js";
import { registerModify } from "./modify.js";
import { registerPassword } from "./password.js";
import { registerPruneDevices } from "./prune-devices.js";
import { registerRedact } from "./redact.js";
import { registerRestrict } from "./restrict.js";
import { registerThemes, type Theme } from "../themes.js";

/** In the order of `--help`. */
const themes: readonly Theme[] = [
  { commands: ["list", "search"], register: registerList },
  { commands: ["details", "whois"], register: registerDetails },
  { commands: ["3pid", "auth-provider"], register: registerFind },
  { commands: ["membership"], register: registerMembership },
  { commands: ["media"], register: registerMedia },
  { commands: ["modify"], register: registerModify },
  { commands: ["password"], register: registerPassword },
  { commands: ["login"], register: registerLogin },
  { commands: ["prune-devices"], register: registerPruneDevices },
  { commands: ["shadow-ban", "suspend"], register: registerRestrict },
  { commands: ["redact", "redact-status"], register: registerRedact },
  { commands: ["deactivate"], register: registerDeactivate },
  { commands: ["deactivate-regex"], register: registerDeactivateRegex },
];

export function register(user: Command, ctx: Context): void {
  registerThemes(user, ctx, themes);
}
