import type { Rooms, RoomState, StateEvent } from "../../api/index.js";

/** What the users of a room may do there. */
export interface Power {
  /** User to level, as the room says it; `null` where the server did not tell. */
  power_levels: Readonly<Record<string, unknown>> | null;
  /** Who stands above all levels, in room versions that have that. */
  creators?: string[];
}

/** Reads what power users have in a room, and whether an event says so. */
export async function readPower(rooms: Rooms, roomId: string): Promise<{ power: Power; isSaid: boolean }> {
  const [levels, creators] = await Promise.all([
    stateEvent(rooms, roomId, "m.room.power_levels"),
    hasCreatorsAboveAll(roomId) ? readCreators(rooms, roomId) : undefined,
  ]);
  const users = levels?.content["users"];
  const power = { power_levels: isRecord(users) ? users : {}, ...(creators === undefined ? {} : { creators }) };
  return { power, isSaid: levels !== undefined };
}

async function stateEvent(rooms: Rooms, roomId: string, type: string): Promise<StateEvent | undefined> {
  const { state }: RoomState = await rooms.state(roomId, { type });
  // Servers before 1.123 send everything.
  return state.find((event) => event.type === type && event.state_key === "");
}

/** Version 12 brought that, and room IDs without a server part. */
function hasCreatorsAboveAll(roomId: string): boolean {
  return !roomId.includes(":");
}

async function readCreators(rooms: Rooms, roomId: string): Promise<string[]> {
  const create = await stateEvent(rooms, roomId, "m.room.create");
  if (create === undefined) return [];
  const more = create.content["additional_creators"];
  const names = Array.isArray(more) ? more.filter((name): name is string => typeof name === "string") : [];
  return [...new Set([create.sender, ...names])];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
