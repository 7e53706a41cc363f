import { needsServerName } from "../../api/mxid.js";
import type { Context } from "../context.js";
import { UsageError } from "../errors.js";

export const passwordTextHelp = "other users of this machine can see it while this runs";
export const passwordStdinHelp = "read the new password from the first line of stdin";

/** A new password: the one that was given, or the first line of stdin, or what a person types twice. */
export async function newPassword(
  ctx: Context,
  user: string,
  { text, stdin }: { text: string | undefined; stdin: boolean | undefined },
  options: string,
): Promise<string> {
  needsServerName(user); // throws where it is no user: nobody types a password for nothing
  if (text === undefined && stdin !== true) return askTwice(ctx, user, options);
  const password = text ?? (await ctx.firstLineOfStdin());
  if (!password) throw new UsageError("the new password is empty");
  return password;
}

async function askTwice(ctx: Context, user: string, options: string): Promise<string> {
  for (;;) {
    const password = await ctx.askSecret(`New password of ${user}`, options);
    if ((await ctx.ask({ message: "The same again", hidden: true }, options)) === password) return password;
    ctx.note("these were not the same");
  }
}
