import { HttpError, NetworkError } from "../../api/errors.js";
import type { Deactivation, User } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { firstOf } from "../counted.js";
import { reason } from "../errors.js";
import type { View } from "../../output/index.js";
import { userIdHelp } from "../options.js";
import { accountColumns, accountTimes } from "./account.js";
import { namesOfRooms } from "./membership.js";

export const whatDeactivationDoes =
  "all sessions end, password, contact addresses and key backups are deleted, invitations are declined and all rooms are " +
  "left (in the background). Messages and uploaded media stay, and so does the name, which nobody can register again. " +
  "`user modify --activate` lets the user in again, but brings nothing of that back.";

export const gdprErase: [string, string] = [
  "-e, --gdpr-erase",
  "also remove display name and avatar, and show the user's messages only to those who could see them before; others who join later get them redacted",
];

export function register(user: Command, ctx: Context): void {
  user
    .command("deactivate")
    .summary("Deactivate an account, and erase it if asked to.")
    .description(
      `Deactivate an account: ${whatDeactivationDoes} An account that is deactivated already can be erased later.`,
    )
    .argument("<user-id>", userIdHelp)
    .option(...gdprErase)
    .action(async (text: string, { gdprErase: erase = false }: { gdprErase?: boolean }) => {
      const userId = await ctx.userId(text);
      const { users } = await ctx.admin();
      const account = await users.get(userId);
      await ctx.preview({ account, rooms: await roomsOf(ctx, userId) }, previewView);
      const what = `${account.deactivated ? "once more " : ""}${account.admin ? "the server admin " : ""}${userId}`;
      await ctx.confirm(erase ? `Deactivate and erase ${what}?` : `Deactivate ${what}?`);
      await ctx.print(await users.deactivate(userId, { erase }), resultView(userId));
    })
    .examples("synadm user deactivate alice", "synadm --batch user deactivate --gdpr-erase @alice:example.org");
}

interface Rooms {
  names: string[];
  total: number;
}

const roomsShown = 20;

/** For a person to see; the account can be deactivated without. */
async function roomsOf(ctx: Context, userId: string): Promise<Rooms | undefined> {
  const { users } = await ctx.admin();
  try {
    const { joined_rooms, total } = await users.joinedRooms(userId);
    return { names: await namesOfRooms(ctx, joined_rooms.slice(0, roomsShown)), total };
  } catch (error) {
    if (!(error instanceof HttpError || error instanceof NetworkError)) throw error;
    ctx.warning(reason(error));
    return undefined;
  }
}

const previewView: View<{ account: User; rooms: Rooms | undefined }> = {
  ...accountTimes,
  human: ({ account, rooms }) => ({
    blocks: [
      { data: account, columns: accountColumns },
      ...(rooms === undefined
        ? []
        : [{ heading: "joined rooms", data: firstOf(rooms.names, roomsShown, rooms.total), empty: "none" }]),
    ],
  }),
};

function resultView(userId: string): View<Deactivation> {
  return {
    human: (data) => ({
      blocks: [{ data }],
      notes: [`${userId} is deactivated`, ...(data.id_server_unbind_result === "no-support" ? [notUnbound] : [])],
    }),
  };
}

const notUnbound = "an identity server may still know the contact addresses: it does not support taking them back";
