import { createHmac } from "node:crypto";
import { register } from "./accounts.js";
import type { Call } from "./call.js";
import { MatrixError, badRequest } from "./errors.js";
import { type JsonObject, isString } from "./json.js";
import type { Route } from "./router.js";

export const registerRoutes: Route[] = [
  { method: "GET", path: "/_synapse/admin/v1/register", for: "anybody", handle: makeNonce, notWithMas: true },
  { method: "POST", path: "/_synapse/admin/v1/register", for: "anybody", handle: registerUser, notWithMas: true },
];

const NONCE_MS = 60_000;

function makeNonce({ world }: Call): object {
  const nonce = world.ids.hex(128);
  world.nonces.set(nonce, world.now());
  return { nonce };
}

/** Registration by shared secret: the way to make the first admin, so it needs no token. */
function registerUser(call: Call): object {
  const { world } = call;
  for (const [nonce, madeAt] of world.nonces) if (world.now() - madeAt > NONCE_MS) world.nonces.delete(nonce);
  if (world.sharedSecret === "") throw badRequest("Shared secret registration is not enabled");
  const body = call.object();
  const nonce = required(body, "nonce");
  // Burnt by any attempt, also one that fails.
  if (!isString(nonce) || !world.nonces.delete(nonce)) throw badRequest("unrecognised nonce");
  const username = secretText(body, "username");
  const password = secretText(body, "password");
  const admin = Boolean(body["admin"]);
  const userType = body["user_type"] ?? null;
  if (userType !== null && userType !== "bot" && userType !== "support") throw badRequest("Invalid user type");
  const mac = required(body, "mac");
  const parts = [nonce, username, password, admin ? "admin" : "notadmin", ...(userType === null ? [] : [userType])];
  const expected = createHmac("sha1", world.sharedSecret).update(parts.join("\0")).digest("hex");
  if (mac !== expected) throw new MatrixError(403, "M_UNKNOWN", "HMAC incorrect");

  const localpart = username.toLowerCase();
  const displayname = isString(body["displayname"]) ? body["displayname"] : localpart;
  const user = register(world, localpart, { password, admin, userType, displayname });
  const answer = { user_id: user.userId, home_server: world.serverName };
  if (body["inhibit_login"] === true) return answer;
  const { token, deviceId } = world.addToken(user.userId);
  return { ...answer, access_token: token, device_id: deviceId };
}

function required(body: JsonObject, name: string): unknown {
  if (!(name in body)) throw badRequest(`${name} must be specified`, "M_BAD_JSON");
  return body[name];
}

function secretText(body: JsonObject, name: "username" | "password"): string {
  const value = required(body, name);
  if (!isString(value) || value.length > 512 || value.includes("\0")) throw badRequest(`Invalid ${name}`);
  return value;
}
