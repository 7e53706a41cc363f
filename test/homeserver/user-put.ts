import { activate, addThreepid, deactivate, register, setPassword, userDetails } from "./accounts.js";
import { type Call, Reply, booleanOf, requireKeys } from "./call.js";
import { MatrixError, badRequest, invalidParam } from "./errors.js";
import { parseUserId } from "./ids.js";
import { type JsonObject, isObject, isString } from "./json.js";
import type { ExternalId, User } from "./user.js";
import type { World } from "./world.js";

const USER_TYPES: readonly unknown[] = ["bot", "support"];

interface Wanted {
  threepids: { medium: string; address: string }[] | undefined;
  externalIds: ExternalId[] | undefined;
  userType: string | null;
  admin: boolean;
  password: string | undefined;
  logoutDevices: boolean;
  deactivated: boolean;
  locked: boolean;
}

/** PUT v2/users/X: creates the account when it is missing (201), changes it otherwise (200). */
export function putUser(call: Call): Reply {
  const { world } = call;
  const { localpart, domain } = parseUserId(call.param("user_id"));
  const body = call.object();
  if (domain !== world.serverName) throw badRequest("This endpoint can only be used with local users");
  const wanted = read(body);
  const known = world.users.edit(call.param("user_id"));
  if (known) {
    change(call, known, body, wanted);
    return new Reply(200, userDetails(known));
  }
  return new Reply(201, userDetails(create(world, localpart, body, wanted)));
}

function read(body: JsonObject): Wanted {
  const threepids = pairs(body["threepids"], "medium", "address");
  const externalIds = pairs(body["external_ids"], "auth_provider", "external_id");
  const userType = body["user_type"] ?? null;
  if (userType !== null && !USER_TYPES.includes(userType)) throw badRequest("Invalid user type");
  const admin = booleanOf(body, "admin", false, badRequest("Param 'admin' must be a boolean, if given", "M_BAD_JSON"));
  const password = body["password"] ?? undefined;
  if (password !== undefined && (!isString(password) || password.length > 512)) throw badRequest("Invalid password");
  const flag = (name: string, byDefault: boolean): boolean =>
    booleanOf(body, name, byDefault, badRequest(`'${name}' parameter is not of type boolean`));
  const logoutDevices = flag("logout_devices", true);
  const deactivated = flag("deactivated", false);
  const locked = flag("locked", false);
  if (deactivated && locked) throw badRequest("An user can't be deactivated and locked");
  return {
    threepids: threepids?.map(([medium, address]) => ({ medium, address })),
    externalIds: externalIds?.map(([auth_provider, external_id]) => ({ auth_provider, external_id })),
    userType: isString(userType) ? userType : null,
    admin,
    password,
    logoutDevices,
    deactivated,
    locked,
  };
}

function pairs(value: unknown, first: string, second: string): [string, string][] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((item: unknown) => {
    const object = isObject(item) ? item : {};
    requireKeys(object, first, second);
    return [String(object[first]), String(object[second])];
  });
}

/** Not atomic: what stands before a failing field stays done. */
function change(call: Call, user: User, body: JsonObject, wanted: Wanted): void {
  const { world } = call;
  if ("displayname" in body) user.displayname = newDisplayname(body["displayname"]);
  if (wanted.threepids) {
    const { threepids } = wanted;
    const isWanted = (medium: string, address: string): boolean =>
      threepids.some((one) => one.medium === medium && one.address === address);
    const added = threepids.filter(
      (one) => !user.threepids.some((old) => old.medium === one.medium && old.address === one.address),
    );
    user.threepids = user.threepids.filter((old) => isWanted(old.medium, old.address));
    for (const { medium, address } of added) addThreepid(world, user, medium, address);
  }
  if (wanted.externalIds) {
    refuseTaken(world, user, wanted.externalIds);
    user.externalIds = wanted.externalIds;
  }
  if ("avatar_url" in body) user.avatarUrl = newAvatarUrl(body["avatar_url"]);
  if ("admin" in body && wanted.admin !== user.admin) {
    if (user.userId === call.caller.userId && !wanted.admin) throw badRequest("You may not demote yourself.");
    user.admin = wanted.admin;
  }
  if (wanted.password !== undefined) {
    setPassword(world, user, wanted.password, wanted.logoutDevices ? call.caller : undefined);
  }
  if ("deactivated" in body) {
    if (wanted.deactivated && !user.deactivated) deactivate(world, user, false);
    if (!wanted.deactivated && user.deactivated) activate(user);
  }
  if ("locked" in body) user.locked = wanted.locked;
  if ("user_type" in body) user.userType = wanted.userType;
}

function create(world: World, localpart: string, body: JsonObject, wanted: Wanted): User {
  const { admin, userType, password = null } = wanted;
  const displayname = isString(body["displayname"]) ? body["displayname"] : localpart;
  const user = register(world, localpart, { admin, userType, password, displayname });
  for (const { medium, address } of wanted.threepids ?? []) addThreepid(world, user, medium, address);
  if (wanted.externalIds) {
    // The new account stays even when this fails.
    refuseTaken(world, user, wanted.externalIds);
    user.externalIds = wanted.externalIds;
  }
  if (isString(body["avatar_url"])) user.avatarUrl = newAvatarUrl(body["avatar_url"]);
  return user;
}

function newDisplayname(value: unknown): string | null {
  if (!isString(value)) throw invalidParam("'displayname' must be a string");
  if (value.length > 256) throw badRequest("Displayname is too long (max 256)");
  return value.trim() === "" ? null : value.trim();
}

function newAvatarUrl(value: unknown): string | null {
  if (!isString(value)) throw invalidParam("'avatar_url' must be a string");
  if (value.length > 1000) throw badRequest("Avatar URL is too long (max 1000)");
  return value === "" ? null : value;
}

function refuseTaken(world: World, user: User, externalIds: ExternalId[]): void {
  const isTaken = externalIds.some((wanted) =>
    [...world.users.values()].some(
      (other) =>
        other !== user &&
        other.externalIds.some(
          (one) => one.auth_provider === wanted.auth_provider && one.external_id === wanted.external_id,
        ),
    ),
  );
  if (isTaken) throw new MatrixError(409, "M_UNKNOWN", "External id is already in use.");
}
