import type { Room, RoomMembers, SynapseAdmin } from "../../api/index.js";
import { ApiError, HttpError, NetworkError } from "../../api/errors.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { counted, firstOf } from "../counted.js";
import { reason } from "../errors.js";
import { shellWord } from "../shell.js";
import type { View } from "../../output/index.js";
import { roomIdHelp } from "../options.js";
import {
  deleteRoom,
  failIfKept,
  forcePurge,
  noPurge,
  statusHint,
  v1,
  type Deleted,
  type HowToDelete,
} from "./deletion.js";

interface DeleteOptions extends HowToDelete {
  newRoomUserId?: string;
  roomName?: string;
  message?: string;
  block?: boolean;
}

export function register(room: Command, ctx: Context): void {
  room
    .command("delete")
    .summary("Take the local members out of a room and erase it.")
    .description(
      "Take all local members out of a room and erase it from this server's database, its history with it; other servers keep theirs. Shows the room and asks first. " +
        "Works on rooms that the server knows: to keep one out that it does not know, use room block.",
    )
    .argument("<room-id>", roomIdHelp)
    .option(
      "-u, --new-room-user-id <user-id>",
      "make a new room and move the local members there; this local user, who need not have an account, creates it and is its only one who may speak",
    )
    .option("-n, --room-name <text>", "name of the new room; otherwise the server's, about a violation of its rules")
    .option("-m, --message <text>", "first message in the new room; otherwise the server's, about illegal content")
    .option("-b, --block", "keep the users of this server from joining the room again")
    .addOption(noPurge())
    .addOption(forcePurge())
    .addOption(v1())
    .action(async (idOrAlias: string, { v1: useV1, newRoomUserId, ...options }: DeleteOptions) => {
      const admin = await ctx.admin();
      const user = newRoomUserId === undefined ? undefined : await ctx.userId(newRoomUserId);
      const id = await ctx.roomId(idOrAlias);
      const found = await lookUp(ctx, admin, id);
      await ctx.preview(found, previewView);
      if (user === undefined && (options.roomName ?? options.message) !== undefined) {
        ctx.note("--room-name and --message do nothing without --new-room-user-id: there will be no new room");
      }
      await ctx.confirm(question(id, found.room, user, options));
      const deleted = await deleteRoom(admin, id, useV1, { ...options, newRoomUserId: user });
      await ctx.print(deleted, deletedView);
      failIfKept(id, deleted);
    })
    .examples(
      "synadm room delete '!abc:example.org'",
      `synadm room delete '#spam:example.org' --block -u notices -n "Moved" -m "The old room broke our rules."`,
    );
}

interface Found {
  room: Room;
  members: RoomMembers | undefined;
}

async function lookUp(ctx: Context, { rooms }: SynapseAdmin, id: string): Promise<Found> {
  const room = await rooms.get(id).catch((error: unknown) => {
    if (error instanceof HttpError && error.errcode === "M_NOT_FOUND") {
      ctx.note(`to keep users from joining a room that the server does not know: synadm room block ${shellWord(id)}`);
    }
    throw error;
  });
  if (isAnother(room, id)) throw new NetworkError(`get ${id}`, "the answer is about something else", "UNEXPECTED");
  const members = await rooms.members(id).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    ctx.warning(reason(error));
    return undefined;
  });
  return { room, members };
}

/** A cache in between may mix them up; the person would be shown the wrong one. */
function isAnother({ room_id }: Partial<Room>, id: string): boolean {
  return room_id !== undefined && room_id !== id;
}

function question(id: string, room: Room, newRoomUserId: string | undefined, { purge, block }: DeleteOptions): string {
  const { name, joined_local_members: local } = room;
  const members = typeof local === "number" ? counted(local, "local member") : "the local members";
  const steps = [
    `Take ${members} out of ${id}${typeof name === "string" ? ` (${name})` : ""}`,
    ...(newRoomUserId === undefined ? [] : [`move them to a new room of ${newRoomUserId}`]),
    ...(block === true ? ["block it"] : []),
  ];
  return `${steps.join(", ")} and ${purge ? "erase it" : "keep its history"}?`;
}

const shownMembers = 20;

const previewView: View<Found> = {
  human: ({ room, members }) => ({
    blocks: [
      { data: room, columns: previewColumns },
      ...(members === undefined
        ? []
        : [
            {
              heading: `Members, of this server and of others: ${members.total}`,
              data: firstOf(members.members, shownMembers),
              empty: "nobody",
            },
          ]),
    ],
  }),
};

const previewColumns = [
  "room_id",
  "name",
  "canonical_alias",
  "topic",
  "creator",
  "version",
  "room_type",
  "public",
  "encryption",
  "joined_members",
  "joined_local_members",
  "state_events",
];

const deletedView: View<Deleted> = {
  human: (data) => ({ blocks: [{ data }], notes: "delete_id" in data ? [statusHint] : [] }),
};
