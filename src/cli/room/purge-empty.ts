import type { RoomSummary } from "../../api/index.js";
import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { counted } from "../counted.js";
import { eachInTurn, printOutcomes, type Outcome } from "../items.js";
import { integer } from "../options.js";
import { warnOfShortList } from "../pages.js";
import type { Human, View } from "../../output/index.js";
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

interface PurgeEmptyOptions extends HowToDelete {
  dryRun?: boolean;
  batchSize: number;
}

export function register(room: Command, ctx: Context): void {
  room
    .command("purge-empty")
    .summary("Erase the rooms that no local user is in.")
    .description(
      "Erase the rooms that no user of this server is in; users of other servers may be. Shows them all and asks once, then deletes one after the other. " +
        "Who is in a room comes from the server's statistics: where those are switched off or lag behind, look at --dry-run first.",
    )
    .addOption(noPurge())
    .addOption(forcePurge().conflicts("purge"))
    .addOption(v1())
    .option("--dry-run", "only list the rooms")
    .addOption(
      new Option("-p, --batch-size <number>", "how many rooms to ask for at a time; all empty ones are found anyway", {
        also: ["--paginate"],
      })
        .argParser(integer(1))
        .default(100),
    )
    .action(async ({ v1: useV1, dryRun, batchSize, ...options }: PurgeEmptyOptions) => {
      const admin = await ctx.admin();
      const rooms = await withoutLocalMembers(ctx, batchSize);
      if (dryRun === true) {
        await ctx.print(
          rooms.map(({ room_id }) => room_id),
          { human: () => withoutPeople(rooms) },
        );
        return;
      }
      if (rooms.length > 0) {
        await ctx.preview(rooms, roomsView);
        await ctx.confirm(`${options.purge ? "Erase" : "Shut down"} ${counted(rooms.length, "room")}?`);
      }
      const outcomes = await eachInTurn(
        ctx,
        rooms.map(({ room_id }) => room_id),
        async (roomId) => {
          const deleted = await deleteRoom(admin, roomId, useV1, options);
          failIfKept(roomId, deleted);
          return deleted;
        },
        useV1 === true ? "done" : "started",
      );
      if (outcomes.outcomes.some(({ outcome }) => outcome === "started")) ctx.note(statusHint);
      await printOutcomes(ctx, outcomes, outcomesView);
    })
    .examples("synadm room purge-empty --dry-run", "synadm --batch -o json room purge-empty | jq -r '.[].outcome'");
}

/** All of them, before anything is deleted: the pages would shift. Should they shift anyway, a room may come twice. */
async function withoutLocalMembers(ctx: Context, limit: number): Promise<RoomSummary[]> {
  const { rooms } = await ctx.admin();
  const onShort = () => warnOfShortList(ctx);
  const found = new Map<string, RoomSummary>();
  // Counts start with the largest, so backwards is with the smallest.
  for await (const room of rooms.all({ limit, orderBy: "joined_local_members", dir: "b", onShort })) {
    if (room.joined_local_members > 0) break;
    // No room is erased on the strength of a number that is not there.
    if (room.joined_local_members === 0) found.set(room.room_id, room);
  }
  return [...found.values()];
}

const roomsView: View<RoomSummary[]> = { human: withoutPeople };

function withoutPeople(rooms: readonly RoomSummary[]): Human {
  return {
    blocks: [
      {
        data: rooms.map((room) => ({ ...room, name: room.name ?? room.canonical_alias, users: room.joined_members })),
        columns: ["room_id", "name", "users"],
        empty: "no rooms",
      },
    ],
    notes: [`${counted(rooms.length, "room")} without local members`],
  };
}

const outcomesView: View<Outcome<Deleted>[]> = {
  human: (outcomes) => {
    const rows = outcomes.map((item) => ({
      room_id: item.target,
      outcome: item.outcome,
      delete_id: "result" in item && "delete_id" in item.result ? item.result.delete_id : undefined,
    }));
    const started = rows.some(({ outcome }) => outcome === "started");
    return {
      blocks: [
        {
          data: rows,
          columns: ["room_id", "outcome", ...(started ? ["delete_id"] : [])],
          empty: "no rooms without local members",
        },
      ],
    };
  },
};
