import { GeneratedUsers } from "./generated-users.js";
import { IdMaker, domainOf } from "./ids.js";
import { Jobs } from "./jobs.js";
import type { JsonObject } from "./json.js";
import type { Media } from "./media-store.js";
import { MediaStore } from "./media-store.js";
import type { Room } from "./room.js";
import { type RoomEvent } from "./room.js";
import { type Device, type NewUser, type User, makeDevice, makeUser } from "./user.js";
import { UserStore } from "./user-store.js";

export interface WorldOptions {
  serverName: string;
  now: () => number;
  generatedUsers: number;
  jobMs: number;
  mas: boolean;
  sharedSecret: string;
}

export interface AccessToken {
  readonly token: string;
  /** Whom requests with it act as. */
  readonly userId: string;
  /** Null for tokens that an admin made with `login as`: they make no device. */
  readonly deviceId: string | null;
  readonly validUntilMs: number | null;
  /** The admin who made it with `login as`. */
  readonly madeBy: string | null;
}

export interface RegistrationToken {
  token: string;
  uses_allowed: number | null;
  pending: number;
  completed: number;
  expiry_time: number | null;
}

export interface RoomAlias {
  readonly alias: string;
  roomId: string;
  readonly creator: string;
}

export interface NewEvent {
  type: string;
  sender: string;
  content: JsonObject;
  stateKey?: string;
  originServerTs?: number;
  depth?: number | bigint;
}

/** Everything the homeserver knows. Tests may look into it and change it. */
export class World {
  readonly serverName: string;
  readonly now: () => number;
  readonly mas: boolean;
  readonly sharedSecret: string;
  readonly ids: IdMaker;
  readonly users: UserStore;
  readonly jobs: Jobs;
  readonly media = new MediaStore();
  readonly tokens = new Map<string, AccessToken>();
  readonly rooms = new Map<string, Room>();
  readonly events = new Map<string, RoomEvent>();
  readonly aliases = new Map<string, RoomAlias>();
  /** Room ID to the admin who blocked it; the room need not exist. */
  readonly blockedRooms = new Map<string, string>();
  readonly registrationTokens = new Map<string, RegistrationToken>();
  /** Registrations under way, by session. */
  readonly registrations = new Map<string, { completed: string[]; token: string | undefined }>();
  /** Nonces of shared-secret registration, with the time they were made. */
  readonly nonces = new Map<string, number>();
  /** Answers to requests with a transaction ID, by caller, path and ID. */
  readonly transactions = new Map<string, unknown>();
  /** What /.well-known/matrix/server says; null: 404. */
  wellKnownServer: string | null = null;
  /** False: server notices are not configured. */
  serverNotices = true;

  private streamOrdering = 0;

  constructor(options: WorldOptions) {
    this.serverName = options.serverName;
    this.now = options.now;
    this.mas = options.mas;
    this.sharedSecret = options.sharedSecret;
    this.ids = new IdMaker(options.serverName);
    this.jobs = new Jobs(this.now, options.jobMs, this.ids);
    this.users = new UserStore(new GeneratedUsers(options.generatedUsers, options.serverName, options.now()));
  }

  /** The place of the newest event in the order of all. */
  get lastStreamOrdering(): number {
    return this.streamOrdering;
  }

  isMine(id: string): boolean {
    return domainOf(id) === this.serverName;
  }

  userId(localpart: string): string {
    return `@${localpart}:${this.serverName}`;
  }

  addUser(localpart: string, fields: NewUser = {}, devices: Device[] = []): User {
    const user = this.users.add(makeUser(this.userId(localpart), this.now(), fields));
    for (const device of devices) user.devices.set(device.deviceId, device);
    return user;
  }

  /** A token for a session; the device is made when it is new. */
  addToken(userId: string, options: Partial<Omit<AccessToken, "userId">> = {}): AccessToken {
    const { deviceId = this.ids.capitals(10), validUntilMs = null, madeBy = null } = options;
    const localpart = userId.slice(1, userId.indexOf(":"));
    const token = options.token ?? this.ids.accessToken(localpart);
    const user = this.users.edit(userId);
    if (deviceId !== null && user && !user.devices.has(deviceId)) user.devices.set(deviceId, makeDevice(deviceId));
    const accessToken = { token, userId, deviceId, validUntilMs, madeBy };
    this.tokens.set(token, accessToken);
    return accessToken;
  }

  /** Ends sessions: the tokens that the test picks. */
  dropTokens(test: (token: AccessToken) => boolean): void {
    for (const token of this.tokens.values()) if (test(token)) this.tokens.delete(token.token);
  }

  removeDevices(userId: string, test: (deviceId: string) => boolean): void {
    const user = this.users.edit(userId);
    if (!user) return;
    for (const deviceId of user.devices.keys()) if (test(deviceId)) user.devices.delete(deviceId);
    this.dropTokens((token) => token.userId === userId && token.deviceId !== null && test(token.deviceId));
  }

  addMedia(media: Media): Media {
    return this.media.add(media);
  }

  /** Appends an event; whether the sender may do it has been decided before. */
  send(room: Room, event: NewEvent, eventId = `$${this.ids.hash()}`): RoomEvent {
    this.streamOrdering += 1;
    const before = event.stateKey === undefined ? undefined : room.stateEvent(event.type, event.stateKey);
    const stored: RoomEvent = {
      eventId,
      roomId: room.roomId,
      type: event.type,
      stateKey: event.stateKey,
      sender: event.sender,
      content: event.content,
      originServerTs: event.originServerTs ?? this.now(),
      streamOrdering: this.streamOrdering,
      depth: event.depth ?? room.timeline.length + 1,
      replacesState: before?.eventId,
      redactedBecause: undefined,
    };
    room.append(stored);
    this.events.set(stored.eventId, stored);
    if (event.type === "m.room.member" && event.stateKey !== undefined) this.noteMembership(room, event.stateKey);
    return stored;
  }

  aliasesOf(roomId: string): string[] {
    return [...this.aliases.values()].filter((alias) => alias.roomId === roomId).map((alias) => alias.alias);
  }

  roomsOf(userId: string): Room[] {
    return [...this.rooms.values()].filter((room) => room.membership(userId) === "join");
  }

  localMembers(room: Room): string[] {
    return room.members("join").filter((userId) => this.isMine(userId));
  }

  /** Who blocked it first stays on record. */
  blockRoom(roomId: string, admin: string): void {
    if (!this.blockedRooms.has(roomId)) this.blockedRooms.set(roomId, admin);
  }

  private noteMembership(room: Room, userId: string): void {
    if (room.membership(userId) === "join") room.forgottenBy.delete(userId);
    else if (this.isMine(userId) && this.localMembers(room).length === 0) room.abandon();
  }

  /** Erases a room. That it is blocked is remembered. */
  purgeRoom(roomId: string): void {
    const room = this.rooms.get(roomId);
    if (room === undefined) return;
    for (const event of room.timeline) this.events.delete(event.eventId);
    for (const alias of this.aliasesOf(roomId)) this.aliases.delete(alias);
    this.rooms.delete(roomId);
  }
}
