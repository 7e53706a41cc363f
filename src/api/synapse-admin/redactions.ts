import { path } from "../path.js";
import { Resource } from "./resource.js";

export interface RedactionOptions {
  /** Room IDs; none: every room that the user is joined to or banned from. */
  rooms?: readonly string[] | undefined;
  /** Goes into every redaction, where members of the room see it. */
  reason?: string | undefined;
  /** Events looked at in each room, newest first. Default 1000. */
  limit?: number | undefined;
}

export interface RedactionStatus {
  /** `scheduled`, `active`, `complete` (the documentation says `completed`) or `failed`. */
  status: string;
  /** Event ID to what went wrong; only when complete. */
  failed_redactions?: Record<string, string>;
  /** Only when failed. */
  error?: string;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#redact-events-of-a-user */
export class Redactions extends Resource {
  /**
   * Starts to redact what a local or remote user sent: messages, encrypted ones too, and join events. One unknown room
   * ID makes the whole job fail.
   *
   * @returns the ID to ask for with {@link Redactions.status}
   * @throws HttpError 400 if such a job already runs for the user
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#redact-events-of-a-user
   */
  start(userId: string, { rooms = [], reason, limit }: RedactionOptions = {}): Promise<{ redact_id: string }> {
    return this.request.query("post", path`v1/user/${userId}/redact`, {
      purpose: `redact the events of ${userId}`,
      data: { rooms, reason, limit },
      needs: { redact_id: "" },
    });
  }

  /**
   * How far a redaction is. The server remembers it for a week.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such job
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#check-the-status-of-a-redaction-process
   */
  status(redactId: string): Promise<RedactionStatus> {
    return this.request.query("get", path`v1/user/redact_status/${redactId}`, {
      purpose: `get the status of redaction ${redactId}`,
      needs: { status: "" },
    });
  }
}
