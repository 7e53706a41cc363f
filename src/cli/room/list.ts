import type { RoomList, RoomQuery, RoomSummary } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { eitherOr, paging, type Paging } from "../options.js";
import { pageNotes } from "../pages.js";
import type { View } from "../../output/index.js";
import { collectRooms } from "./pages.js";
import { roomQuery, searchHelp, sorting, type Sorting } from "./room-options.js";

interface ListOptions extends Paging, Sorting {
  name?: string;
  empty?: boolean;
}

export function register(room: Command, ctx: Context): void {
  room
    .command("list")
    .summary("List the rooms that the server knows.")
    .description(
      "List the rooms that the server knows, a page at a time. The numbers of members come from the server's statistics, which lag a little behind.",
    )
    .addOptions(paging())
    .option("-n, --name <text>", `only rooms with this: ${searchHelp}`)
    .addOptions(sorting())
    .addOptions(
      eitherOr(
        "empty",
        ["-e, --empty", "only rooms that nobody is in, of any server"],
        ["-E, --not-empty", "only rooms that somebody is in"],
      ),
    )
    .action(async (options: ListOptions) => {
      await printRooms(ctx, options, { ...roomQuery(options), emptyRooms: options.empty });
    })
    .examples(
      "synadm room list --sort joined_members --limit 20",
      "synadm -o json room list --all --empty | jq -r '.rooms[].room_id'",
    );

  room
    .command("search")
    .summary("Find rooms by a part of their name or alias.")
    .description("Find rooms. The same as: room list --name SEARCH_TERM")
    .argument("<search-term>", searchHelp)
    .addOptions(paging())
    .addOptions(sorting())
    .action(async (name: string, options: Paging & Sorting) => {
      await printRooms(ctx, options, roomQuery({ ...options, name }));
    })
    .examples("synadm room search lobby", "synadm room search '!abc:example.org'");
}

async function printRooms(ctx: Context, options: Paging & Sorting, query: RoomQuery): Promise<void> {
  const list = await collectRooms(ctx, options, query);
  await ctx.print(filtered(ctx, list, query), roomsView(options));
}

/** Synapse looks at `empty_rooms` only for a room found by its ID, once there is a search term. */
function filtered(ctx: Context, list: RoomList, { searchTerm, emptyRooms }: RoomQuery): RoomList {
  if (searchTerm === undefined || emptyRooms === undefined) return list;
  const rooms = list.rooms.filter(({ joined_members }) => (joined_members === 0) === emptyRooms);
  const dropped = list.rooms.length - rooms.length;
  if (dropped === 0) return list;
  const what = emptyRooms ? "with members" : "without members";
  ctx.note(`left out ${dropped} ${what}: the server does not heed that together with a name, and counts them in`);
  return { ...list, rooms };
}

function roomsView(options: Paging & Sorting): View<RoomList> {
  const columns = ["room_id", "name", "users", "local"];
  if (options.sort !== undefined && !shown.has(options.sort)) columns.push(options.sort);
  return {
    human: ({ rooms, total_rooms, next_batch }) => ({
      blocks: [{ data: rooms.map(row), columns, empty: "no rooms" }],
      notes: pageNotes(options, { shown: rooms.length, total: total_rooms, next: next_batch }),
    }),
  };
}

/** Columns to sort by that are in the table anyway, under a title that leaves room for the long IDs of version 12. */
const shown: ReadonlySet<string> = new Set(["name", "joined_members", "joined_local_members"]);

function row(room: RoomSummary) {
  const { name, canonical_alias, joined_members, joined_local_members } = room;
  return { ...room, name: name ?? canonical_alias, users: joined_members, local: joined_local_members };
}
