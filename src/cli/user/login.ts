import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { countTyped, integer, userIdHelp } from "../options.js";
import { dateInWords, daysFrom, inRange, milliseconds, pointInTime, pointInTimeHelp, sayWhen } from "../when.js";

interface LoginOptions {
  expireDays?: number;
  expire?: string;
  expireTs?: string;
  expireNever?: true;
}

const flags = {
  expireDays: "--expire-days",
  expire: "--expire",
  expireTs: "--expire-ts",
  expireNever: "--expire-never",
} as const;

export function register(user: Command, ctx: Context): void {
  user
    .command("login")
    .summary("Get an access token that acts for a user.")
    .description(
      "Get an access token that acts for a user, who will not notice: it makes no new session. Everything that is done " +
        "with it is done in the user's name. It is good for one day unless an option says otherwise (one at most); it " +
        "ends sooner when it is logged out, or when you log out all of your own sessions. Not with Matrix " +
        "Authentication Service.",
    )
    .argument("<user-id>", userIdHelp)
    .addOption(new Option("-d, --expire-days <days>", "good for this many days; 0: not at all").argParser(integer()))
    .option("--expire <when>", `good until ${pointInTimeHelp}, or for a time such as 12h, 7d, 2w`)
    .option("--expire-ts <ms>", "good until this many milliseconds since 1970")
    .option("--expire-never", "good for ever; better not")
    .action(async (text: string, options: LoginOptions) => {
      countTyped(options, flags, { min: 0, max: 1 });
      const validUntilMs = validUntil(ctx, options);
      if (validUntilMs !== undefined) await sayWhen(ctx, "valid until", validUntilMs);
      const { users } = await ctx.admin();
      const token = await users.login(await ctx.userId(text), { validUntilMs });
      const until = validUntilMs === undefined ? "for ever" : `until ${await dateInWords(validUntilMs)}`;
      await ctx.print(token, { human: (data) => ({ blocks: [{ data }], notes: [`good ${until}; keep it secret`] }) });
    })
    .examples("synadm user login alice", "synadm -o json user login --expire 2h alice | jq -r .access_token");
}

/** @returns milliseconds since the epoch; undefined for never */
function validUntil(ctx: Context, options: LoginOptions): number | undefined {
  if (options.expireNever === true) return undefined;
  if (options.expire !== undefined) return pointInTime(options.expire, 1, ctx.io);
  if (options.expireTs !== undefined) return milliseconds(options.expireTs);
  const { expireDays = 1 } = options;
  return inRange(daysFrom(ctx.io.now(), expireDays), `${expireDays}d`);
}
