import { editUser } from "./accounts.js";
import { type Call, Reply, requireKeys } from "./call.js";
import { badRequest, notFound } from "./errors.js";
import { isString } from "./json.js";
import { type Route, adminRoute } from "./router.js";
import { type Device, type User, makeDevice } from "./user.js";

export const deviceRoutes: Route[] = [
  adminRoute("GET", "/v2/users/{user_id}/devices/{device_id}", getDevice),
  adminRoute("PUT", "/v2/users/{user_id}/devices/{device_id}", updateDevice),
  adminRoute("DELETE", "/v2/users/{user_id}/devices/{device_id}", deleteDevice),
  adminRoute("GET", "/v2/users/{user_id}/devices", listDevices),
  adminRoute("POST", "/v2/users/{user_id}/devices", createDevice),
  adminRoute("POST", "/v2/users/{user_id}/delete_devices", deleteDevices),
];

function owner(call: Call, remote = "Can only lookup local users"): User {
  return editUser(call.world, call.param("user_id"), { remote, unknown: "Unknown user" });
}

function wire(user: User, device: Device): object {
  return {
    user_id: user.userId,
    device_id: device.deviceId,
    display_name: device.displayName,
    last_seen_user_agent: device.lastSeenUserAgent,
    last_seen_ts: device.lastSeenTs,
    last_seen_ip: device.lastSeenIp,
  };
}

function listDevices(call: Call): object {
  const user = owner(call);
  const devices = [...user.devices.values()];
  // The key is on all rows or on none.
  const hasDehydrated = devices.some((device) => device.dehydrated);
  return {
    devices: devices.map((device) => ({
      ...wire(user, device),
      ...(hasDehydrated ? { dehydrated: device.dehydrated } : {}),
    })),
    total: devices.length,
  };
}

function getDevice(call: Call): object {
  const user = owner(call);
  const device = user.devices.get(call.param("device_id"));
  if (device === undefined) throw notFound("Not found");
  return wire(user, device);
}

function createDevice(call: Call): Reply {
  const user = owner(call, "Can only create devices for local users");
  const deviceId = call.object()["device_id"];
  if (!deviceId) throw badRequest("Missing device_id");
  if (!isString(deviceId)) throw badRequest("device_id must be a string");
  if (!user.devices.has(deviceId)) user.devices.set(deviceId, makeDevice(deviceId));
  return new Reply(201, {});
}

function updateDevice(call: Call): object {
  const user = owner(call);
  const name = call.object({ mayBeEmpty: true })["display_name"];
  if (isString(name) && name.length > 100) throw badRequest("Device display name is too long (max 100)", "M_TOO_LARGE");
  const device = user.devices.get(call.param("device_id"));
  if (device === undefined) throw notFound("Not found");
  if (isString(name)) device.displayName = name;
  return {};
}

/** An unknown device is gone already. */
function deleteDevice(call: Call): object {
  const user = owner(call);
  call.world.removeDevices(user.userId, (deviceId) => deviceId === call.param("device_id"));
  return {};
}

function deleteDevices(call: Call): object {
  const user = owner(call);
  const body = call.object();
  requireKeys(body, "devices");
  const devices: unknown = body["devices"];
  // Synapse walks over whatever is there: a plain text letter by letter.
  const wanted = new Set<unknown>(Array.isArray(devices) || isString(devices) ? devices : []);
  call.world.removeDevices(user.userId, (deviceId) => wanted.has(deviceId));
  return {};
}
