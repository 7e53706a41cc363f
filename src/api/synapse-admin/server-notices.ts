import { path } from "../path.js";
import { Resource } from "./resource.js";

export interface ServerNotice {
  /** Content of the event, for a message `msgtype` and `body`. */
  content: Readonly<Record<string, unknown>>;
  /** Event type. Default `m.room.message`. */
  type?: string | undefined;
  /** Makes it a state event. */
  stateKey?: string | undefined;
  /** The server sends once what comes twice with the same one. Default: a new one. */
  txnId?: string | undefined;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/server_notices.html */
export class ServerNotices extends Resource {
  /**
   * Sends a notice to one local user.
   *
   * @param userId full Matrix ID; deactivated users are accepted
   * @throws HttpError 400 if the server is not set up for notices, 404 `M_NOT_FOUND` if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/server_notices.html#server-notices
   */
  send(userId: string, { content, type, stateKey, txnId }: ServerNotice): Promise<{ event_id: string }> {
    return this.request.query("put", path`v1/send_server_notice/${txnId ?? globalThis.crypto.randomUUID()}`, {
      purpose: `send a notice to ${userId}`,
      data: { user_id: userId, content, type, state_key: stateKey },
      needs: { event_id: "" },
    });
  }
}
