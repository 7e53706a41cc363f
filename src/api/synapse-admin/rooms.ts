import { path } from "../path.js";
import { items, type Direction, type EveryPageQuery, type PageQuery } from "./pages.js";
import { Resource } from "./resource.js";

/** A row of the room list. */
export interface RoomSummary {
  room_id: string;
  name: string | null;
  canonical_alias: string | null;
  joined_members: number;
  joined_local_members: number;
  version: string | null;
  creator: string | null;
  /** Algorithm; `null` when unencrypted. */
  encryption: string | null;
  federatable: boolean;
  /** Listed in the room directory; says nothing about who may join. */
  public: boolean;
  join_rules: string | null;
  guest_access: string | null;
  history_visibility: string | null;
  /** Number of current state events. */
  state_events: number;
  /** `m.space` for spaces. Since Synapse 1.64. */
  room_type?: string | null;
}

export interface RoomList {
  rooms: RoomSummary[];
  offset: number;
  total_rooms: number;
  next_batch?: number;
  prev_batch?: number;
}

/** One room, in full. Counts can be `null` for a room without a row in Synapse's statistics. */
export interface Room extends Omit<RoomSummary, "joined_members" | "joined_local_members" | "state_events"> {
  joined_members: number | null;
  joined_local_members: number | null;
  state_events: number | null;
  avatar: string | null;
  topic: string | null;
  joined_local_devices: number;
  /** Whether all local users forgot it. Since Synapse 1.66. */
  forgotten?: boolean;
  /** Since Synapse 1.153. */
  tombstoned?: boolean;
  replacement_room?: string | null;
}

export interface RoomQuery extends PageQuery {
  /** Part of the name or of the canonical alias' localpart, whatever its case, or a whole room ID. Not empty. */
  searchTerm?: string | undefined;
  /** `true` only rooms without members, `false` none of them. Ignored in part when `searchTerm` is given. */
  emptyRooms?: boolean | undefined;
  /** Column such as `name`, `joined_members` or `state_events`. Counts start with the largest. */
  orderBy?: string | undefined;
  dir?: Direction | undefined;
}

export interface RoomMembers {
  /** Who has joined. */
  members: string[];
  total: number;
}

export interface StateEvent {
  type: string;
  state_key: string;
  sender: string;
  event_id: string;
  room_id: string;
  /** Milliseconds. */
  origin_server_ts: number;
  content: Record<string, unknown>;
}

export interface RoomState {
  state: StateEvent[];
}

export interface BlockRoomResult {
  block: boolean;
}

export interface BlockStatus extends BlockRoomResult {
  /** Who blocked it; only when it is blocked. */
  user_id?: string;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html */
export class Rooms extends Resource {
  /**
   * One page of the rooms that the server knows.
   *
   * @throws HttpError 400 `M_INVALID_PARAM` if `orderBy` is no column that Synapse sorts by, or `searchTerm` is empty
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#list-room-api
   */
  list(query: RoomQuery = {}): Promise<RoomList> {
    return this.request.query("get", path`v1/rooms`, {
      purpose: "list rooms",
      params: {
        from: query.from,
        limit: query.limit,
        search_term: query.searchTerm,
        empty_rooms: query.emptyRooms,
        order_by: query.orderBy,
        dir: query.dir,
      },
      needs: { rooms: [{ room_id: /^!/ }], total_rooms: 0 },
    });
  }

  /** Every room that {@link Rooms.list} has, page by page. */
  all(query: RoomQuery & EveryPageQuery = {}): AsyncGenerator<RoomSummary, void, void> {
    return items("list rooms", query, async (from) => {
      const { rooms, total_rooms, next_batch } = await this.list({ ...query, from });
      return { items: rooms, total: total_rooms, next: next_batch };
    });
  }

  /**
   * One room.
   *
   * @param roomId full room ID, not an alias
   * @throws HttpError 404 `M_NOT_FOUND` if the server does not know it
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#room-details-api
   */
  get(roomId: string): Promise<Room> {
    return this.request.query("get", path`v1/rooms/${roomId}`, { purpose: `get ${roomId}`, needs: { room_id: "" } });
  }

  /**
   * Who has joined a room, in one answer.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if the server does not know the room
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#room-members-api
   */
  members(roomId: string): Promise<RoomMembers> {
    return this.request.query("get", path`v1/rooms/${roomId}/members`, {
      purpose: `list the members of ${roomId}`,
      needs: { members: [""], total: 0 },
    });
  }

  /**
   * The current state events of a room, in one answer.
   *
   * @param options `type`: only events of this type, such as `m.room.power_levels`. Servers before 1.123 send them all
   * @throws HttpError 404 `M_NOT_FOUND` if the server does not know the room
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#room-state-api
   */
  state(roomId: string, options: { type?: string | undefined } = {}): Promise<RoomState> {
    return this.request.query("get", path`v1/rooms/${roomId}/state`, {
      purpose: `get the state of ${roomId}`,
      params: { type: options.type },
      needs: { state: [{ type: "", content: {} }] },
    });
  }

  /**
   * Block or unblock a room. Local users cannot join a blocked room, members stay; the server need not know it yet.
   *
   * @param roomId full room ID, not an alias
   * @param block true blocks, false unblocks
   * @returns the state the room is in now
   * @throws HttpError 400 if `roomId` is no legal room ID
   * @throws NetworkError if the server says that the room is in the other state
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#block-or-unblock-a-room
   */
  block(roomId: string, block: boolean): Promise<BlockRoomResult> {
    return this.request.query("put", path`v1/rooms/${roomId}/block`, {
      purpose: `${block ? "block" : "unblock"} ${roomId}`,
      data: { block },
      needs: { block },
    });
  }

  /**
   * Whether a room is blocked, and by whom.
   *
   * @throws HttpError 400 if `roomId` is no legal room ID
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#get-block-status
   */
  blockStatus(roomId: string): Promise<BlockStatus> {
    return this.request.query("get", path`v1/rooms/${roomId}/block`, {
      purpose: `get the block status of ${roomId}`,
      needs: { block: Boolean },
    });
  }

  /**
   * Gives a user the highest power level that a local member has, and invites them where needed.
   *
   * @param roomIdOrAlias room ID, or alias
   * @param options `userId`: who gets it, a full Matrix ID. **Default: the caller**
   * @throws HttpError 400 if the server has nobody in the room who could give it
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#make-room-admin-api
   */
  makeAdmin(roomIdOrAlias: string, options: { userId?: string | undefined } = {}): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/rooms/${roomIdOrAlias}/make_room_admin`, {
      purpose: `make ${options.userId ?? "the caller"} an admin of ${roomIdOrAlias}`,
      data: { user_id: options.userId },
    });
  }
}
