import { deactivate, editUser, findUser, holder, setPassword, userDetails } from "./accounts.js";
import { requireAdmin } from "./auth.js";
import { type Call, booleanOf, requireKeys } from "./call.js";
import { MatrixError, badRequest, missingParams, noRow, notFound } from "./errors.js";
import { parseUserId } from "./ids.js";
import { isString } from "./json.js";
import { type Route, adminRoute } from "./router.js";
import { putUser } from "./user-put.js";

export const userRoutes: Route[] = [
  adminRoute("GET", "/v2/users/{user_id}", (call) => userDetails(findUser(call.world, call.param("user_id")))),
  adminRoute("PUT", "/v2/users/{user_id}", putUser),
  adminRoute("POST", "/v1/deactivate/{user_id}", deactivateUser),
  adminRoute("PUT", "/v1/suspend/{user_id}", suspend),
  { ...adminRoute("POST", "/v1/reset_password/{user_id}", resetPassword), notWithMas: true },
  { ...adminRoute("GET", "/v1/users/{user_id}/admin", getAdmin), notWithMas: true },
  { ...adminRoute("PUT", "/v1/users/{user_id}/admin", setAdmin), notWithMas: true },
  adminRoute("GET", "/v1/users/{user_id}/joined_rooms", joinedRooms),
  adminRoute("GET", "/v1/users/{user_id}/memberships", memberships),
  { ...adminRoute("POST", "/v1/users/{user_id}/login", loginAs), notWithMas: true },
  adminRoute("POST", "/v1/users/{user_id}/shadow_ban", (call) => shadowBan(call, true)),
  adminRoute("DELETE", "/v1/users/{user_id}/shadow_ban", (call) => shadowBan(call, false)),
  adminRoute("GET", "/v1/auth_providers/{provider}/users/{external_id}", byExternalId),
  adminRoute("GET", "/v1/threepid/{medium}/users/{address}", byThreepid),
  { method: "GET", path: "/_synapse/admin/v1/whois/{user_id}", for: "users", handle: whois },
  { method: "GET", path: "/_matrix/client/{client}/admin/whois/{user_id}", for: "users", handle: whois },
];

function deactivateUser(call: Call): object {
  const user = editUser(call.world, call.param("user_id"), { remote: "Can only deactivate local users" });
  const body = call.object({ mayBeEmpty: true });
  const erase = booleanOf(body, "erase", false, badRequest("Param 'erase' must be a boolean, if given", "M_BAD_JSON"));
  deactivate(call.world, user, erase);
  return { id_server_unbind_result: "success" };
}

function suspend(call: Call): object {
  const user = editUser(call.world, call.param("user_id"), { remote: "Can only suspend local users" });
  const body = call.object();
  if (!("suspend" in body)) {
    throw badRequest("1 validation error for PutBody\nsuspend\n  Field required [type=missing]", "M_MISSING_PARAM");
  }
  const words = "1 validation error for PutBody\nsuspend\n  Input should be a valid boolean [type=bool_type]";
  user.suspended = booleanOf(body, "suspend", false, badRequest(words, "M_BAD_JSON"));
  return { [`user_${user.userId}_suspended`]: user.suspended };
}

function resetPassword(call: Call): object {
  parseUserId(call.param("user_id"));
  const body = call.object();
  requireKeys(body, "new_password");
  const password = body["new_password"];
  // Synapse does not check the type and stumbles over it.
  if (!isString(password)) throw new MatrixError(500, "M_UNKNOWN", "Internal server error");
  const user = call.world.users.edit(call.param("user_id"));
  if (user === undefined) throw notFound("Unknown user");
  const logoutDevices = Boolean(body["logout_devices"] ?? true);
  setPassword(call.world, user, password, logoutDevices ? call.caller : undefined);
  return {};
}

function getAdmin(call: Call): object {
  const userId = call.param("user_id");
  if (parseUserId(userId).domain !== call.world.serverName) throw onlyLocalAdmins();
  return { admin: call.world.users.get(userId)?.admin ?? false };
}

function setAdmin(call: Call): object {
  const userId = call.param("user_id");
  const { domain } = parseUserId(userId);
  const body = call.object();
  if (!("admin" in body)) throw missingParams("admin");
  if (domain !== call.world.serverName) throw onlyLocalAdmins();
  // Any value that Python takes for true: the text "false" grants it.
  const admin = Boolean(body["admin"]);
  if (userId === call.caller.userId && !admin) throw badRequest("You may not demote yourself.");
  const user = call.world.users.edit(userId);
  if (user === undefined) throw noRow("users");
  user.admin = admin;
  return {};
}

function onlyLocalAdmins(): MatrixError {
  return badRequest("Only local users can be admins of this homeserver");
}

/** Any ID is fine here: unknown ones are in no room. */
function joinedRooms(call: Call): object {
  const rooms = call.world.roomsOf(call.param("user_id")).map((room) => room.roomId);
  return { joined_rooms: rooms, total: rooms.length };
}

function memberships(call: Call): object {
  const found = [...call.world.rooms.values()].flatMap((room) => {
    const membership = room.membership(call.param("user_id"));
    return membership === undefined ? [] : [[room.roomId, membership] as const];
  });
  return { memberships: Object.fromEntries(found) };
}

function loginAs(call: Call): object {
  const { world, caller } = call;
  const userId = call.param("user_id");
  if (!world.isMine(userId)) throw badRequest("Only local users can be logged in as");
  findUser(world, userId);
  const validUntilMs = call.object({ mayBeEmpty: true })["valid_until_ms"] ?? null;
  if (validUntilMs !== null && (typeof validUntilMs !== "number" || !Number.isInteger(validUntilMs))) {
    throw badRequest("'valid_until_ms' parameter must be an int");
  }
  if (userId === caller.userId) throw badRequest("Cannot use admin API to login as self");
  return { access_token: world.addToken(userId, { deviceId: null, validUntilMs, madeBy: caller.userId }).token };
}

function shadowBan(call: Call, shadowBanned: boolean): object {
  const userId = call.param("user_id");
  if (!call.world.isMine(userId)) throw badRequest("Only local users can be shadow-banned");
  parseUserId(userId);
  const user = call.world.users.edit(userId);
  if (user === undefined) throw noRow("users");
  user.shadowBanned = shadowBanned;
  return {};
}

function byExternalId(call: Call): object {
  const user = [...call.world.users.values()].find(({ externalIds }) =>
    externalIds.some(
      (one) => one.auth_provider === call.param("provider") && one.external_id === call.param("external_id"),
    ),
  );
  if (user === undefined) throw notFound("User not found");
  return { user_id: user.userId };
}

function byThreepid(call: Call): object {
  const user = holder(call.world, call.param("medium"), call.param("address"));
  if (user === undefined) throw notFound("User not found");
  return { user_id: user.userId };
}

/** Admins may ask about anybody, users about themselves. */
function whois(call: Call): object {
  const userId = call.param("user_id");
  const { domain } = parseUserId(userId);
  if (userId !== call.caller.userId) requireAdmin(call.world, call.caller);
  if (domain !== call.world.serverName) throw badRequest("Can only whois a local user");
  const connections = call.world.users.get(userId)?.connections ?? [];
  return { user_id: userId, devices: { "": { sessions: [{ connections }] } } };
}
