import type { Method } from "./connection.js";
import { raw, type RawOptions } from "./raw.js";
import { ApiRequest, type ApiOptions } from "./request.js";
import { Devices } from "./synapse-admin/devices.js";
import { Groups } from "./synapse-admin/groups.js";
import { History } from "./synapse-admin/history.js";
import { Media } from "./synapse-admin/media.js";
import { Redactions } from "./synapse-admin/redactions.js";
import { RegistrationTokens } from "./synapse-admin/registration-tokens.js";
import { RoomDeletion } from "./synapse-admin/room-deletion.js";
import { RoomMembership } from "./synapse-admin/room-membership.js";
import { Rooms } from "./synapse-admin/rooms.js";
import { ServerNotices } from "./synapse-admin/server-notices.js";
import { ServerVersion } from "./synapse-admin/server-version.js";
import { Users } from "./synapse-admin/users.js";

/**
 * Synapse's admin API, a property for each of its topics. The token must be a server admin's: every call can throw an
 * HttpError 401 (token missing, wrong or expired), 403 `M_FORBIDDEN` (no server admin) or 404 `M_UNRECOGNIZED` (Synapse
 * too old, or the endpoint not available here), and a NetworkError where no usable answer came.
 *
 * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/index.html
 */
export class SynapseAdmin extends ApiRequest {
  readonly users = new Users(this);
  readonly devices = new Devices(this);
  readonly redactions = new Redactions(this);
  readonly rooms = new Rooms(this);
  readonly roomMembership = new RoomMembership(this);
  readonly roomDeletion = new RoomDeletion(this);
  readonly media = new Media(this);
  readonly history = new History(this);
  readonly registrationTokens = new RegistrationTokens(this);
  readonly serverNotices = new ServerNotices(this);
  readonly serverVersion = new ServerVersion(this);
  readonly groups = new Groups(this);

  constructor(options: ApiOptions = {}) {
    super("/_synapse/admin", options);
  }

  /**
   * Any request to the admin API.
   *
   * @param endpoint path below `/_synapse/admin`, with its query, such as `v1/rooms?limit=1`
   * @throws InvalidValueError when the endpoint is empty or holds a `.` or `..` segment
   */
  raw(method: Method, endpoint: string, options: RawOptions = {}): Promise<unknown> {
    return raw(this, method, endpoint, options);
  }
}
