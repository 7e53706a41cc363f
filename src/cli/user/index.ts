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

export function register(user: Command, ctx: Context): void {
  registerList(user, ctx);
  registerDetails(user, ctx);
  registerFind(user, ctx);
  registerMembership(user, ctx);
  registerMedia(user, ctx);
  registerModify(user, ctx);
  registerPassword(user, ctx);
  registerLogin(user, ctx);
  registerPruneDevices(user, ctx);
  registerRestrict(user, ctx);
  registerRedact(user, ctx);
  registerDeactivate(user, ctx);
  registerDeactivateRegex(user, ctx);
}
