import { path } from "../path.js";
import { Resource } from "./resource.js";

/** Up to where, and one way only: Synapse takes the event where it is given both. */
export type HistoryPurge = (
  | { beforeEventId: string; beforeTs?: undefined }
  /** Milliseconds since 1970. */
  | { beforeTs: number; beforeEventId?: undefined }
) & {
  /** Whether events of local users go, too: they may exist nowhere else. Default false. */
  deleteLocalEvents?: boolean | undefined;
};

export interface HistoryPurgeStatus {
  /** `active`, `complete` or `failed`. */
  status: string;
  /** Only when failed. */
  error?: string;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/purge_history_api.html */
export class History extends Resource {
  /**
   * Starts to erase old events of a room. State events and the last message stay.
   *
   * @param roomId full room ID, not an alias
   * @returns the ID to ask for with {@link History.purgeStatus}
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such event or nothing that old, 400 if the event is another room's
   * @see https://element-hq.github.io/synapse/latest/admin_api/purge_history_api.html#purge-history-api
   */
  purge(roomId: string, { beforeEventId, beforeTs, deleteLocalEvents }: HistoryPurge): Promise<{ purge_id: string }> {
    return this.request.query("post", path`v1/purge_history/${roomId}`, {
      purpose: `purge the history of ${roomId}`,
      data: {
        purge_up_to_event_id: beforeEventId,
        purge_up_to_ts: beforeTs,
        delete_local_events: deleteLocalEvents === true ? true : undefined,
      },
      needs: { purge_id: "" },
    });
  }

  /**
   * How far a purge is. The server remembers it for a week.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such purge
   * @see https://element-hq.github.io/synapse/latest/admin_api/purge_history_api.html#purge-status-query
   */
  purgeStatus(purgeId: string): Promise<HistoryPurgeStatus> {
    return this.request.query("get", path`v1/purge_history_status/${purgeId}`, {
      purpose: `get the status of purge ${purgeId}`,
      needs: { status: "" },
    });
  }
}
