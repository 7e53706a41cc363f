import type { RegistrationToken } from "../api/index.js";
import { Option, type Command } from "./command.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import { countTyped, datesOrNumbers, integer, oneOf } from "./options.js";
import { said } from "./print.js";
import { milliseconds, pointInTime, pointInTimeHelp, sayWhen } from "./when.js";
import type { View } from "../output/index.js";

interface Shown {
  dates?: boolean;
}

interface Limits {
  usesAllowed?: number;
  expiryTs?: string;
  expireAt?: string;
}

interface NewOptions extends Limits {
  token?: string;
  length: number;
}

export function register(regtok: Command, ctx: Context): void {
  regtok
    .command("list")
    .summary("List the registration tokens.")
    .description(
      "List all registration tokens. They matter only where registration_requires_token is set, and not with Matrix Authentication Service.",
    )
    .addOptions(
      oneOf("valid", [
        { flags: "-v, --valid", value: true, description: "only those that can still be used" },
        { flags: "-V, --invalid", value: false, description: "only those that are expired or used up" },
      ]),
    )
    .addOptions(datesOrNumbers())
    .action(async ({ valid, dates }: Shown & { valid?: boolean }) => {
      const admin = await ctx.admin();
      await ctx.print(await admin.registrationTokens.list({ valid }), listView, { dates });
    })
    .examples("synadm regtok list --valid");

  regtok
    .command("details")
    .summary("Show a registration token.")
    .description("Show a registration token: how often it was used, and how long it can be.")
    .argument("<token>", "the token itself; one that begins with a dash stands after --")
    .addOptions(datesOrNumbers())
    .action(async (token: string, { dates }: Shown) => {
      const admin = await ctx.admin();
      await ctx.print(await admin.registrationTokens.get(token), tokenView, { dates });
    })
    .examples("synadm regtok details AbCd1234");

  regtok
    .command("new")
    .description("Make a registration token and print it.")
    .option("-n, --token <text>", "up to 64 of A-Z, a-z, 0-9 and ._~- (default: a random one)")
    .addOption(
      new Option("-l, --length <number>", "how long a random one is, up to 64").argParser(integer(1)).default(16),
    )
    .addOptions(limits({ uses: "any number (default)", expiry: "never (default)" }))
    .action(async ({ token, length, ...typed }: NewOptions) => {
      if (token !== undefined && unreachable.has(token)) {
        throw new UsageError("--token: one of this name could never be shown, changed or deleted");
      }
      const { usesAllowed = null, expiryTs = null } = await limitsOf(ctx, typed);
      const admin = await ctx.admin();
      await ctx.print(await admin.registrationTokens.create({ token, length, usesAllowed, expiryTs }), tokenView);
    })
    .examples(
      "synadm regtok new --uses-allowed 1 --expire-at 7d",
      "synadm regtok new --token welcome --uses-allowed 10",
    );

  regtok
    .command("update")
    .summary("Change how often or how long a registration token can be used.")
    .description("Change how often or how long a registration token can be used. What is left out stays as it is.")
    .argument("<token>", "the token itself; one that begins with a dash stands after --")
    .addOptions(limits({ uses: "any number", expiry: "never" }))
    .action(async (token: string, typed: Limits) => {
      const change = await limitsOf(ctx, typed);
      const admin = await ctx.admin();
      await ctx.print(await admin.registrationTokens.update(token, change), tokenView);
    })
    .examples("synadm regtok update AbCd1234 --uses-allowed -1 --expiry-ts -1");

  regtok
    .command("delete")
    .summary("Delete a registration token.")
    .description("Delete a registration token, so that nobody can register with it. On a terminal it asks first.")
    .argument("<token>", "the token itself; one that begins with a dash stands after --")
    .action(async (token: string) => {
      const admin = await ctx.admin();
      await ctx.confirmIfAttended(`Delete the registration token ${token}?`);
      await ctx.print(await admin.registrationTokens.delete(token), said());
    })
    .examples("synadm regtok delete AbCd1234");
}

/** URLs lose the dots on their way, and Synapse has something else at `new`. */
const unreachable: ReadonlySet<string> = new Set([".", "..", "new"]);

const unlimited = -1;

/** @param none what -1 means */
function limits(none: { uses: string; expiry: string }): Option[] {
  return [
    new Option(
      "-u, --uses-allowed <number>",
      `how many may register with it; -1: ${none.uses}; 0 does not stop it, though Synapse lists it as used up`,
    ).argParser(integer(unlimited)),
    new Option("-t, --expiry-ts <ms>", `until when, in milliseconds since 1970; -1: ${none.expiry}`),
    new Option("-e, --expire-at <when>", `until when: ${pointInTimeHelp}, or a time from now such as 12h, 7d, 2w`),
  ];
}

/** `null` lifts a limit; what was not typed is not there. */
async function limitsOf(
  ctx: Context,
  { usesAllowed, expiryTs, expireAt }: Limits,
): Promise<{ usesAllowed?: number | null; expiryTs?: number | null }> {
  if (usesAllowed === 0) {
    ctx.warning(
      "Synapse lists a token of 0 uses as used up, but takes it without limit; to stop it: synadm regtok delete",
    );
  }
  countTyped({ expiryTs, expireAt }, { expiryTs: "--expiry-ts", expireAt: "--expire-at" }, { min: 0, max: 1 });
  const ms =
    expiryTs !== undefined
      ? milliseconds(expiryTs, [unlimited, 0])
      : expireAt !== undefined
        ? pointInTime(expireAt, 1, ctx.io)
        : undefined;
  if (ms !== undefined && ms !== unlimited) await sayWhen(ctx, "expires", ms);
  return {
    ...(usesAllowed === undefined ? {} : { usesAllowed: usesAllowed === unlimited ? null : usesAllowed }),
    ...(ms === undefined ? {} : { expiryTs: ms === unlimited ? null : ms }),
  };
}

const times = ["expiry_time"];

const tokenView: View<RegistrationToken> = {
  times,
  human: (token) => ({ blocks: [{ data: inWords(token) }] }),
};

const listView: View<{ registration_tokens: RegistrationToken[] }> = {
  times,
  human: ({ registration_tokens }) => ({
    blocks: [{ data: registration_tokens.map(inWords), empty: "no registration tokens" }],
    notes: [`${registration_tokens.length} in all`],
  }),
};

/** The absence of a limit, which a dash would not say; that is for what the homeserver does not tell. */
function inWords({ uses_allowed, expiry_time, ...rest }: Partial<RegistrationToken>): Record<string, unknown> {
  return {
    ...rest,
    uses_allowed: uses_allowed === null ? "unlimited" : uses_allowed,
    expiry_time: expiry_time === null ? "never" : expiry_time,
  };
}
