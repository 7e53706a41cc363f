import type { Direction, PageQuery } from "./pages.js";

/** A row of the user list. */
export interface UserSummary {
  name: string;
  user_type: string | null;
  is_guest: boolean;
  admin: boolean;
  deactivated: boolean;
  shadow_banned: boolean;
  displayname: string | null;
  avatar_url: string | null;
  /** Milliseconds here, seconds in {@link User}. */
  creation_ts: number | null;
  approved?: boolean;
  erased?: boolean;
  last_seen_ts?: number | null;
  /** Since Synapse 1.93. */
  locked?: boolean;
}

export interface UserList {
  users: UserSummary[];
  /** Matches before paging. */
  total: number;
  next_token?: string;
}

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

/** One account, in full. */
export interface User {
  name: string;
  admin: boolean;
  deactivated: boolean;
  /** Since Synapse 1.91. */
  locked?: boolean;
  shadow_banned: boolean;
  /** Seconds here, milliseconds in {@link UserSummary}. */
  creation_ts: number;
  appservice_id: string | null;
  consent_server_notice_sent: string | null;
  consent_version: string | null;
  consent_ts?: number | null;
  user_type: string | null;
  is_guest: boolean;
  /** Since Synapse 1.121. */
  suspended?: boolean;
  approved?: boolean;
  displayname: string | null;
  avatar_url: string | null;
  threepids: Threepid[];
  external_ids: ExternalId[];
  erased?: boolean;
  last_seen_ts?: number | null;
}

export interface UserQuery extends PageQuery {
  /** Part of a full user ID; ASCII only. Synapse ignores it when `name` is given. */
  userId?: string | undefined;
  /** Part of a localpart or of a display name, whatever its case. */
  name?: string | undefined;
  /** `false` leaves guests out, which servers with MAS insist on. Default: with guests where the server can. */
  guests?: boolean | undefined;
  /** `true` adds deactivated accounts. */
  deactivated?: boolean | undefined;
  /** `true` adds locked accounts. */
  locked?: boolean | undefined;
  /** `true` only server admins, `false` none of them. */
  admins?: boolean | undefined;
  /** Column such as `name`, `creation_ts` or `last_seen_ts`; all but the first two are heavy on a large server. */
  orderBy?: string | undefined;
  dir?: Direction | undefined;
  /** User types to leave out; the empty string means accounts without a type. */
  notUserType?: readonly string[] | undefined;
}

/** What is left out stays as it is. */
export interface UserChange {
  password?: string | undefined;
  /** `false` keeps the sessions when `password` is given. Default true. */
  logoutDevices?: boolean | undefined;
  /** The empty string removes it. */
  displayname?: string | undefined;
  /** MXC URI; the empty string removes it. */
  avatarUrl?: string | undefined;
  /** Replaces the whole list. */
  threepids?: readonly { medium: string; address: string }[] | undefined;
  admin?: boolean | undefined;
  /** `true` deactivates without erasing, `false` reactivates. Not for a new account. */
  deactivated?: boolean | undefined;
  /** Not for a new account. */
  locked?: boolean | undefined;
  /** `bot`, `support` or what the server is configured for; `null` makes it an ordinary account. */
  userType?: string | null | undefined;
}

export interface Deactivation {
  /** `success`, or `no-support` where an identity server could not unbind e-mail addresses and phone numbers. */
  id_server_unbind_result: string;
}

export interface JoinedRooms {
  joined_rooms: string[];
  total: number;
}

export interface Whois {
  user_id: string;
  /** One entry, under the empty key: Synapse does not tell devices apart here. */
  devices: Record<string, { sessions: { connections: { ip: string; last_seen: number; user_agent: string }[] }[] }>;
}
