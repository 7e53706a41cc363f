import type { RoomDeletionStatus } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { JobFailed } from "../errors.js";
import { countTyped } from "../options.js";
import { shellWord } from "../shell.js";
import { failIfKept } from "./deletion.js";
import type { View } from "../../output/index.js";

interface StatusOptions {
  roomId?: string;
  deleteId?: string;
}

export function register(room: Command, ctx: Context): void {
  room
    .command("delete-status")
    .summary("Tell how far a deletion is.")
    .description(
      "Tell how far the deletion of a room is: scheduled, active, complete or failed. The server remembers that for a week. Exit code 1 if the deletion failed, 4 if somebody could not be made to leave; with --room-id, the last one counts.",
    )
    .option("-r, --room-id <room-id>", "every deletion of this room, without those that wait for others to end")
    .option("-d, --delete-id <id>", "one deletion, as room delete told it")
    .action(async (options: StatusOptions) => {
      countTyped(options, { roomId: "--room-id", deleteId: "--delete-id" }, { min: 1, max: 1 });
      const { roomDeletion } = await ctx.admin();
      if (options.deleteId !== undefined) {
        const status = await roomDeletion.status(options.deleteId);
        await ctx.print(status, statusView);
        failUnlessWhole(status, options.deleteId);
      } else if (options.roomId !== undefined) {
        const roomId = await ctx.roomId(options.roomId);
        const reply = await roomDeletion.statusByRoom(roomId);
        await ctx.print(reply, statusesView);
        failUnlessWhole(reply.results.at(-1), roomId); // they come in the order of their last change
      }
    })
    .examples("synadm room delete-status -d AbCdEfGhIjKlMnOp", "synadm room delete-status -r '!abc:example.org'");
}

/** As the server says, or else as it was asked. */
function roomOf({ room_id }: RoomDeletionStatus, asked: string): string | undefined {
  return [room_id, asked].find((id) => typeof id === "string" && id.startsWith("!"));
}

/** Where it failed, the server does not tell here why. */
function failUnlessWhole(deletion: RoomDeletionStatus | undefined, asked: string): void {
  if (deletion === undefined) return;
  const roomId = roomOf(deletion, asked);
  if (deletion.status === "complete") failIfKept(roomId ?? "the room", deletion.shutdown_room);
  if (deletion.status !== "failed") return;
  const query = new URLSearchParams({ ...(roomId === undefined ? {} : { resource_id: roomId }), status: "failed" });
  const why = shellWord(`v1/scheduled_tasks?${query.toString()}`);
  throw new JobFailed(`the deletion of ${roomId ?? asked} failed; why: synadm raw ${why}`);
}

const statusView: View<RoomDeletionStatus> = {
  human: ({ shutdown_room, ...status }) => ({ blocks: [{ data: { ...status, ...shutdown_room } }] }),
};

const statusesView: View<{ results: RoomDeletionStatus[] }> = {
  human: ({ results }) => ({
    blocks: [
      {
        data: results.map(({ shutdown_room, ...status }) => ({
          ...status,
          kicked: shutdown_room?.kicked_users.length,
          not_kicked: shutdown_room?.failed_to_kick_users.length,
          new_room_id: shutdown_room?.new_room_id,
        })),
        columns: ["delete_id", "status", "kicked", "not_kicked", "new_room_id"],
        empty: "no deletions",
      },
    ],
  }),
};
