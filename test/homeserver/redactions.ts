import type { Call } from "./call.js";
import { type MatrixError, badRequest, notFound } from "./errors.js";
import { parseUserId } from "./ids.js";
import { type JsonObject, isString } from "./json.js";
import type { Room, RoomEvent } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import type { World } from "./world.js";

export const redactionRoutes: Route[] = [
  adminRoute("GET", "/v1/user/redact_status/{redact_id}", redactStatus),
  adminRoute("POST", "/v1/user/{user_id}/redact", startRedact),
];

const ACTION = "redact_all_events";

interface Wanted {
  userId: string;
  rooms: string[];
  sender: string;
  reason: string | undefined;
  limit: number;
  beforeTs: number;
  afterTs: number;
}

function startRedact(call: Call): object {
  const { world, caller } = call;
  const userId = call.param("user_id");
  parseUserId(userId);
  const body = call.object();
  const rooms = body["rooms"];
  if (rooms === undefined) throw invalid("rooms", "Field required [type=missing]", "M_MISSING_PARAM");
  if (!Array.isArray(rooms)) throw invalid("rooms", "Input should be a valid list [type=list_type]");
  if (!rooms.every(isString)) throw invalid("rooms.0", "Input should be a valid string [type=string_type]");
  const reason = typed(body, "reason", isString, "string");
  const useAdmin = typed(body, "use_admin", (value) => typeof value === "boolean", "bool") ?? false;
  const integer = (name: string): number | undefined => typed(body, name, isInteger, "int");
  const limit = integer("limit") ?? 0;
  if (limit < 0) throw badRequest("If limit is provided it must be a non-negative integer greater than 0.");
  if (world.jobs.of(ACTION, userId, "active").length > 0) {
    throw badRequest(`Redact already in progress for user ${userId}`);
  }
  const wanted: Wanted = {
    userId,
    rooms: rooms.length > 0 ? rooms : ownRooms(world, userId),
    sender: useAdmin || !world.isMine(userId) ? caller.userId : userId,
    reason,
    limit: limit === 0 ? 1000 : limit,
    beforeTs: integer("before_ts") ?? Number.POSITIVE_INFINITY,
    afterTs: integer("after_ts") ?? 0,
  };
  const job = world.jobs.start(ACTION, userId, { finish: () => redactAll(world, wanted) });
  return { redact_id: job.id };
}

/** Where the user is joined or banned; rooms they have left must be named. */
function ownRooms(world: World, userId: string): string[] {
  return [...world.rooms.values()]
    .filter((room) => ["join", "ban"].includes(room.membership(userId) ?? ""))
    .map((room) => room.roomId);
}

function redactAll(world: World, wanted: Wanted): JsonObject {
  const failed: JsonObject = {};
  for (const roomId of wanted.rooms) {
    const room = world.rooms.get(roomId);
    if (room === undefined) throw new Error(`404: Could not find room_version for ${roomId}`);
    for (const event of eventsOf(room, wanted)) {
      if (mayRedact(world, room, wanted.sender, event)) redact(world, room, event, wanted);
      else failed[event.eventId] = "403: You don't have permission to redact events";
    }
  }
  return { failed_redactions: failed };
}

/** Messages and joins, the newest first. */
function eventsOf(room: Room, { userId, limit, beforeTs, afterTs }: Wanted): RoomEvent[] {
  return room.timeline
    .filter(
      (event) =>
        event.sender === userId && ["m.room.message", "m.room.encrypted", "m.room.member"].includes(event.type),
    )
    .filter((event) => event.originServerTs <= beforeTs && event.originServerTs >= afterTs)
    .reverse()
    .slice(0, limit)
    .filter((event) => event.type !== "m.room.member" || event.content["membership"] === "join")
    .filter((event) => event.redactedBecause === undefined);
}

function mayRedact(world: World, room: Room, sender: string, event: RoomEvent): boolean {
  // Anybody may take back their own words, even after leaving.
  if (sender === event.sender) return world.isMine(sender);
  return room.membership(sender) === "join" && room.powerLevel(sender) >= room.neededLevel("redact", 50);
}

function redact(world: World, room: Room, event: RoomEvent, { sender, reason }: Wanted): void {
  const content = { redacts: event.eventId, ...(reason ? { reason } : {}) };
  event.redactedBecause = world.send(room, { type: "m.room.redaction", sender, content });
  event.content = event.type === "m.room.member" ? { membership: event.content["membership"] } : {};
}

function redactStatus(call: Call): object {
  const redactId = call.param("redact_id");
  const job = call.world.jobs.get(ACTION, redactId);
  if (job === undefined) throw notFound(`redact id '${redactId}' not found`);
  const { status, error, result } = job;
  if (status === "failed")
    return { status, error: error ?? "Unknown error, please check the logs for more information." };
  return status === "complete" ? { status, ...result } : { status };
}

/** Pydantic has a long and a short name for them. */
const TYPE_NAMES: Readonly<Record<string, string>> = { bool: "boolean", int: "integer" };

function isInteger(value: unknown): value is number {
  return Number.isInteger(value);
}

/** An optional field of a body that Synapse checks strictly. */
function typed<T>(body: JsonObject, name: string, is: (value: unknown) => value is T, type: string): T | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (!is(value)) throw invalid(name, `Input should be a valid ${TYPE_NAMES[type] ?? type} [type=${type}_type]`);
  return value;
}

function invalid(name: string, words: string, errcode = "M_BAD_JSON"): MatrixError {
  return badRequest(`1 validation error for PostBody\n${name}\n  ${words}`, errcode);
}
