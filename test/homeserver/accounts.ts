import { badRequest, invalidParam, notFound } from "./errors.js";
import { parseUserId } from "./ids.js";
import { type Threepid, type User, lastSeenTs } from "./user.js";
import type { World } from "./world.js";

interface Words {
  remote?: string;
  unknown?: string;
}

/** An account of this server to look at, or the errors that most of the user endpoints give. */
export function findUser(world: World, userId: string, words: Words = {}): Readonly<User> {
  const { remote = "Can only look up local users", unknown = "User not found" } = words;
  if (parseUserId(userId).domain !== world.serverName) throw badRequest(remote);
  const user = world.users.get(userId);
  if (user === undefined) throw notFound(unknown);
  return user;
}

/** The same, to change it. */
export function editUser(world: World, userId: string, words: Words = {}): User {
  const { unknown = "User not found" } = words;
  const user = world.users.edit(findUser(world, userId, words).userId);
  if (user === undefined) throw notFound(unknown);
  return user;
}

/** What `GET v2/users/X` says. `creation_ts` is in seconds here, in milliseconds in the lists. */
export function userDetails(user: Readonly<User>): object {
  return {
    name: user.userId,
    admin: user.admin,
    deactivated: user.deactivated,
    locked: user.locked,
    shadow_banned: user.shadowBanned,
    creation_ts: user.creationTs / 1000,
    appservice_id: null,
    consent_server_notice_sent: null,
    consent_version: null,
    consent_ts: null,
    user_type: user.userType,
    is_guest: user.isGuest,
    suspended: user.suspended,
    displayname: user.displayname,
    avatar_url: user.avatarUrl,
    threepids: user.threepids,
    external_ids: user.externalIds,
    erased: user.erased,
    last_seen_ts: lastSeenTs(user),
  };
}

/** One row of `users list`. */
export function userRow(user: Readonly<User>): object {
  return {
    name: user.userId,
    user_type: user.userType,
    is_guest: user.isGuest,
    admin: user.admin,
    deactivated: user.deactivated,
    shadow_banned: user.shadowBanned,
    displayname: user.displayname,
    avatar_url: user.avatarUrl,
    creation_ts: user.creationTs,
    approved: true,
    erased: user.erased,
    last_seen_ts: lastSeenTs(user),
    locked: user.locked,
  };
}

/** The rules for new accounts; historical IDs that break them exist all the same. */
export function register(world: World, localpart: string, fields: Parameters<World["addUser"]>[1]): User {
  const bad = (message: string): Error => badRequest(message, "M_INVALID_USERNAME");
  if (!/^[a-z0-9=_\-./+]*$/.test(localpart)) {
    throw bad("User ID can only contain characters a-z, 0-9, or '=_-./+'");
  }
  if (localpart === "") throw bad("User ID cannot be empty");
  if (localpart.startsWith("_")) throw bad("User ID may not begin with _");
  if (world.userId(localpart).length > 255) throw bad("User ID may not be longer than 255 characters");
  if (world.users.has(world.userId(localpart))) throw badRequest("User ID already taken.", "M_USER_IN_USE");
  if (/^\d+$/.test(localpart)) throw bad("Numeric user IDs are reserved for guest users.");
  return world.addUser(localpart, fields);
}

export function setPassword(world: World, user: User, password: string, keep: { token: string } | undefined): void {
  user.password = password;
  if (keep === undefined) return;
  // The session that asks for it survives when an admin sets their own password.
  const survivor = world.tokens.get(keep.token);
  const device = survivor?.userId === user.userId ? survivor.deviceId : null;
  world.removeDevices(user.userId, (deviceId) => deviceId !== device);
  world.dropTokens((token) => token.userId === user.userId && token.token !== keep.token);
}

/** A threepid belongs to one account: another holder silently loses it. */
export function addThreepid(world: World, user: User, medium: string, address: string): void {
  if (medium !== "email" && medium !== "msisdn") throw invalidParam(`'${medium}' is not a valid value for 'medium'`);
  if (medium === "email" && !/^[^@]+@[^@]+$/.test(address)) throw badRequest("Unable to parse email address");
  const stored = medium === "email" ? address.toLowerCase() : address;
  const other = holder(world, medium, stored);
  if (other) other.threepids = other.threepids.filter((one) => !isSame(one, medium, stored));
  const now = world.now();
  user.threepids.push({ medium, address: stored, validated_at: now, added_at: now });
}

export function holder(world: World, medium: string, address: string): User | undefined {
  return [...world.users.values()].find((user) => user.threepids.some((one) => isSame(one, medium, address)));
}

function isSame(threepid: Threepid, medium: string, address: string): boolean {
  return threepid.medium === medium && threepid.address === address;
}

/** Ends sessions, drops what identifies the account, leaves all rooms. Media and messages stay. */
export function deactivate(world: World, user: User, erase: boolean): void {
  world.removeDevices(user.userId, () => true);
  world.dropTokens((token) => token.userId === user.userId);
  user.password = null;
  user.threepids = [];
  user.deactivated = true;
  if (erase) {
    user.displayname = null;
    user.avatarUrl = null;
    user.erased = true;
  }
  for (const room of world.rooms.values()) {
    const membership = room.membership(user.userId);
    if (membership === undefined || membership === "leave" || membership === "ban") continue;
    const content = { membership: "leave" };
    world.send(room, { type: "m.room.member", sender: user.userId, stateKey: user.userId, content });
    room.forgottenBy.add(user.userId);
  }
}

/** Lifts the deactivation and the erased mark, and restores nothing else. */
export function activate(user: User): void {
  user.deactivated = false;
  user.erased = false;
}
