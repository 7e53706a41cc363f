import { path } from "../path.js";
import { Resource } from "./resource.js";

export interface Device {
  user_id: string;
  device_id: string;
  display_name: string | null;
  last_seen_user_agent: string | null;
  /** Milliseconds; `null` for a session that never made a request, a new one too. Lags some minutes behind. */
  last_seen_ts: number | null;
  last_seen_ip: string | null;
  /** Since Synapse 1.132, where the user has a dehydrated device. */
  dehydrated?: boolean;
}

export interface DeviceList {
  devices: Device[];
  total?: number;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#user-devices */
export class Devices extends Resource {
  /**
   * All sessions of a local user, in one answer.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#list-all-devices
   */
  list(userId: string): Promise<DeviceList> {
    return this.request.query("get", path`v2/users/${userId}/devices`, {
      purpose: `list the devices of ${userId}`,
      needs: { devices: [{ device_id: "" }] },
    });
  }

  /**
   * Ends sessions of a local user and deletes their encryption keys. Unknown device IDs are skipped without a word.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#delete-multiple-devices
   */
  delete(userId: string, deviceIds: readonly string[]): Promise<Record<string, never>> {
    return this.request.query("post", path`v2/users/${userId}/delete_devices`, {
      purpose: `delete devices of ${userId}`,
      data: { devices: deviceIds },
    });
  }
}
