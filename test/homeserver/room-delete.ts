import { type Call, booleanOf } from "./call.js";
import { badRequest, notFound } from "./errors.js";
import { requireRoomId } from "./ids.js";
import { type JsonObject, isString } from "./json.js";
import type { Job, JobStatus } from "./jobs.js";
import { createRoom, joinContent } from "./room-create.js";
import { type Route, adminRoute } from "./router.js";
import type { World } from "./world.js";

export const roomDeleteRoutes: Route[] = [
  adminRoute("DELETE", "/v1/rooms/{room_id}", deleteAtOnce),
  adminRoute("DELETE", "/v2/rooms/{room_id}", startDelete),
  adminRoute("GET", "/v2/rooms/delete_status/{delete_id}", statusById),
  adminRoute("GET", "/v2/rooms/{room_id}/delete_status", statusByRoom),
];

const ACTION = "shutdown_and_purge_room";
const DEFAULT_NAME = "Content Violation Notification";
const DEFAULT_MESSAGE =
  "Sharing illegal content on this server is not permitted and rooms in violation will be blocked.";

interface Wanted {
  block: boolean;
  purge: boolean;
  forcePurge: boolean;
  newRoomUserId: string | undefined;
  roomName: string;
  message: string;
}

function read(body: JsonObject): Wanted {
  const flag = (name: string, byDefault: boolean): boolean =>
    booleanOf(body, name, byDefault, badRequest(`Param '${name}' must be a boolean, if given`, "M_BAD_JSON"));
  const text = (name: string): string | undefined => (isString(body[name]) ? body[name] : undefined);
  return {
    block: flag("block", false),
    purge: flag("purge", true),
    forcePurge: flag("force_purge", false),
    newRoomUserId: text("new_room_user_id"),
    roomName: text("room_name") ?? DEFAULT_NAME,
    message: text("message") ?? DEFAULT_MESSAGE,
  };
}

/** v1 answers when all is done. An unknown room is done at once. */
function deleteAtOnce(call: Call): object {
  const wanted = read(call.object());
  const roomId = call.param("room_id");
  requireRoomId(roomId);
  refuseRemote(call.world, wanted);
  const result = shutdown(call.world, roomId, wanted, call.caller.userId);
  if (wanted.purge) purge(call.world, roomId, wanted);
  return result;
}

function startDelete(call: Call): object {
  const { world, caller } = call;
  const wanted = read(call.object());
  const roomId = call.param("room_id");
  requireRoomId(roomId);
  if (world.jobs.of(ACTION, roomId, "active").length > 0) {
    throw badRequest(`Purge already in progress for ${roomId}`);
  }
  refuseRemote(world, wanted);
  let result: JsonObject = {};
  const job = world.jobs.start(ACTION, roomId, {
    begin: () => {
      result = shutdown(world, roomId, wanted, caller.userId);
      return result;
    },
    finish: () => {
      if (wanted.purge) purge(world, roomId, wanted);
      return result;
    },
  });
  return { delete_id: job.id };
}

function refuseRemote(world: World, wanted: Wanted): void {
  const { newRoomUserId } = wanted;
  if (newRoomUserId !== undefined && !world.isMine(newRoomUserId)) {
    throw badRequest(`User must be our own: ${newRoomUserId}`);
  }
}

/** Blocks the room, moves the local users out (and into a new room), hands the aliases on. */
function shutdown(world: World, roomId: string, wanted: Wanted, admin: string): JsonObject {
  if (wanted.block) world.blockRoom(roomId, admin);
  const kicked: string[] = [];
  const result = { kicked_users: kicked, failed_to_kick_users: [], local_aliases: [], new_room_id: null };
  const room = world.rooms.get(roomId);
  if (room === undefined) return result;
  const { newRoomUserId } = wanted;
  const newRoom =
    newRoomUserId === undefined
      ? undefined
      : createRoom(world, newRoomUserId, {
          preset: "public_chat",
          name: wanted.roomName,
          power_level_content_override: { users_default: -10 },
        });
  for (const userId of room.memberIds().filter((one) => world.isMine(one))) {
    const membership = room.membership(userId);
    if (membership !== "join" && membership !== "invite" && membership !== "knock") continue;
    const content = { membership: "leave" };
    world.send(room, { type: "m.room.member", sender: userId, stateKey: userId, content });
    room.forgottenBy.add(userId);
    if (newRoom && membership === "join") {
      const joined = joinContent(world, userId);
      world.send(newRoom, { type: "m.room.member", sender: userId, stateKey: userId, content: joined });
    }
    kicked.push(userId);
  }
  if (newRoom === undefined || newRoomUserId === undefined) return result;
  const message = { msgtype: "m.text", body: wanted.message };
  world.send(newRoom, { type: "m.room.message", sender: newRoomUserId, content: message });
  const aliases = world.aliasesOf(roomId);
  for (const alias of world.aliases.values()) if (aliases.includes(alias.alias)) alias.roomId = newRoom.roomId;
  return { ...result, local_aliases: aliases, new_room_id: newRoom.roomId };
}

function purge(world: World, roomId: string, wanted: Wanted): void {
  const room = world.rooms.get(roomId);
  if (room && !wanted.forcePurge && world.localMembers(room).length > 0) {
    throw badRequest("Users are still joined to this room");
  }
  world.purgeRoom(roomId);
}

function wire(job: Job): object {
  return { delete_id: job.id, room_id: job.resourceId, status: job.status, shutdown_room: job.result };
}

function statusById(call: Call): object {
  const deleteId = call.param("delete_id");
  const job = call.world.jobs.get(ACTION, deleteId);
  if (job === undefined) throw notFound(`delete id '${deleteId}' not found`);
  return wire(job);
}

/** Jobs that wait for their turn are not listed. */
function statusByRoom(call: Call): object {
  const roomId = call.param("room_id");
  requireRoomId(roomId);
  const listed: JobStatus[] = ["active", "complete", "failed"];
  const jobs = call.world.jobs.of(ACTION, roomId, ...listed);
  if (jobs.length === 0) throw notFound(`No delete task for room_id '${roomId}' found`);
  return { results: jobs.map(wire) };
}
