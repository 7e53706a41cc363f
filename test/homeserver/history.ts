import type { Call } from "./call.js";
import { badRequest, notFound } from "./errors.js";
import type { Room, RoomEvent } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import type { World } from "./world.js";

export const historyRoutes: Route[] = [
  adminRoute("POST", "/v1/purge_history/{room_id}", startPurge),
  adminRoute("POST", "/v1/purge_history/{room_id}/{event_id}", startPurge),
  adminRoute("GET", "/v1/purge_history_status/{purge_id}", purgeStatus),
];

const ACTION = "purge_history";

function startPurge(call: Call): object {
  const { world } = call;
  const body = call.object({ mayBeEmpty: true });
  const roomId = call.param("room_id");
  const deleteLocal = Boolean(body["delete_local_events"]);
  const inPath = call.path.split("/").length > 6;
  const eventId = inPath ? call.param("event_id") : (body["purge_up_to_event_id"] ?? undefined);
  const before = eventId === undefined ? pointByTime(call, body["purge_up_to_ts"]) : pointByEvent(call, eventId);
  const job = world.jobs.start(ACTION, roomId, {
    finish: () => {
      const room = world.rooms.get(roomId);
      if (room) purgeBefore(world, room, before, deleteLocal);
      return null;
    },
  });
  return { purge_id: job.id };
}

/** The given event is the first one to stay. */
function pointByEvent(call: Call, eventId: unknown): number {
  const event = call.world.events.get(String(eventId));
  if (event === undefined) throw notFound(`Could not find event ${String(eventId)}`);
  if (event.roomId !== call.param("room_id")) throw badRequest("Event is for wrong room.");
  return event.streamOrdering;
}

function pointByTime(call: Call, ts: unknown): number {
  if (ts === undefined) throw badRequest("must specify purge_up_to_event_id or purge_up_to_ts", "M_BAD_JSON");
  if (typeof ts !== "number" || !Number.isInteger(ts)) throw badRequest("purge_up_to_ts must be an int", "M_BAD_JSON");
  const timeline = call.world.rooms.get(call.param("room_id"))?.timeline ?? [];
  // The first event from then on, of all rooms: if it is in this room, it is the one to stay, else the last before it.
  const after = [...call.world.events.values()].filter((event) => event.originServerTs >= ts);
  const first = Math.min(...after.map((event) => event.streamOrdering));
  const last = timeline.filter((event) => event.streamOrdering <= first).at(-1);
  if (last === undefined) throw notFound("there is no event to be purged");
  return last.streamOrdering;
}

/** State stays, the last message stays, and so do the messages of local users unless they are wanted too. */
function purgeBefore(world: World, room: Room, before: number, deleteLocal: boolean): void {
  const newest = room.timeline.filter((event) => event.stateKey === undefined).at(-1);
  const goes = (event: RoomEvent): boolean =>
    event.streamOrdering < before &&
    event.stateKey === undefined &&
    event !== newest &&
    (deleteLocal || !world.isMine(event.sender));
  const kept = room.timeline.filter((event) => !goes(event));
  for (const event of room.timeline.filter(goes)) world.events.delete(event.eventId);
  room.timeline.splice(0, room.timeline.length, ...kept);
}

/** A job that still waits is reported as active. */
function purgeStatus(call: Call): object {
  const purgeId = call.param("purge_id");
  const job = call.world.jobs.get(ACTION, purgeId);
  if (job === undefined) throw notFound(`purge id '${purgeId}' not found`);
  return {
    status: job.status === "scheduled" ? "active" : job.status,
    ...(job.error === null ? {} : { error: job.error }),
  };
}
