import { HttpError } from "../../api/errors.js";
import type { User, UserChange } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import type { View } from "../../output/index.js";
import { userIdHelp } from "../options.js";
import { accountColumns, accountTimes } from "./account.js";
import { changeOf, checkModifyOptions, modifyOptions, shownChange, type ModifyOptions } from "./modify-options.js";
import { newPassword } from "./new-password.js";

export function register(user: Command, ctx: Context): void {
  user
    .command("modify")
    .summary("Change an account, or create it where there is none.")
    .description(
      "Change an account, or create it where there is none. At least one option is needed; what none speaks of stays as " +
        "it is. Says before the question whether the account exists, so that a slip of the keyboard does not make a new " +
        "one; with --batch it is made. To lock or deactivate one that does not exist is an error, and so is only --no-logout for it. Where Synapse refuses one value, others may have been changed before it.",
    )
    .argument("<user-id>", userIdHelp)
    .addOptions(modifyOptions())
    .action(async (text: string, options: ModifyOptions) => {
      checkModifyOptions(options);
      const { users } = await ctx.admin();
      const password = await passwordOf(ctx, text, options);
      const userId = await ctx.userId(text);
      const change = changeOf(options, password);
      // Synapse locks and deactivates no account while it creates it: the new one would be open.
      const mustExist = change.locked === true || change.deactivated === true || isEmpty(change);
      const account = mustExist ? await users.get(userId) : await accountOrNone(ctx, userId);
      await ctx.preview({ account, change: shownChange(change) }, previewView);
      sayWhetherNew(ctx, userId, account);
      await ctx.confirm(account === undefined ? `Create ${userId}?` : `Change ${userId}?`);
      await ctx.print(await users.modify(userId, change), accountTimes);
    })
    .examples(
      "synadm user modify --display-name 'Alice A.' --threepid email alice@example.org alice",
      "synadm user modify --password-prompt bob",
      "synadm --batch user modify --lock @spammer:example.org",
    );
}

/** Keeping the sessions is no change without a new password: a misspelt name is not to become an account by it. */
function isEmpty(change: UserChange): boolean {
  return Object.values({ ...change, logoutDevices: undefined }).every((value) => value === undefined);
}

function sayWhetherNew(ctx: Context, userId: string, account: User | undefined): void {
  if (account === undefined) ctx.note(`${userId} does not exist: it will be created`);
  else if (!ctx.globals.batch) ctx.note(`${userId} exists: it will be changed`);
}

async function passwordOf(ctx: Context, user: string, options: ModifyOptions): Promise<string | undefined> {
  const { password, passwordStdin, passwordPrompt } = options;
  if (password === undefined && passwordStdin !== true && passwordPrompt !== true) return undefined;
  return newPassword(ctx, user, { text: password, stdin: passwordStdin }, "--password-stdin or --password");
}

async function accountOrNone(ctx: Context, userId: string): Promise<User | undefined> {
  const { users } = await ctx.admin();
  try {
    return await users.get(userId);
  } catch (error) {
    if (error instanceof HttpError && error.status === 404 && error.errcode === "M_NOT_FOUND") return undefined;
    throw error;
  }
}

const previewView: View<{ account: User | undefined; change: Record<string, unknown> }> = {
  ...accountTimes,
  human: ({ account, change }) => ({
    blocks: [
      ...(account === undefined ? [] : [{ heading: "as it is", data: account, columns: accountColumns }]),
      { heading: "to be set", data: change },
    ],
  }),
};
