import { type Call, requireKeys } from "./call.js";
import { badRequest, notFound } from "./errors.js";
import { parseUserId } from "./ids.js";
import { isObject, isString } from "./json.js";
import { createRoom } from "./room-create.js";
import type { Room } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import { once } from "./transactions.js";
import type { World } from "./world.js";

export const noticeRoutes: Route[] = [
  adminRoute("POST", "/v1/send_server_notice", sendNotice),
  adminRoute("PUT", "/v1/send_server_notice/{txn_id}", (call) => once(call, sendNotice)),
];

function sendNotice(call: Call): object {
  const { world } = call;
  const body = call.object();
  requireKeys(body, "user_id", "content");
  if (!world.serverNotices) throw badRequest("Server notices are not enabled on this server");
  const userId = String(body["user_id"]);
  if (parseUserId(body["user_id"]).domain !== world.serverName) {
    throw badRequest("Server notices can only be sent to local users");
  }
  if (!world.users.has(userId)) throw notFound("User not found");
  const type = isString(body["type"]) ? body["type"] : "m.room.message";
  const content = body["content"];
  if (!isObject(content)) throw badRequest("'body' not in content");
  if (type === "m.room.message") {
    const absent = ["body", "msgtype"].find((name) => !(name in content));
    if (absent !== undefined) throw badRequest(`'${absent}' not in content`);
  }
  const room = noticeRoom(world, userId);
  const sender = world.userId("notices");
  if (!["join", "invite"].includes(room.membership(userId) ?? "")) {
    world.send(room, { type: "m.room.member", sender, stateKey: userId, content: { membership: "invite" } });
  }
  const stateKey = body["state_key"];
  const event = { type, sender, content, ...(isString(stateKey) ? { stateKey } : {}) };
  return { event_id: world.send(room, event).eventId };
}

/** One room for each user, made for the first notice. Its creator needs no account. */
function noticeRoom(world: World, userId: string): Room {
  const sender = world.userId("notices");
  const known = [...world.rooms.values()].find(
    (room) => room.membership(sender) === "join" && ["join", "invite"].includes(room.membership(userId) ?? ""),
  );
  if (known) return known;
  return createRoom(world, sender, {
    preset: "private_chat",
    name: "Server Notices",
    power_level_content_override: { users_default: -10 },
  });
}
