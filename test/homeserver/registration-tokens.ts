import type { Call } from "./call.js";
import { invalidParam, notFound } from "./errors.js";
import { type JsonObject, isString } from "./json.js";
import { type Route, adminRoute } from "./router.js";
import type { RegistrationToken, World } from "./world.js";

/** `new` comes first and hides a token of that name. */
export const registrationTokenRoutes: Route[] = [
  adminRoute("GET", "/v1/registration_tokens", listTokens),
  adminRoute("POST", "/v1/registration_tokens/new", newToken),
  adminRoute("GET", "/v1/registration_tokens/{token}", findToken),
  adminRoute("PUT", "/v1/registration_tokens/{token}", updateToken),
  adminRoute("DELETE", "/v1/registration_tokens/{token}", deleteToken),
].map((route) => ({ ...route, notWithMas: true }));

function listTokens(call: Call): object {
  const valid = call.flag("valid");
  const tokens = [...call.world.registrationTokens.values()];
  return { registration_tokens: tokens.filter((token) => valid === undefined || isValid(call.world, token) === valid) };
}

function isValid(world: World, { uses_allowed, pending, completed, expiry_time }: RegistrationToken): boolean {
  const hasUses = uses_allowed === null || uses_allowed > pending + completed;
  return hasUses && (expiry_time === null || expiry_time > world.now());
}

/** Whether somebody may register with it. Here 0 uses are no limit, though the list calls such a token invalid. */
export function isUsable(world: World, token: RegistrationToken): boolean {
  return isValid(world, token.uses_allowed === 0 ? { ...token, uses_allowed: null } : token);
}

function newToken(call: Call): object {
  const { world } = call;
  const body = call.object();
  const token = "token" in body ? chosenToken(body["token"]) : randomToken(world, body["length"] ?? 16);
  const { uses_allowed = null, expiry_time = null } = limits(world, body);
  if (world.registrationTokens.has(token)) throw invalidParam(`Token already exists: ${token}`);
  const made: RegistrationToken = { token, uses_allowed, pending: 0, completed: 0, expiry_time };
  world.registrationTokens.set(token, made);
  return made;
}

function chosenToken(token: unknown): string {
  if (!isString(token)) throw invalidParam("token must be a string");
  if (token.length === 0 || token.length > 64) {
    throw invalidParam("token must not be empty and must not be longer than 64 characters");
  }
  if (!/^[A-Za-z0-9._~-]+$/.test(token)) {
    throw invalidParam("token must consist only of characters matched by the regex [A-Za-z0-9-_]");
  }
  return token;
}

function randomToken(world: World, length: unknown): string {
  if (typeof length !== "number" || !Number.isInteger(length)) throw invalidParam("length must be an integer");
  if (length <= 0 || length > 64) throw invalidParam("length must be greater than zero and not greater than 64");
  return world.ids.letters(length);
}

/** Only what the body names: absent and null differ. */
function limits(world: World, body: JsonObject): Partial<Pick<RegistrationToken, "uses_allowed" | "expiry_time">> {
  const found: ReturnType<typeof limits> = {};
  if ("uses_allowed" in body) {
    const uses = body["uses_allowed"];
    if (!isIntegerOrNull(uses) || (uses !== null && uses < 0)) {
      throw invalidParam("uses_allowed must be a non-negative integer or null");
    }
    found.uses_allowed = uses;
  }
  if ("expiry_time" in body) {
    const expiry = body["expiry_time"];
    if (!isIntegerOrNull(expiry)) throw invalidParam("expiry_time must be an integer or null");
    if (expiry !== null && expiry < world.now()) throw invalidParam("expiry_time must not be in the past");
    found.expiry_time = expiry;
  }
  return found;
}

function isIntegerOrNull(value: unknown): value is number | null {
  return value === null || Number.isInteger(value);
}

function findToken(call: Call): RegistrationToken {
  const name = call.param("token");
  const token = call.world.registrationTokens.get(name);
  if (token === undefined) throw notFound(`No such registration token: ${name}`);
  return token;
}

function updateToken(call: Call): object {
  const changes = limits(call.world, call.object());
  return Object.assign(findToken(call), changes);
}

function deleteToken(call: Call): object {
  call.world.registrationTokens.delete(findToken(call).token);
  return {};
}
