import { type Call, booleanOf } from "./call.js";
import { badRequest, invalidParam, missingParams, notFound } from "./errors.js";
import { requireRoomId } from "./ids.js";
import { type Room, clientEvent } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import { compare } from "./sort.js";
import { like } from "./user-store.js";
import type { World } from "./world.js";

export const roomRoutes: Route[] = [
  adminRoute("GET", "/v1/rooms", listRooms),
  adminRoute("GET", "/v1/rooms/{room_id}", roomDetails),
  adminRoute("GET", "/v1/rooms/{room_id}/members", roomMembers),
  adminRoute("GET", "/v1/rooms/{room_id}/state", roomState),
  adminRoute("GET", "/v1/rooms/{room_id}/block", getBlock),
  adminRoute("PUT", "/v1/rooms/{room_id}/block", setBlock),
];

/** One row of `rooms list`. */
function row(world: World, room: Room) {
  const create = room.stateEvent("m.room.create")?.content;
  return {
    room_id: room.roomId,
    name: room.stateText("m.room.name", "name"),
    canonical_alias: room.stateText("m.room.canonical_alias", "alias"),
    joined_members: room.members("join").length,
    joined_local_members: world.localMembers(room).length,
    version: room.version,
    creator: room.creator,
    encryption: room.stateText("m.room.encryption", "algorithm"),
    federatable: create?.["m.federate"] !== false,
    public: room.isPublic,
    join_rules: room.joinRule,
    guest_access: room.stateText("m.room.guest_access", "guest_access"),
    history_visibility: room.stateText("m.room.history_visibility", "history_visibility"),
    state_events: room.stateCount,
    room_type: room.stateText("m.room.create", "type"),
  };
}

type Row = ReturnType<typeof row>;
type Column = Exclude<keyof Row, "room_id" | "room_type"> | "alphabetical" | "size";

const ORDERS: readonly Column[] = [
  "alphabetical",
  "size",
  "name",
  "canonical_alias",
  "joined_members",
  "joined_local_members",
  "version",
  "creator",
  "encryption",
  "federatable",
  "public",
  "join_rules",
  "guest_access",
  "history_visibility",
  "state_events",
];

/** These come largest first unless reversed. */
const LARGEST_FIRST: readonly Column[] = ["joined_members", "joined_local_members", "version", "state_events"];

function listRooms(call: Call): object {
  const { world } = call;
  const from = call.integer("from", 0);
  const limit = call.integer("limit", 100);
  const orderBy = call.choice("order_by", ORDERS, "name");
  const term = call.text("search_term", "utf-8");
  if (term === "") throw invalidParam("search_term cannot be an empty string");
  const isPublic = call.flag("public_rooms");
  const isEmpty = call.flag("empty_rooms");
  const backwards = call.backwards();

  // The old names of two sort orders.
  const column = orderBy === "alphabetical" ? "name" : orderBy === "size" ? "joined_members" : orderBy;
  const sign = LARGEST_FIRST.includes(column) === backwards ? 1 : -1;
  const rows = [...world.rooms.values()]
    .map((room) => row(world, room))
    .filter(roomFilter(term, isPublic, isEmpty))
    .sort((a, b) => sign * (compare(a[column], b[column]) || compare(a.room_id, b.room_id)));
  return {
    rooms: rows.slice(from, from + limit),
    offset: from,
    total_rooms: rows.length,
    ...(from + limit < rows.length ? { next_batch: from + limit } : {}),
    ...(from > 0 ? { prev_batch: Math.max(from - limit, 0) } : {}),
  };
}

/** Synapse's SQL lacks parentheses: with a search term the flags bind to the exact room ID only. */
function roomFilter(term: string | undefined, isPublic?: boolean, isEmpty?: boolean): (row: Row) => boolean {
  const flags = (row: Row): boolean =>
    (isPublic === undefined || row.public === isPublic) &&
    (isEmpty === undefined || (row.joined_members === 0) === isEmpty);
  if (term === undefined) return flags;
  const inName = new RegExp(like(term), "is");
  const inAlias = new RegExp(`^#.*${like(term)}.*:`, "is");
  return (row) =>
    inName.test(row.name ?? "") || inAlias.test(row.canonical_alias ?? "") || (row.room_id === term && flags(row));
}

function findRoom(call: Call): Room {
  const room = call.world.rooms.get(call.param("room_id"));
  if (room === undefined) throw notFound("Room not found");
  return room;
}

function roomDetails(call: Call): object {
  const { world } = call;
  const room = findRoom(call);
  const tombstone = room.stateEvent("m.room.tombstone");
  const localUsers = room.memberIds().filter((userId) => world.isMine(userId));
  const devices = world.localMembers(room).map((userId) => world.users.get(userId)?.devices.size ?? 0);
  return {
    ...row(world, room),
    avatar: room.stateText("m.room.avatar", "url"),
    topic: room.stateText("m.room.topic", "topic"),
    joined_local_devices: devices.reduce((sum, count) => sum + count, 0),
    forgotten: localUsers.every((userId) => room.forgottenBy.has(userId)),
    tombstoned: tombstone !== undefined,
    replacement_room: tombstone?.content["replacement_room"] ?? null,
  };
}

function roomMembers(call: Call): object {
  const members = findRoom(call).members("join");
  return { members, total: members.length };
}

function roomState(call: Call): object {
  const type = call.text("type");
  const events = findRoom(call)
    .sortedState()
    .filter((event) => !type || event.type === type);
  return { state: events.map((event) => clientEvent(event, call.world.now())) };
}

function getBlock(call: Call): object {
  requireRoomId(call.param("room_id"));
  const by = call.world.blockedRooms.get(call.param("room_id"));
  return by === undefined ? { block: false } : { block: true, user_id: by };
}

function setBlock(call: Call): object {
  const body = call.object();
  const roomId = call.param("room_id");
  requireRoomId(roomId);
  if (!("block" in body)) throw missingParams("block");
  const block = booleanOf(body, "block", false, badRequest("Param 'block' must be a boolean.", "M_BAD_JSON"));
  if (block) call.world.blockRoom(roomId, call.caller.userId);
  else call.world.blockedRooms.delete(roomId);
  return { block };
}
