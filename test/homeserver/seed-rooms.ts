import type { JsonObject } from "./json.js";
import { openRoom } from "./room-create.js";
import type { Room } from "./room.js";
import { DAY } from "./time.js";
import { HOSTILE_NAMES } from "./seed-users.js";
import type { World } from "./world.js";

/** The largest depth there can be: some servers sent it, and no JavaScript number can hold it. */
export const LARGEST_DEPTH = 9_223_372_036_854_775_807n;

/** An ID without a server part, as rooms of version 12 have it. */
export const VERSION_12_ID = "31hneApxJ_1o-63DmFrpeqnkFfWppnzWso1JvH3ogLM";

interface NewRoom {
  localpart: string;
  version?: string;
  creator?: string;
  name?: string;
  aliases?: string[];
  joinRule?: string;
  isPublic?: boolean;
  create?: JsonObject;
  powerLevels?: JsonObject;
}

export function seedRooms(world: World): void {
  const seeder = new RoomSeeder(world);
  seedMeetingPlaces(seeder);
  seedOddRooms(seeder);
  seedDeserted(seeder);
}

/** Writes rooms with events in the past, one minute apart. */
class RoomSeeder {
  private ts: number;

  constructor(readonly world: World) {
    this.ts = world.now() - 400 * DAY;
  }

  id(user: string): string {
    return user.includes(":") ? `@${user}` : this.world.userId(user);
  }

  room(wanted: NewRoom): Room {
    const { localpart, version = "10", joinRule = "invite", isPublic = false, aliases = [] } = wanted;
    const creator = this.id(wanted.creator ?? "alice");
    const { powerLevels = { users: { [creator]: 100, [this.id("bob")]: 50 }, users_default: 0 } } = wanted;
    const content = { room_version: version, ...(Number(version) < 11 ? { creator } : {}), ...wanted.create };
    const room = openRoom(this.world, creator, version, isPublic, content, { localpart, ts: this.tick() });
    this.join(room, creator);
    this.state(room, "m.room.power_levels", powerLevels);
    this.state(room, "m.room.join_rules", { join_rule: joinRule });
    this.state(room, "m.room.history_visibility", { history_visibility: "shared" });
    if (wanted.name !== undefined) this.state(room, "m.room.name", { name: wanted.name });
    for (const name of aliases) {
      const alias = `#${name}:${this.world.serverName}`;
      this.world.aliases.set(alias, { alias, roomId: room.roomId, creator });
    }
    if (aliases[0]) this.state(room, "m.room.canonical_alias", { alias: `#${aliases[0]}:${this.world.serverName}` });
    return room;
  }

  state(room: Room, type: string, content: JsonObject, stateKey = ""): void {
    this.world.send(room, { type, sender: room.creator, stateKey, content, originServerTs: this.tick() });
  }

  join(room: Room, ...users: string[]): void {
    for (const user of users) this.member(room, user, "join");
  }

  member(room: Room, user: string, membership: "join" | "leave" | "invite" | "ban"): void {
    const userId = user.startsWith("@") ? user : this.id(user);
    const sender = membership === "join" || membership === "leave" ? userId : room.creator;
    const { displayname } = this.world.users.get(userId) ?? {};
    const content = { membership, ...(displayname ? { displayname } : {}) };
    const type = "m.room.member";
    this.world.send(room, { type, sender, stateKey: userId, content, originServerTs: this.tick() });
  }

  message(room: Room, user: string, content: JsonObject): void {
    const full = { msgtype: "m.text", ...content };
    const sender = this.id(user);
    this.world.send(room, { type: "m.room.message", sender, content: full, originServerTs: this.tick() });
  }

  tick(): number {
    this.ts += 60_000;
    return this.ts;
  }
}

