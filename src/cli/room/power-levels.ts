import type { Room, RoomList, Rooms, RoomSummary } from "../../api/index.js";
import { ApiError, HttpError, InvalidValueError } from "../../api/errors.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { counted } from "../counted.js";
import { exitCodes, PartialFailure, reason, report } from "../errors.js";
import { countTyped, paging, roomIdHelp, type Paging } from "../options.js";
import { pageNotes } from "../pages.js";
import { fewAtATime } from "../parallel.js";
import type { View } from "../../output/index.js";
import { collectRooms } from "./pages.js";
import { hasCreatorsAboveAll, readAdditionalCreators, readPowerLevels } from "./power.js";
import { roomQuery, searchHelp, sorting, type Sorting } from "./room-options.js";

interface PowerLevelsOptions extends Paging, Sorting {
  roomId?: string;
  allDetails?: boolean;
  name?: string;
}

type RoomWithPower = Pick<RoomSummary, "room_id" | "name" | "canonical_alias"> &
  Partial<AnyRoom> & {
    /** User to level; `null` where the server refused to tell. */
    power_levels: Readonly<Record<string, unknown>> | null;
    /** Only with all details, and where there are some. */
    additional_creators?: string[];
  };

/** From the list, or asked for by itself. */
type AnyRoom = RoomSummary | Room;

interface AnyRooms extends Omit<RoomList, "rooms"> {
  rooms: readonly AnyRoom[];
}

interface PowerList extends Omit<RoomList, "rooms"> {
  rooms: RoomWithPower[];
  rooms_w_power_levels_curr_batch: number;
}

export function register(room: Command, ctx: Context): void {
  room
    .command("power-levels")
    .summary("List rooms with the power levels of their users.")
    .description(
      "List rooms with the power levels that users were given there, a page at a time. Takes a request for each room. " +
        "From room version 12 on the creators of a room have no level, they stand above all; --all-details also names those whom the first one added.",
    )
    .option("-i, --room-id <room-id>", `only this room: ${roomIdHelp}`)
    .option(
      "-a, --all-details",
      "all that room list tells of a room, not only its ID, name, alias and type; one more request for rooms of version 12",
    )
    .addOptions(paging(10))
    .option("-n, --name <text>", `only rooms with this: ${searchHelp}`)
    .addOptions(sorting())
    .action(async (options: PowerLevelsOptions) => {
      countTyped(options, { roomId: "--room-id", name: "--name" }, { min: 0, max: 1 });
      const list = await listRooms(ctx, options);
      const creators = new Map(list.rooms.map(({ room_id, creator }) => [room_id, creator]));
      const { result, refused } = await withPower(ctx, list, options);
      await ctx.print(result, powerView(options, creators));
      if (refused === 0) return;
      const message = `the levels of ${refused} of ${counted(list.rooms.length, "room")} are unknown`;
      throw new PartialFailure(message, refused < list.rooms.length ? exitCodes.partly : exitCodes.refused);
    })
    .examples(
      "synadm -o human room power-levels -i '#lobby:example.org'",
      "synadm room power-levels --all --name spam",
    );
}

async function listRooms(ctx: Context, options: PowerLevelsOptions): Promise<AnyRooms> {
  if (options.roomId !== undefined) return listOne(ctx, options.roomId, options);
  return collectRooms(ctx, options, roomQuery(options));
}

/**
 * The search finds rooms with the ID in their name, too, and strangers can give that name to as many as fill the page. So
 * the room that is not found is asked for.
 *
 * @throws HttpError 404 if the server does not know it
 */
async function listOne(ctx: Context, named: string, { limit, ...order }: Paging & Sorting): Promise<AnyRooms> {
  const query = roomQuery({ ...order, name: named });
  const roomId = await ctx.roomId(named);
  const { rooms } = await ctx.admin();
  const found = await rooms.list({ ...query, searchTerm: roomId, from: 0, limit });
  const room = found.rooms.find(({ room_id }) => room_id === roomId) ?? (await rooms.get(roomId));
  return { rooms: [room], offset: 0, total_rooms: 1 };
}

/**
 * A room that the server refuses to tell of is left without levels, and named on stderr.
 *
 * @throws HttpError when all are refused
 */
async function withPower(
  ctx: Context,
  list: AnyRooms,
  { allDetails }: PowerLevelsOptions,
): Promise<{ result: PowerList; refused: number }> {
  const { rooms } = await ctx.admin();
  const refused: (HttpError | InvalidValueError)[] = [];
  let said = 0;
  const withLevels = await fewAtATime(list.rooms, async (room): Promise<RoomWithPower> => {
    const shown = allDetails === true ? await withAdditionalCreators(ctx, rooms, room) : shortened(room);
    try {
      const levels = await readPowerLevels(rooms, room.room_id);
      if (levels !== undefined) said++;
      return { ...shown, power_levels: levels ?? {} };
    } catch (error) {
      if (!(error instanceof HttpError || error instanceof InvalidValueError)) throw error;
      refused.push(error);
      return { ...shown, power_levels: null };
    }
  });
  const refusal = refused.find((error) => error instanceof HttpError);
  if (refusal !== undefined && refused.length === list.rooms.length) throw refusal;
  for (const error of refused) ctx.complain(report(error, false));
  return { result: { ...list, rooms: withLevels, rooms_w_power_levels_curr_batch: said }, refused: refused.length };
}

function shortened({ room_id, name, canonical_alias, room_type = null }: AnyRoom) {
  return { room_id, name, canonical_alias, room_type };
}

async function withAdditionalCreators(ctx: Context, rooms: Rooms, room: AnyRoom) {
  if (!hasCreatorsAboveAll(room.room_id)) return room;
  try {
    const creators = await readAdditionalCreators(rooms, room.room_id);
    return creators.length === 0 ? room : { ...room, additional_creators: creators };
  } catch (error) {
    if (!(error instanceof ApiError || error instanceof InvalidValueError)) throw error;
    ctx.warning(reason(error));
    return room;
  }
}

function powerView(options: PowerLevelsOptions, creators: ReadonlyMap<string, string | null>): View<PowerList> {
  return {
    human: ({ rooms, total_rooms, next_batch }) => ({
      blocks:
        rooms.length === 0
          ? [{ data: [], empty: "no rooms" }]
          : rooms.map((room) => {
              const levels = rows(room, creators.get(room.room_id) ?? undefined);
              return options.allDetails === true
                ? { data: { ...room, power_levels: levels } }
                : { heading: title(room), data: levels, empty: room.power_levels ? "no levels" : "unknown" };
            }),
      notes: pageNotes(options, { shown: rooms.length, total: total_rooms, next: next_batch }),
    }),
  };
}

function title({ room_id, name, canonical_alias }: RoomWithPower): string {
  const named = [name, canonical_alias].find((text) => typeof text === "string" && text !== "");
  return [room_id, ...(named === undefined ? [] : [named])].join("  ");
}

/** Who has the most power comes first. */
function rows({ room_id, power_levels, additional_creators = [] }: RoomWithPower, creator: string | undefined) {
  const above = hasCreatorsAboveAll(room_id) && creator !== undefined ? [creator, ...additional_creators] : [];
  const levels = Object.entries(power_levels ?? {}).sort(([, a], [, b]) => Number(b) - Number(a));
  return [...above.map((user) => ({ level: "creator", user })), ...levels.map(([user, level]) => ({ level, user }))];
}
