import type { UserList, UserQuery } from "../../api/index.js";
import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { collect, countTyped, direction, eitherOr, paging, type Paging } from "../options.js";
import { collectPages, pageNotes } from "../pages.js";
import type { View } from "../../output/index.js";
import { usersBlock, userTimes } from "./users-view.js";

interface ListOptions extends Paging {
  guests?: boolean;
  deactivated?: boolean;
  admins?: boolean;
  sortBy?: string;
  reverse?: boolean;
  excludeUserType?: string[];
  locked?: boolean;
  name?: string;
  userId?: string;
}

export function register(user: Command, ctx: Context): void {
  user
    .command("list")
    .summary("List the local accounts.")
    .description(
      "List the local accounts, a page at a time. Deactivated and locked ones are left out unless asked for.",
    )
    .addOptions(paging())
    .addOptions(
      eitherOr(
        "guests",
        ["-g, --guests", "with guests (default where the server can list them)"],
        ["-G, --no-guests", "without guests"],
      ),
    )
    .option("-d, --deactivated", "add deactivated accounts")
    .addOptions(eitherOr("admins", ["-a, --admins", "only server admins"], ["-A, --non-admins", "no server admins"]))
    .option(
      "--sort-by <column>",
      "name, displayname, is_guest, admin, deactivated, user_type, avatar_url, shadow_banned, creation_ts, last_seen_ts or locked; on a large server all but name and creation_ts are slow",
    )
    .option("--reverse", "sort backwards")
    .addOption(
      new Option(
        "--exclude-user-type <type>",
        "leave out accounts of this type, such as bot or support; '' leaves out those without a type; may be repeated",
      ).argParser(collect),
    )
    .option("-L, --locked", "add locked accounts")
    .option("-n, --name <text>", "only those with this in their localpart or display name, whatever its case")
    .option("-i, --user-id <text>", "only those with this in their full Matrix ID; it is not completed")
    .action(async (options: ListOptions) => {
      countTyped(options, { name: "--name", userId: "--user-id" }, { min: 0, max: 1 });
      await printUsers(ctx, options, {
        guests: options.guests,
        deactivated: options.deactivated,
        locked: options.locked,
        admins: options.admins,
        orderBy: options.sortBy,
        dir: direction(options.reverse),
        notUserType: options.excludeUserType,
        name: options.name,
        userId: options.userId,
      });
    })
    .examples(
      "synadm user list --limit 20 --sort-by creation_ts --reverse",
      "synadm -o json user list --all --no-guests | jq -r '.users[].name'",
    );

  user
    .command("search")
    .summary("Find accounts by a part of their localpart or display name.")
    .description(
      "Find accounts, deactivated ones too, by a part of their localpart or display name, whatever its case. % and _ stand for any characters and any one.",
    )
    .argument("<search-term>", "such as 'ali'")
    .addOptions(paging())
    .option("-L, --locked", "add locked accounts")
    .action(async (term: string, options: Paging & { locked?: boolean }) => {
      await printUsers(ctx, options, { name: term.toLowerCase(), deactivated: true, locked: options.locked });
    })
    .examples("synadm user search ali");
}

async function printUsers(ctx: Context, options: Paging, query: UserQuery): Promise<void> {
  const { users } = await ctx.admin();
  const list = await collectPages(ctx, options, {
    purpose: "list users",
    fetch: (page) => users.list({ ...query, ...page }),
    rows: "users",
    id: "name",
    total: "total",
    next: "next_token",
  });
  await ctx.print(list, usersView(options));
}

function usersView(page: Paging): View<UserList> {
  return {
    times: userTimes,
    human: ({ users, total, next_token }) => ({
      blocks: [usersBlock(users)],
      notes: pageNotes(page, { shown: users.length, total, next: next_token }),
    }),
  };
}
