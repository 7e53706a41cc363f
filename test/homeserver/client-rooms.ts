import { type Call, requireKeys } from "./call.js";
import { MatrixError, badRequest, forbidden, invalidParam, notFound } from "./errors.js";
import { isRoomAlias, parseUserId } from "./ids.js";
import { type JsonObject, isString } from "./json.js";
import { invite, join, remove, requireJoined, resolveRoom, suspended } from "./membership.js";
import { createRoom } from "./room-create.js";
import { type Room, clientEvent } from "./room.js";
import { type Route, clientRoute } from "./router.js";
import { once } from "./transactions.js";

/** What members do in rooms, as far as a scenario needs it to set a scene. */
export const clientRoomRoutes: Route[] = [
  clientRoute("GET", "/directory/room/{alias}", resolveAlias, "anybody"),
  clientRoute("PUT", "/directory/room/{alias}", addAlias),
  clientRoute("DELETE", "/directory/room/{alias}", deleteAlias),
  clientRoute("GET", "/rooms/{room_id}/aliases", roomAliases),
  clientRoute("POST", "/createRoom", create),
  clientRoute("GET", "/joined_rooms", joinedRooms),
  clientRoute("POST", "/join/{room}", joinRoom),
  clientRoute("POST", "/rooms/{room}/join", joinRoom),
  clientRoute("POST", "/rooms/{room_id}/invite", (call) => member(call, "invite")),
  clientRoute("POST", "/rooms/{room_id}/leave", leave),
  clientRoute("POST", "/rooms/{room_id}/forget", forget),
  clientRoute("POST", "/rooms/{room_id}/kick", (call) => member(call, "leave")),
  clientRoute("POST", "/rooms/{room_id}/ban", (call) => member(call, "ban")),
  clientRoute("PUT", "/rooms/{room_id}/send/{type}/{txn_id}", (call) => once(call, sendMessage)),
  clientRoute("PUT", "/rooms/{room_id}/state/{type}", sendState),
  clientRoute("PUT", "/rooms/{room_id}/state/{type}/{state_key}", sendState),
  clientRoute("GET", "/rooms/{room_id}/event/{event_id}", getEvent),
];

function resolveAlias(call: Call): object {
  const { world } = call;
  const alias = call.param("alias");
  if (!isRoomAlias(alias)) throw invalidParam("Room alias invalid");
  return { room_id: resolveRoom(world, alias), servers: [world.serverName] };
}

function addAlias(call: Call): object {
  const { world, caller } = call;
  const alias = call.param("alias");
  const roomId = call.object()["room_id"];
  if (!isRoomAlias(alias)) throw invalidParam("Room alias invalid");
  if (!isString(roomId) || !world.rooms.has(roomId)) throw badRequest("Room does not exist");
  if (!world.isMine(alias)) throw badRequest("Room alias must be local");
  if (world.aliases.has(alias)) throw new MatrixError(409, "M_UNKNOWN", `Room alias ${alias} already exists`);
  if (world.rooms.get(roomId)?.membership(caller.userId) !== "join") {
    throw forbidden("You must be in the room to create an alias for it");
  }
  world.aliases.set(alias, { alias, roomId, creator: caller.userId });
  return {};
}

function deleteAlias(call: Call): object {
  const { world, caller } = call;
  const alias = call.param("alias");
  const known = world.aliases.get(alias);
  if (known === undefined) throw notFound("Unknown room alias");
  const isAdmin = world.users.get(caller.userId)?.admin === true;
  if (known.creator !== caller.userId && !isAdmin) throw forbidden("You don't have permission to delete the alias.");
  world.aliases.delete(alias);
  return {};
}

/** Server admins may ask about any room, also an unknown one. */
function roomAliases(call: Call): object {
  const { world, caller } = call;
  const roomId = call.param("room_id");
  const room = world.rooms.get(roomId);
  const mayAsk = world.users.get(caller.userId)?.admin === true || room?.membership(caller.userId) === "join";
  const isReadable = room?.stateText("m.room.history_visibility", "history_visibility") === "world_readable";
  if (!mayAsk && !isReadable) {
    throw forbidden(`User ${caller.userId} not in room ${roomId}, and room previews are disabled`);
  }
  return { aliases: world.aliasesOf(roomId) };
}

function create(call: Call): object {
  return { room_id: createRoom(call.world, call.caller.userId, call.object()).roomId };
}

function joinedRooms({ world, caller }: Call): object {
  return { joined_rooms: world.roomsOf(caller.userId).map((room) => room.roomId) };
}

function joinRoom(call: Call): object {
  const roomId = resolveRoom(call.world, call.param("room"));
  join(call.world, roomId, call.caller.userId);
  return { room_id: roomId };
}

function joinedRoom(call: Call): Room {
  const roomId = call.param("room_id");
  const room = call.world.rooms.get(roomId);
  requireJoined(roomId, room, call.caller.userId);
  return room;
}

function member(call: Call, to: "invite" | "leave" | "ban"): object {
  const { world, caller } = call;
  const body = call.object();
  requireKeys(body, "user_id");
  parseUserId(body["user_id"]);
  const userId = String(body["user_id"]);
  const room = joinedRoom(call);
  if (to === "invite") invite(world, room, caller.userId, userId);
  else remove(world, room, caller.userId, userId, to);
  return {};
}

function leave(call: Call): object {
  const { world, caller } = call;
  const room = world.rooms.get(call.param("room_id"));
  if (room === undefined) throw new MatrixError(404, "M_UNKNOWN", "Not a known room");
  remove(world, room, caller.userId, caller.userId, "leave");
  return {};
}

function forget(call: Call): object {
  const room = call.world.rooms.get(call.param("room_id"));
  const { userId } = call.caller;
  if (room?.membership(userId) === "join") throw badRequest(`User ${userId} in room ${room.roomId}`);
  room?.forgottenBy.add(userId);
  return {};
}

/** A shadow-banned user is told that all went well, and nobody ever sees the event. */
function sendEvent(call: Call, type: string, content: JsonObject, stateKey?: string): object {
  const { world, caller } = call;
  const room = joinedRoom(call);
  const sender = caller.userId;
  const user = world.users.get(sender);
  if (user?.suspended === true) throw suspended("Sending messages while account is suspended is not allowed.");
  requirePower(room, sender, type, stateKey);
  if (user?.shadowBanned === true) return { event_id: `$${world.ids.hash()}` };
  return {
    event_id: world.send(room, { type, sender, content, ...(stateKey === undefined ? {} : { stateKey }) }).eventId,
  };
}

function requirePower(room: Room, sender: string, type: string, stateKey: string | undefined): void {
  const [fallback, byDefault] =
    stateKey === undefined ? (["events_default", 0] as const) : (["state_default", 50] as const);
  const events = room.stateEvent("m.room.power_levels")?.content["events"];
  const special: unknown = Object.entries(events ?? {}).find(([name]) => name === type)?.[1];
  const needed = special === undefined ? room.neededLevel(fallback, byDefault) : Number(special);
  const level = room.powerLevel(sender);
  if (level < needed) {
    throw forbidden(
      `You don't have permission to post that to the room. user_level (${level}) < send_level (${needed})`,
    );
  }
}

function sendMessage(call: Call): object {
  return sendEvent(call, call.param("type"), call.object());
}

function sendState(call: Call): object {
  return sendEvent(call, call.param("type"), call.object(), call.param("state_key"));
}

function getEvent(call: Call): object {
  const room = joinedRoom(call);
  const event = call.world.events.get(call.param("event_id"));
  if (event?.roomId !== room.roomId) throw notFound("Event not found.");
  return clientEvent(event, call.world.now());
}
