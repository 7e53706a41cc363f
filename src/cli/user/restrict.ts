import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { userIdHelp } from "../options.js";
import { said } from "../print.js";
import { previewAccount } from "./account.js";

export function register(user: Command, ctx: Context): void {
  user
    .command("shadow-ban")
    .summary("Hide what a user does from everybody else, or lift that.")
    .description(
      "Let a user's messages and other requests succeed without anybody else seeing them. The user is not told. A last " +
        "resort: it can break rooms and clients in ways that are hard to explain.",
    )
    .argument("<user-id>", userIdHelp)
    .option("-u, --unban", "lift the shadow-ban")
    .action(async (text: string, { unban }: { unban?: true }) => {
      const userId = await ctx.userId(text);
      const { users } = await ctx.admin();
      if (unban === true) {
        await ctx.print(await users.shadowUnban(userId), said(`${userId} is not shadow-banned any more`));
        return;
      }
      if (ctx.prompter.attended) await previewAccount(ctx, userId);
      await ctx.confirmIfAttended(`Shadow-ban ${userId}?`);
      await ctx.print(await users.shadowBan(userId), said(`${userId} is shadow-banned`));
    })
    .examples("synadm user shadow-ban @spammer:example.org", "synadm user shadow-ban --unban @spammer:example.org");

  user
    .command("suspend")
    .summary("Keep an account from sending and joining, or lift that.")
    .description(
      "Suspend an account, or lift that. A suspended user can log in, read, leave rooms and redact own messages, but " +
        "not send, join, create rooms or change the profile; clients say why. `user modify --lock` is stricter.",
    )
    .argument("<user-id>", userIdHelp)
    .option("-U, --unsuspend", "lift the suspension")
    .action(async (text: string, { unsuspend }: { unsuspend?: true }) => {
      const userId = await ctx.userId(text);
      const { users } = await ctx.admin();
      await previewAccount(ctx, userId);
      await ctx.confirm(unsuspend === true ? `Lift the suspension of ${userId}?` : `Suspend ${userId}?`);
      await ctx.print(await users.suspend(userId, unsuspend !== true));
    })
    .examples("synadm user suspend alice", "synadm user suspend --unsuspend alice");
}
