import { path } from "../path.js";
import { Resource } from "./resource.js";

/**
 * Groups, also named communities. Synapse 1.61 was the last to know them.
 *
 * @see https://matrix-org.github.io/synapse/v1.61/admin_api/delete_group.html
 */
export class Groups extends Resource {
  /**
   * Deletes a local group.
   *
   * @param groupId such as `+friends:example.org`
   * @throws HttpError 404 `M_UNRECOGNIZED` if the server is newer than that
   * @see https://matrix-org.github.io/synapse/v1.61/admin_api/delete_group.html
   */
  delete(groupId: string): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/delete_group/${groupId}`, { purpose: `delete ${groupId}`, raw: "" });
  }
}
