import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { printMediaOfUser, userMediaOptions, type UserMediaOptions } from "../media/of-user.js";
import { datesOrNumbers, userIdHelp } from "../options.js";

export function register(user: Command, ctx: Context): void {
  user
    .command("media")
    .summary("List what a user uploaded.")
    .description("List what a user uploaded, a page at a time. The pictures of URL previews count as uploads.")
    .argument("<user-id>", userIdHelp)
    .addOptions(userMediaOptions("-r"))
    .addOptions(datesOrNumbers())
    .action(async (user: string, options: UserMediaOptions) => printMediaOfUser(ctx, await ctx.userId(user), options))
    .examples(
      "synadm user media --sort media_length --reverse --limit 10 alice",
      "synadm -o json user media --all alice | jq -r '.media[].media_id'",
    );
}
