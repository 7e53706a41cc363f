import { badRequest } from "./errors.js";
import { type JsonObject, isObject, isString } from "./json.js";
import { Room } from "./room.js";
import type { World } from "./world.js";

export const DEFAULT_ROOM_VERSION = "11";
const KNOWN_VERSIONS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];

interface Preset {
  joinRule: string;
  guestsCanJoin: boolean;
  powerLevels: JsonObject;
}

const PRIVATE: Preset = { joinRule: "invite", guestsCanJoin: true, powerLevels: { invite: 0 } };
const PRESETS: Readonly<Record<string, Preset>> = {
  private_chat: PRIVATE,
  trusted_private_chat: PRIVATE,
  public_chat: { joinRule: "public", guestsCanJoin: false, powerLevels: { "m.call.invite": 50 } },
};

/** Makes a room from the body of `createRoom`, with the events that Synapse sends, in its order. */
export function createRoom(world: World, creator: string, config: JsonObject): Room {
  const version = config["room_version"] ?? DEFAULT_ROOM_VERSION;
  if (!isString(version) || !KNOWN_VERSIONS.includes(version)) {
    throw badRequest("Your homeserver does not support this room version", "M_UNSUPPORTED_ROOM_VERSION");
  }
  const alias = newAlias(world, config["room_alias_name"]);
  const invited = strings(config["invite"]);
  const isPublic = config["visibility"] === "public";
  const presetName = isString(config["preset"]) ? config["preset"] : isPublic ? "public_chat" : "private_chat";
  const preset = PRESETS[presetName];
  if (preset === undefined) throw badRequest(`'${presetName}' is not a valid preset`, "M_BAD_JSON");
  const trusted = presetName === "trusted_private_chat";

  const room = openRoom(world, creator, version, isPublic, {
    ...objectAt(config, "creation_content"),
    room_version: version,
    ...(Number(version) < 11 ? { creator } : {}),
    ...(Number(version) >= 12 && trusted && invited.length > 0 ? { additional_creators: invited } : {}),
  });
  if (alias !== undefined) world.aliases.set(alias, { alias, roomId: room.roomId, creator });
  const set = (type: string, content: JsonObject, stateKey = ""): void => {
    world.send(room, { type, sender: creator, stateKey, content });
  };
  const initial = initialState(config["initial_state"]);
  const unlessGiven = (type: string, content: JsonObject): void => {
    if (!initial.some((event) => event.type === type && event.stateKey === "")) set(type, content);
  };

  set("m.room.member", joinContent(world, creator), creator);
  set("m.room.power_levels", {
    ...powerLevels(room, trusted ? invited : []),
    ...preset.powerLevels,
    ...objectAt(config, "power_level_content_override"),
  });
  if (alias !== undefined) unlessGiven("m.room.canonical_alias", { alias });
  unlessGiven("m.room.join_rules", { join_rule: preset.joinRule });
  unlessGiven("m.room.history_visibility", { history_visibility: "shared" });
  if (preset.guestsCanJoin) unlessGiven("m.room.guest_access", { guest_access: "can_join" });
  for (const { type, stateKey, content } of initial) set(type, content, stateKey);
  if (isString(config["name"])) set("m.room.name", { name: config["name"] });
  const { topic } = config;
  if (isString(topic)) set("m.room.topic", { topic, "m.topic": { "m.text": [{ body: topic }] } });
  for (const userId of invited) set("m.room.member", { membership: "invite", ...profile(world, userId) }, userId);
  return room;
}

/** A room with its first event. Since version 12 the room's ID is the ID of that event. */
export function openRoom(
  world: World,
  creator: string,
  version: string,
  isPublic: boolean,
  content: JsonObject,
  id: { localpart?: string; ts?: number } = {},
): Room {
  const hash = id.localpart ?? world.ids.hash();
  const domain = creator.slice(creator.indexOf(":") + 1);
  const roomId = Number(version) >= 12 ? `!${hash}` : `!${id.localpart ?? world.ids.letters(18)}:${domain}`;
  const eventId = Number(version) >= 12 ? `$${hash}` : undefined;
  const room = new Room(roomId, version, creator, isPublic);
  world.rooms.set(roomId, room);
  const ts = id.ts === undefined ? {} : { originServerTs: id.ts };
  world.send(room, { type: "m.room.create", sender: creator, stateKey: "", content, ...ts }, eventId);
  return room;
}

export function joinContent(world: World, userId: string): JsonObject {
  return { membership: "join", ...profile(world, userId) };
}

export function profile(world: World, userId: string): JsonObject {
  const { displayname, avatarUrl } = world.users.get(userId) ?? {};
  return { ...(displayname ? { displayname } : {}), ...(avatarUrl ? { avatar_url: avatarUrl } : {}) };
}

function powerLevels(room: Room, trusted: string[]): JsonObject {
  const creatorsAreAbove = room.creators.length > 0;
  const users = creatorsAreAbove ? [] : [room.creator, ...trusted];
  return {
    users: Object.fromEntries(users.map((userId) => [userId, 100])),
    users_default: 0,
    events: {
      "m.room.name": 50,
      "m.room.power_levels": 100,
      "m.room.history_visibility": 100,
      "m.room.canonical_alias": 50,
      "m.room.avatar": 50,
      "m.room.tombstone": creatorsAreAbove ? 150 : 100,
      "m.room.server_acl": 100,
      "m.room.encryption": 100,
    },
    events_default: 0,
    state_default: 50,
    ban: 50,
    kick: 50,
    redact: 50,
    invite: 50,
    historical: 100,
  };
}

function newAlias(world: World, localpart: unknown): string | undefined {
  if (!isString(localpart)) return undefined;
  if (/\s/.test(localpart)) throw badRequest("Invalid characters in room alias");
  if (localpart.includes(":")) {
    throw badRequest(
      "':' is not permitted in the room alias name. " +
        "Please note this expects a local part — 'wombat', not '#wombat:example.com'.",
    );
  }
  const alias = `#${localpart}:${world.serverName}`;
  if (world.aliases.has(alias)) throw badRequest("Room alias already taken", "M_ROOM_IN_USE");
  return alias;
}

function initialState(value: unknown): { type: string; stateKey: string; content: JsonObject }[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map((event) => ({
    type: String(event["type"]),
    stateKey: isString(event["state_key"]) ? event["state_key"] : "",
    content: objectAt(event, "content"),
  }));
}

function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isString) : [];
}
