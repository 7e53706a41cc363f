import { userLocked } from "./auth.js";
import type { Call } from "./call.js";
import { badRequest, forbidden, invalidParam } from "./errors.js";
import { isObject, isString } from "./json.js";
import { type Route, clientRoute } from "./router.js";

/** Sessions of the client-server API. */
export const sessionRoutes: Route[] = [
  clientRoute("GET", "/account/whoami", whoami),
  { ...clientRoute("GET", "/login", loginFlows, "anybody"), notWithMas: true },
  { ...clientRoute("POST", "/login", login, "anybody"), notWithMas: true },
  { ...clientRoute("POST", "/logout", logout, "locked users"), notWithMas: true },
  { ...clientRoute("POST", "/logout/all", logoutAll, "locked users"), notWithMas: true },
];

function whoami({ world, caller }: Call): object {
  return {
    user_id: caller.userId,
    is_guest: world.users.get(caller.userId)?.isGuest ?? false,
    ...(caller.deviceId === null ? {} : { device_id: caller.deviceId }),
  };
}

function loginFlows(): object {
  return { flows: [{ type: "m.login.password" }, { type: "m.login.application_service" }] };
}

function login(call: Call): object {
  const { world } = call;
  const body = call.object();
  if (!("type" in body)) throw badRequest("Missing JSON keys.");
  if (!isString(body["type"])) throw invalidParam("Bad parameter: type");
  const { password } = body;
  if (body["type"] === "m.login.password" && !isString(password)) throw invalidParam("Bad parameter: password");
  // The old way puts the user at the top level.
  const identifier = isString(body["user"]) ? { type: "m.id.user", user: body["user"] } : body["identifier"];
  if (!isObject(identifier) || Object.keys(identifier).length === 0) throw invalidParam("Invalid login submission");
  if (!("type" in identifier)) throw badRequest("'identifier' dict has no key 'type'", "M_MISSING_PARAM");
  if (body["type"] !== "m.login.password") throw badRequest(`Unknown login type ${body["type"]}`);
  if (identifier["type"] !== "m.id.user") throw badRequest("Unknown login identifier type");
  const name = identifier["user"];
  if (!isString(name) || name === "") throw badRequest("User identifier is missing 'user' key");
  const user = world.users.get(name.startsWith("@") ? name : world.userId(name));
  // A deactivated account has no password any more, so it fails like a wrong one.
  if (user === undefined || user.password === null || user.password !== password) {
    throw forbidden("Invalid username or password");
  }
  if (user.locked) throw userLocked();

  const deviceId = isString(body["device_id"]) ? body["device_id"] : world.ids.capitals(10);
  world.dropTokens((token) => token.userId === user.userId && token.deviceId === deviceId);
  const { token } = world.addToken(user.userId, { deviceId });
  const displayName = body["initial_device_display_name"];
  const device = world.users.edit(user.userId)?.devices.get(deviceId);
  if (device?.displayName === null && isString(displayName)) device.displayName = displayName;
  return { user_id: user.userId, access_token: token, home_server: world.serverName, device_id: deviceId };
}

function logout({ world, caller }: Call): object {
  if (caller.deviceId === null) world.tokens.delete(caller.token);
  else world.removeDevices(caller.userId, (deviceId) => deviceId === caller.deviceId);
  return {};
}

/** For an admin this also ends the tokens made with `login as`. */
function logoutAll({ world, caller }: Call): object {
  world.removeDevices(caller.userId, () => true);
  world.dropTokens((token) => token.userId === caller.userId || token.madeBy === caller.userId);
  return {};
}
