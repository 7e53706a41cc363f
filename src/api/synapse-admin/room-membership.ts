import { path } from "../path.js";
import { Resource } from "./resource.js";

/** @see https://element-hq.github.io/synapse/latest/admin_api/room_membership.html */
export class RoomMembership extends Resource {
  /**
   * Joins a local user to a room. Where it is not public, the caller must be a member who may invite.
   *
   * @param roomIdOrAlias room ID, or alias
   * @throws HttpError 403 if the caller may not invite or the user is banned, 404 if there is no such user or alias
   * @see https://element-hq.github.io/synapse/latest/admin_api/room_membership.html#edit-room-membership-api
   */
  join(roomIdOrAlias: string, userId: string): Promise<{ room_id: string }> {
    return this.request.query("post", path`v1/join/${roomIdOrAlias}`, {
      purpose: `join ${userId} to ${roomIdOrAlias}`,
      data: { user_id: userId },
      needs: { room_id: "" },
    });
  }
}
