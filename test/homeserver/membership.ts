import { type Call, requireKeys } from "./call.js";
import { MatrixError, badRequest, forbidden, notFound } from "./errors.js";
import { isRoomAlias, isRoomId, parseUserId } from "./ids.js";
import { isObject, isString } from "./json.js";
import { joinContent, profile } from "./room-create.js";
import type { Membership, Room } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import type { World } from "./world.js";

export const membershipRoutes: Route[] = [
  adminRoute("POST", "/v1/join/{room}", adminJoin),
  adminRoute("POST", "/v1/rooms/{room}/make_room_admin", makeRoomAdmin),
];

export function resolveRoom(world: World, room: string): string {
  if (isRoomId(room)) return room;
  if (!isRoomAlias(room)) throw badRequest(`${room} was not legal room ID or room alias`);
  const alias = world.aliases.get(room);
  if (alias) return alias.roomId;
  if (!world.isMine(room)) throw new MatrixError(502, "M_UNKNOWN", "Failed to fetch alias");
  throw notFound(`Room alias ${room} not found`);
}

/** Lets a user join, by the room's rules. Who is in already stays in. */
export function join(world: World, roomId: string, userId: string): void {
  if (world.users.get(userId)?.suspended === true) {
    throw suspended("Joining rooms while account is suspended is not allowed.");
  }
  refuseBlocked(world, roomId);
  const room = world.rooms.get(roomId);
  if (room?.membership(userId) === "join") return;
  if (room === undefined || world.localMembers(room).length === 0) {
    const words = "Can't join remote room because no servers that are in the room have been provided.";
    throw new MatrixError(404, "M_UNKNOWN", words);
  }
  if (room.membership(userId) === "ban") throw forbidden("You are banned from this room");
  if (room.joinRule !== "public" && room.membership(userId) !== "invite") {
    throw forbidden("You are not invited to this room.");
  }
  world.send(room, { type: "m.room.member", sender: userId, stateKey: userId, content: joinContent(world, userId) });
}

export function invite(world: World, room: Room, sender: string, userId: string): void {
  refuseBlocked(world, room.roomId);
  if (room.membership(userId) === "ban") {
    throw new MatrixError(403, "M_BAD_STATE", "Cannot invite user who was banned");
  }
  if (room.membership(sender) !== "join") throw forbidden(`${sender} not in room ${room.roomId}.`);
  if (room.membership(userId) === "join") throw forbidden(`${userId} is already in the room.`);
  if (room.powerLevel(sender) < room.neededLevel("invite", 0)) {
    throw forbidden("You don't have permission to invite users");
  }
  const content = { membership: "invite", ...profile(world, userId) };
  world.send(room, { type: "m.room.member", sender, stateKey: userId, content });
}

/** `leave` and `ban`, as oneself or over somebody else. */
export function remove(world: World, room: Room, sender: string, userId: string, to: "leave" | "ban"): void {
  requireJoinedOrInvited(room, sender);
  const action = to === "ban" ? "ban" : "kick";
  if (sender !== userId) {
    const level = room.powerLevel(sender);
    if (level < room.neededLevel(action, 50) || level <= room.powerLevel(userId)) {
      throw forbidden(to === "ban" ? "You don't have permission to ban" : `You cannot kick user ${userId}.`);
    }
  }
  world.send(room, { type: "m.room.member", sender, stateKey: userId, content: { membership: to } });
}

export function requireJoined(roomId: string, room: Room | undefined, userId: string): asserts room is Room {
  if (room?.membership(userId) !== "join") throw forbidden(`User ${userId} not in room ${roomId}`);
}

export function suspended(message: string): MatrixError {
  return new MatrixError(403, "M_USER_SUSPENDED", message);
}

function requireJoinedOrInvited(room: Room, userId: string): void {
  const fine: (Membership | undefined)[] = ["join", "invite", "knock"];
  if (!fine.includes(room.membership(userId))) throw forbidden("The target user is not in the room");
}

function refuseBlocked(world: World, roomId: string): void {
  if (world.blockedRooms.has(roomId)) {
    throw new MatrixError(403, "M_UNKNOWN", "This room has been blocked on this server");
  }
}

/** The admin's account invites first where the room is not public, so it must be in there itself. */
function adminJoin(call: Call): object {
  const { world, caller } = call;
  const body = call.object();
  requireKeys(body, "user_id");
  const userId = String(body["user_id"]);
  if (parseUserId(body["user_id"]).domain !== world.serverName) {
    throw badRequest("This endpoint can only be used with local users");
  }
  if (!world.users.has(userId)) throw notFound("User not found");
  const roomId = resolveRoom(world, call.param("room"));
  const room = world.rooms.get(roomId);
  // This fails for somebody who is in there already; in a public room that is fine.
  if (room && room.joinRule !== null && room.joinRule !== "public") invite(world, room, caller.userId, userId);
  join(world, roomId, userId);
  return { room_id: roomId };
}

/** Takes the strongest local user by the hand to raise somebody to the same level. */
function makeRoomAdmin(call: Call): object {
  const { world, caller } = call;
  const body = call.object({ mayBeEmpty: true });
  const roomId = resolveRoom(world, call.param("room"));
  // An absent field raises the caller; what is no user ID is refused further down.
  const wanted = body["user_id"] ?? caller.userId;
  const target = isString(wanted) ? wanted : JSON.stringify(wanted);
  const room = world.rooms.get(roomId);
  if (room === undefined || room.state.size === 0) throw badRequest("Server not in room");
  const content = room.stateEvent("m.room.power_levels")?.content ?? {};
  const users = isObject(content["users"]) ? content["users"] : {};
  const strongest = strongestLocal(world, room, users);
  if (strongest === undefined) throw badRequest("No local admin user in room");
  if (!target.startsWith("@") || !target.includes(":")) throw badRequest(`Not a valid user_id: ${target}`);
  if (room.creators.includes(target)) throw badRequest(`Creator user ${target} must not appear in content.users`);
  if (room.powerLevel(strongest) < room.neededLevel("state_default", 50)) {
    throw badRequest("No local admin user in room with power to update power levels.");
  }
  const level = users[strongest] ?? 100;
  world.send(room, {
    type: "m.room.power_levels",
    sender: strongest,
    stateKey: "",
    content: { ...content, users: { ...users, [target]: level } },
  });
  const membership = room.membership(target);
  if (membership !== "join" && membership !== "invite" && room.joinRule !== "public") {
    invite(world, room, strongest, target);
  }
  return {};
}

function strongestLocal(world: World, room: Room, users: Record<string, unknown>): string | undefined {
  if (room.stateEvent("m.room.power_levels") === undefined) {
    return world.isMine(room.creator) ? room.creator : undefined;
  }
  const candidates = [...room.creators, ...Object.keys(users).sort((a, b) => Number(users[b]) - Number(users[a]))];
  return candidates.find((userId) => world.isMine(userId) && room.membership(userId) === "join");
}
