/** Accounts and what belongs to them. */

export interface Threepid {
  medium: string;
  address: string;
  validated_at: number;
  added_at: number;
}

export interface ExternalId {
  auth_provider: string;
  external_id: string;
}

export interface Device {
  deviceId: string;
  displayName: string | null;
  lastSeenTs: number | null;
  lastSeenIp: string | null;
  lastSeenUserAgent: string | null;
  /** Some users have one device that lives on the server only. */
  dehydrated: boolean;
}

export interface Connection {
  ip: string;
  last_seen: number;
  user_agent: string;
}

export interface User {
  readonly userId: string;
  /** Kept in clear: this server guards nothing. Null: no password login. */
  password: string | null;
  displayname: string | null;
  avatarUrl: string | null;
  admin: boolean;
  deactivated: boolean;
  locked: boolean;
  suspended: boolean;
  shadowBanned: boolean;
  erased: boolean;
  isGuest: boolean;
  userType: string | null;
  /** Milliseconds, whole seconds: Synapse stores seconds. */
  creationTs: number;
  threepids: Threepid[];
  externalIds: ExternalId[];
  devices: Map<string, Device>;
  connections: Connection[];
}

export type NewUser = Partial<Omit<User, "userId" | "devices">>;

export function makeUser(userId: string, now: number, fields: NewUser = {}): User {
  return {
    userId,
    password: null,
    displayname: userId.slice(1, userId.indexOf(":")),
    avatarUrl: null,
    admin: false,
    deactivated: false,
    locked: false,
    suspended: false,
    shadowBanned: false,
    erased: false,
    isGuest: false,
    userType: null,
    creationTs: Math.floor(now / 1000) * 1000,
    threepids: [],
    externalIds: [],
    devices: new Map(),
    connections: [],
    ...fields,
  };
}

export function makeDevice(deviceId: string, fields: Partial<Omit<Device, "deviceId">> = {}): Device {
  return {
    deviceId,
    displayName: null,
    lastSeenTs: null,
    lastSeenIp: null,
    lastSeenUserAgent: null,
    dehydrated: false,
    ...fields,
  };
}

/** Latest activity of any device, else of any connection. */
export function lastSeenTs(user: Readonly<User>): number | null {
  const latest = (times: (number | null)[]): number | null =>
    times.reduce<number | null>((max, time) => (time !== null && (max === null || time > max) ? time : max), null);
  return (
    latest([...user.devices.values()].map((device) => device.lastSeenTs)) ??
    latest(user.connections.map((connection) => connection.last_seen))
  );
}
