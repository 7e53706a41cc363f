import type { Call } from "./call.js";
import type { JsonObject } from "./json.js";
import { type Room, type RoomEvent, clientEvent } from "./room.js";
import { type Route, clientRoute } from "./router.js";

export const clientSyncRoutes: Route[] = [clientRoute("GET", "/sync", sync)];

const TIMELINE_LIMIT = 10;
const STRIPPED = ["m.room.create", "m.room.join_rules", "m.room.canonical_alias", "m.room.name", "m.room.encryption"];

/** What is new since the last time. Answers at once, whatever the time-out: nobody here waits for others. */
function sync(call: Call): object {
  const { world, caller } = call;
  const since = Number(/^s(\d+)/.exec(call.text("since") ?? "")?.[1] ?? 0);
  const rooms: Record<string, JsonObject> = { join: {}, invite: {}, leave: {} };
  for (const room of world.rooms.values()) {
    const member = room.stateEvent("m.room.member", caller.userId);
    const membership = room.membership(caller.userId);
    const isNews = (member?.streamOrdering ?? 0) > since;
    if (membership === "join") {
      const timeline = isNews ? room.timeline : room.timeline.filter((event) => event.streamOrdering > since);
      if (timeline.length > 0) rooms["join"] = { ...rooms["join"], [room.roomId]: joined(timeline, world.now()) };
    } else if (membership === "invite" && isNews && member) {
      rooms["invite"] = { ...rooms["invite"], [room.roomId]: invited(room, member, world.now()) };
    } else if (membership !== undefined && since > 0 && isNews && member) {
      rooms["leave"] = { ...rooms["leave"], [room.roomId]: joined([member], world.now()) };
    }
  }
  const news = Object.entries(rooms).filter(([, some]) => Object.keys(some).length > 0);
  return {
    next_batch: `s${world.lastStreamOrdering}_0_0_0_0_0_0_0_0_0_0_0_0_0`,
    ...(news.length > 0 ? { rooms: Object.fromEntries(news) } : {}),
  };
}

function joined(timeline: readonly RoomEvent[], now: number): JsonObject {
  const events = timeline.slice(-TIMELINE_LIMIT);
  return {
    timeline: {
      events: events.map((event) => short(event, now)),
      prev_batch: `s${events[0]?.streamOrdering ?? 0}_0_0_0_0_0_0_0_0_0_0_0_0_0`,
      limited: events.length < timeline.length,
    },
    state: { events: [] },
    account_data: { events: [] },
    ephemeral: { events: [] },
    unread_notifications: { notification_count: 0, highlight_count: 0 },
    summary: {},
  };
}

/** Who is invited sees what kind of room it is, and by whom. */
function invited(room: Room, invitation: RoomEvent, now: number): JsonObject {
  const about = [
    ...STRIPPED.map((type) => room.stateEvent(type)),
    room.stateEvent("m.room.member", invitation.sender),
  ].flatMap((event) => event ?? []);
  const stripped = about.map(({ content, sender, stateKey, type }) => ({ content, sender, state_key: stateKey, type }));
  return { invite_state: { events: [...stripped, short(invitation, now)] } };
}

/** An event without what its place in the answer says. */
function short(event: RoomEvent, now: number): JsonObject {
  const { content, event_id, origin_server_ts, sender, state_key, type, unsigned } = clientEvent(event, now);
  return { content, event_id, origin_server_ts, sender, state_key, type, unsigned };
}
