import { path } from "../path.js";
import { Resource } from "./resource.js";

export interface RoomDeletionOptions {
  /** Local user who creates a room that everybody is moved to. Default: no such room. */
  newRoomUserId?: string | undefined;
  /** Name of that room. */
  roomName?: string | undefined;
  /** First message in that room. */
  message?: string | undefined;
  /** Whether local users are kept from joining the old room again. Default false. */
  block?: boolean | undefined;
  /** Whether the room is erased from the database. Default true. */
  purge?: boolean | undefined;
  /** Whether it is erased even though local users could not be made to leave. Default false. */
  forcePurge?: boolean | undefined;
}

/** What became of the members. */
export interface RoomShutdown {
  kicked_users: string[];
  failed_to_kick_users: string[];
  /** Moved to the new room; empty without one. */
  local_aliases: string[];
  new_room_id: string | null;
}

export interface RoomDeletionStatus {
  delete_id: string;
  /** Since Synapse 1.132. */
  room_id?: string;
  /** `scheduled`, `active`, `complete` or `failed`. */
  status: string;
  /** `null` until the first member is handled. */
  shutdown_room: RoomShutdown | null;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#delete-room-api */
export class RoomDeletion extends Resource {
  /**
   * Starts to delete a room: parts its local members from it and, unless told otherwise, erases it. An unknown room gets
   * an ID, too.
   *
   * @param roomId full room ID, not an alias
   * @returns the ID to ask for with {@link RoomDeletion.status}
   * @throws HttpError 400 if a deletion of this room already runs
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#version-2-new-version
   */
  start(roomId: string, options: RoomDeletionOptions = {}): Promise<{ delete_id: string }> {
    return this.request.query("delete", path`v2/rooms/${roomId}`, {
      purpose: `delete ${roomId}`,
      data: body(options),
      needs: { delete_id: "" },
    });
  }

  /**
   * The old way: answers when the room is deleted, which takes minutes for a large one.
   *
   * @param roomId full room ID, not an alias
   * @throws HttpError 400 if local users could not be made to leave, and `forcePurge` was not given
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#version-1-old-version
   */
  run(roomId: string, options: RoomDeletionOptions = {}): Promise<RoomShutdown> {
    return this.request.query("delete", path`v1/rooms/${roomId}`, {
      purpose: `delete ${roomId}`,
      data: body(options),
      slow: true,
      needs: { failed_to_kick_users: [""] },
    });
  }

  /**
   * How far a deletion is. The server remembers it for a week.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such deletion
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#query-by-delete_id
   */
  status(deleteId: string): Promise<RoomDeletionStatus> {
    return this.request.query("get", path`v2/rooms/delete_status/${deleteId}`, {
      purpose: `get the status of deletion ${deleteId}`,
      needs: { status: "" },
    });
  }

  /**
   * How far the deletions of a room are. Those that still wait for others are not among them.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there are none
   * @see https://element-hq.github.io/synapse/latest/admin_api/rooms.html#query-by-room_id
   */
  statusByRoom(roomId: string): Promise<{ results: RoomDeletionStatus[] }> {
    return this.request.query("get", path`v2/rooms/${roomId}/delete_status`, {
      purpose: `get the status of the deletion of ${roomId}`,
      needs: { results: [{ status: "" }] },
    });
  }
}

/** Says `block` and `purge` always: what is destroyed does not hang on a server's default. */
function body({ newRoomUserId, roomName, message, block = false, purge = true, forcePurge }: RoomDeletionOptions) {
  return {
    new_room_user_id: newRoomUserId,
    room_name: roomName,
    message,
    block,
    purge,
    force_purge: forcePurge === true ? true : undefined,
  };
}
