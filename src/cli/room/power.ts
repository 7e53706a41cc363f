import type { Rooms, StateEvent } from "../../api/index.js";
import { isRecord } from "../../output/data.js";

/** User to level, as a room says it; `undefined` where nothing is said. */
export async function readPowerLevels(
  rooms: Rooms,
  roomId: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const event = await stateEvent(rooms, roomId, "m.room.power_levels");
  if (event === undefined) return undefined;
  // Version 12 need not have users there, and what is in events comes from strangers.
  const users = event.content["users"];
  return isRecord(users) ? users : {};
}

/** Whether creators stand above all levels. Version 12 brought that, and room IDs without a server part. */
export function hasCreatorsAboveAll(roomId: string): boolean {
  return !roomId.includes(":");
}

/** Whom the creator of a room made creators beside. */
export async function readAdditionalCreators(rooms: Rooms, roomId: string): Promise<string[]> {
  const named = (await stateEvent(rooms, roomId, "m.room.create"))?.content["additional_creators"];
  return Array.isArray(named) ? named.filter((name): name is string => typeof name === "string") : [];
}

async function stateEvent(rooms: Rooms, roomId: string, type: string): Promise<StateEvent | undefined> {
  const { state } = await rooms.state(roomId, { type });
  // Servers before 1.123 send everything.
  return state.find((event) => event.type === type && event.state_key === "");
}
