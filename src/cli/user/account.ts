import type { User } from "../../api/index.js";
import type { Context } from "../context.js";
import type { View } from "../../output/index.js";

/** Synapse tells `creation_ts` in seconds here, and in milliseconds in the list. */
export const accountTimes = {
  seconds: ["creation_ts"],
  times: ["last_seen_ts", "consent_ts", "validated_at", "added_at"],
};

/** What tells a person whether it is the right account, and in which state it is. */
export const accountColumns = [
  "name",
  "displayname",
  "admin",
  "user_type",
  "deactivated",
  "locked",
  "suspended",
  "shadow_banned",
  "creation_ts",
  "last_seen_ts",
  "threepids",
];

const accountView: View<User> = {
  ...accountTimes,
  human: (user) => ({ blocks: [{ data: user, columns: accountColumns }] }),
};

/** Shows the account to a person who is about to be asked; where nobody is, it is not fetched. */
export async function previewAccount(ctx: Context, userId: string): Promise<void> {
  if (ctx.globals.batch) return;
  const { users } = await ctx.admin();
  await ctx.preview(await users.get(userId), accountView);
}
