import { ApiError, InvalidValueError } from "../../api/errors.js";
import type { Deactivation, UserSummary } from "../../api/index.js";
import { ConfigError } from "../../config/errors.js";
import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { reason } from "../errors.js";
import { eachInTurn, printOutcomes, type Outcome } from "../items.js";
import { integer } from "../options.js";
import { matching } from "../matching.js";
import { warnOfShortList } from "../pages.js";
import { userPattern } from "../python-regex.js";
import type { View } from "../../output/index.js";
import { gdprErase, whatDeactivationDoes } from "./deactivate.js";
import { usersBlock, userTimes } from "./users-view.js";

interface RegexOptions {
  gdprErase?: boolean;
  dryRun?: boolean;
  batchSize: number;
  includeAdmins?: boolean;
  locked?: boolean;
}

export function register(user: Command, ctx: Context): void {
  user
    .command("deactivate-regex")
    .summary("Deactivate every account that a regular expression matches.")
    .description(
      "Deactivate every account whose full Matrix ID begins with what a regular expression describes, its @ included. " +
        "Server admins and your own account are left out. Shows them all and asks once. For each of them " +
        whatDeactivationDoes,
    )
    .argument(
      "<regex>",
      "such as '@spam[0-9]+:' (quote it from the shell); (?i) at its beginning ignores case, $ at its end wants a match up to there; \\w, \\d and \\b know ASCII only",
    )
    .option(...gdprErase)
    .option("-n, --dry-run", "only list the accounts")
    .addOption(
      new Option("-p, --batch-size <number>", "how many accounts to ask for at a time; all are looked at anyway", {
        also: ["--paginate"],
      })
        .argParser(integer(1))
        .default(500),
    )
    .option("--include-admins", "server admins and your own account, too")
    .option("-L, --locked", "locked accounts, too")
    .action(async (expression: string, options: RegexOptions) => {
      const pattern = userPattern(expression);
      const targets = await collectTargets(ctx, pattern, options);
      if (targets.length === 0 && !/^(\(\?[a-z]+\))?[@.[(^\\]/.test(expression)) {
        ctx.note("the expression must match from the start of the full Matrix ID, which is an @");
      }
      if (options.dryRun === true) {
        await ctx.print(targets, targetsView);
        return;
      }
      const erase = options.gdprErase === true;
      if (targets.length > 0) {
        await ctx.preview(targets, targetsView);
        const which = targets.length === 1 ? "this account" : `these ${targets.length} accounts`;
        await ctx.confirm(erase ? `Deactivate and erase ${which}?` : `Deactivate ${which}?`);
      }
      const { users } = await ctx.admin();
      const names = targets.map(({ name }) => name);
      await printOutcomes(ctx, await eachInTurn(ctx, names, (name) => users.deactivate(name, { erase })), outcomesView);
    })
    .examples(
      "synadm user deactivate-regex --dry-run '@spam[0-9]+:'",
      "synadm --batch -o json user deactivate-regex --gdpr-erase '(?i)@spam' | jq -r '.[].outcome'",
    );
}

/** All of them before the first is deactivated, since that shifts the pages; one's own account, if at all, is the last. */
async function collectTargets(
  ctx: Context,
  pattern: RegExp,
  { batchSize, includeAdmins = false, locked, dryRun = false }: RegexOptions,
): Promise<UserSummary[]> {
  const { users } = await ctx.admin();
  const all = users.all({ limit: batchSize, locked, onShort: () => warnOfShortList(ctx) });
  const matches = new Map<string, UserSummary>();
  for await (const user of matching(pattern, all)) matches.set(user.name, user);
  if (matches.size === 0) return [];
  const own = await ownIds(ctx, dryRun);
  const isSpecial = ({ name, admin }: UserSummary) => !noAdmin.includes(admin) || own.includes(name);
  const targets = [...matches.values()].filter((user) => !isSpecial(user));
  const special = [...matches.values()].filter(isSpecial).sort((a, b) => own.indexOf(a.name) - own.indexOf(b.name));
  if (includeAdmins) return [...targets, ...special];
  if (special.length > 0) {
    const names = special.map(({ name }) => (own.includes(name) ? `${name} (you)` : name)).join(", ");
    ctx.note(`left out, unless you add --include-admins: ${names}`);
  }
  return targets;
}

/** Old servers say it with numbers. Who is not told to be none may be one. */
const noAdmin: readonly unknown[] = [false, 0];

/**
 * Who is meant by "you": whose token it is, which behind MAS need not be a server admin's, and whom the configuration
 * names, though that may be somebody else. A dry run goes by the latter and leaves the homeserver alone, as the original.
 *
 * @returns the owner of the token last
 */
async function ownIds(ctx: Context, dryRun: boolean): Promise<readonly string[]> {
  const { user } = await ctx.config();
  const configured = user ? [await ctx.userId(user).catch(ofUserKey)] : [];
  if (dryRun && configured.length > 0) return configured;
  try {
    const { user_id } = await (await ctx.matrix()).whoami();
    return [...configured.filter((id) => id !== user_id), user_id];
  } catch (error) {
    if (configured.length === 0 || !(error instanceof ApiError)) throw error;
    ctx.warning(`${reason(error)}; taken for yours: ${configured.join("")}`);
    return configured;
  }
}

function ofUserKey(error: unknown): never {
  throw error instanceof InvalidValueError ? new ConfigError(`user: ${error.message}`) : error;
}

const targetsView: View<UserSummary[]> = {
  times: userTimes,
  human: (users) => ({ blocks: [usersBlock(users)], notes: [`${users.length} to be deactivated`] }),
};

const outcomesView: View<Outcome<Deactivation>[]> = {
  human: (outcomes) => ({
    blocks: [
      {
        data: outcomes,
        columns: ["target", "outcome", ...(outcomes.some(({ outcome }) => outcome !== "done") ? ["error"] : [])],
        empty: "no account is to be deactivated",
      },
    ],
    notes: [`${outcomes.filter(({ outcome }) => outcome === "done").length} deactivated`],
  }),
};