function seedMeetingPlaces(seeder: RoomSeeder): void {
  const { serverName } = seeder.world;
  const lobby = seeder.room({
    localpart: "lobby",
    name: "Lobby",
    aliases: ["lobby", "hall"],
    joinRule: "public",
    isPublic: true,
  });
  seeder.state(lobby, "m.room.topic", { topic: "Words for everybody" });
  seeder.state(lobby, "m.room.avatar", { url: `mxc://${serverName}/twin1` });
  seeder.join(lobby, "admin", "bob", "carol", "erin", "spam1", "spam2", "zoe:remote.test");
  seeder.member(lobby, "spam3", "ban");
  seeder.message(lobby, "alice", { body: "Witaj w Łodzi! ようこそ 🎉" });
  seeder.message(lobby, "alice", { msgtype: "m.image", body: "test1.png", url: `mxc://${serverName}/abcdefgh` });
  seeder.message(lobby, "spam1", { body: "\u001b[5mBUY\u001b[0m <a href='x'>coins</a>" });
  seeder.message(lobby, "spam1", { msgtype: "m.image", body: "coins", url: `mxc://${serverName}/evilname` });
  seeder.message(lobby, "zoe:remote.test", {
    msgtype: "m.video",
    body: "clip",
    url: "mxc://remote.test/xyz",
    info: { thumbnail_url: "mxc://remote.test/remotenew" },
  });
  seeder.message(lobby, "bob", { body: "I am a bot" });

  const crypt = seeder.room({ localpart: "crypt", name: "Crypt" });
  seeder.state(crypt, "m.room.encryption", { algorithm: "m.megolm.v1.aes-sha2" });
  seeder.join(crypt, "bob");
  const secret = { algorithm: "m.megolm.v1.aes-sha2", ciphertext: "AwgAEnACgAkLmt6qF84IK++J7UDH2Za1YVchHyprqTqsg" };
  const sender = seeder.id("alice");
  const { world } = seeder;
  world.send(crypt, { type: "m.room.encrypted", sender, content: secret, originServerTs: seeder.tick() });

  const space = seeder.room({ localpart: "space", name: "A space", create: { type: "m.space" } });
  seeder.join(space, "admin", "judy", "heidi");
  for (const room of [lobby, crypt]) seeder.state(space, "m.space.child", { via: [serverName] }, room.roomId);

  // Two people, and nobody gave it a name.
  seeder.join(seeder.room({ localpart: "direct", version: "9" }), "frank");
  const news = seeder.room({
    localpart: "news",
    name: "Łódź news",
    aliases: ["łódź"],
    create: { "m.federate": false },
  });
  seeder.state(news, "m.room.history_visibility", { history_visibility: "world_readable" });
  seeder.state(news, "m.room.guest_access", { guest_access: "can_join" });
  seeder.join(news, "dave.old", "judy", "a.b-c=d_e/f+g");
}

function seedOddRooms(seeder: RoomSeeder): void {
  const { world } = seeder;
  // The creators of version 12 stand above the power levels, which need not name anybody then.
  const twelve = seeder.room({
    localpart: VERSION_12_ID,
    version: "12",
    name: "Twelve",
    creator: "judy",
    powerLevels: { users_default: 0, state_default: 50 },
  });
  seeder.join(twelve, "alice");
  const old = seeder.room({ localpart: "eleven", version: "11", name: "Eleven", creator: "judy" });
  seeder.state(old, "m.room.tombstone", { body: "This room has been replaced", replacement_room: twelve.roomId });

  // From the first days, with numbers that later versions forbid.
  const ancient = seeder.room({
    localpart: "ancient",
    version: "1",
    name: "Ancient",
    powerLevels: { users: { [seeder.id("alice")]: 100, "@founder:remote.test": LARGEST_DEPTH }, users_default: 0 },
  });
  seeder.join(ancient, "founder:remote.test");
  world.send(ancient, {
    type: "m.room.topic",
    sender: "@founder:remote.test",
    stateKey: "",
    content: { topic: "As deep as it gets" },
    depth: LARGEST_DEPTH,
    originServerTs: seeder.tick(),
  });

  const hostile = seeder.room({
    localpart: "hostile",
    name: "\u001b[2J\u202eevil\u202c\n<img src=x onerror=alert(1)>",
    aliases: ["hostile"],
  });
  seeder.state(hostile, "m.room.topic", { topic: "\u001b]52;c;cm0gLXJmIC8=\u0007first\nsecond" });
  seeder.join(hostile, ...Object.keys(HOSTILE_NAMES).map((name) => `hostile.${name}`));
  seeder.room({ localpart: "wide", name: "日本語の部屋 🎉 とても長い名前の部屋です" });
}

function seedDeserted(seeder: RoomSeeder): void {
  const { world } = seeder;
  const blocked = seeder.room({ localpart: "spamden", name: "Cheap coins", creator: "spam1", joinRule: "public" });
  seeder.join(blocked, "spam2", "spam3", "mallory:remote.test");
  world.blockRoom(blocked.roomId, world.userId("admin"));

  const empty = seeder.room({ localpart: "empty1", name: "Left behind" });
  seeder.member(empty, "alice", "leave");
  // Only people from elsewhere: this server should know nothing of such a room any more, but some are left over.
  const remote = seeder.room({ localpart: "empty2", name: "Old gold", creator: "founder:remote.test" });
  seeder.join(remote, "zoe:remote.test", "mallory:remote.test");
}
