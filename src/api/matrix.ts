import type { Method } from "./connection.js";
import { path } from "./path.js";
import { raw, type RawOptions } from "./raw.js";
import { ApiRequest, type ApiOptions } from "./request.js";

export interface Whoami {
  user_id: string;
  is_guest?: boolean;
  /** Absent for a token that an admin got for a user, or an application service's. */
  device_id?: string;
}

export interface PasswordLogin {
  /** Localpart or full Matrix ID. */
  user: string;
  password: string;
  /** Session to reuse. Default: a new one. */
  deviceId?: string | undefined;
  /** What a new session is called. */
  initialDeviceDisplayName?: string | undefined;
}

export interface Login {
  user_id: string;
  access_token: string;
  device_id: string;
  /** Not to be relied upon. */
  home_server?: string;
  expires_in_ms?: number;
  refresh_token?: string;
  well_known?: Record<string, unknown>;
}

export interface RoomAlias {
  room_id: string;
  servers: string[];
}

export interface ServerKeys {
  server_name: string;
  valid_until_ts?: number;
  verify_keys?: Record<string, { key: string }>;
  old_verify_keys?: Record<string, { key: string; expired_ts: number }>;
  signatures?: Record<string, Record<string, string>>;
}

/**
 * The part of Matrix' own APIs that an administrator needs beside Synapse's.
 *
 * @see https://spec.matrix.org/latest/client-server-api/
 */
export class Matrix extends ApiRequest {
  constructor(options: ApiOptions = {}) {
    super("/_matrix", options);
  }

  /**
   * Whose token this is.
   *
   * @throws HttpError 401 if it is missing, wrong or expired, or the account is locked
   * @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3accountwhoami
   */
  whoami(): Promise<Whoami> {
    return this.query("get", path`client/v3/account/whoami`, {
      purpose: "ask whose token this is",
      needs: { user_id: "" },
    });
  }

  /**
   * Starts a session with a password. No token goes along. Not with MAS.
   *
   * @throws HttpError 403 `M_FORBIDDEN` if the password is wrong or the account unknown or deactivated, 401
   *   `M_USER_LOCKED` if it is locked, 404 `M_UNRECOGNIZED` with MAS
   * @see https://spec.matrix.org/latest/client-server-api/#post_matrixclientv3login
   */
  login({ user, password, deviceId, initialDeviceDisplayName }: PasswordLogin): Promise<Login> {
    return this.query("post", path`client/v3/login`, {
      purpose: `log in as ${user}`,
      data: {
        type: "m.login.password",
        identifier: { type: "m.id.user", user },
        password,
        device_id: deviceId,
        initial_device_display_name: initialDeviceDisplayName,
      },
      token: null,
      needs: { access_token: "" },
    });
  }

  /**
   * The room that an alias stands for. The alias of another server is asked there.
   *
   * @param alias such as `#lobby:example.org`
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such alias, 502 if its server does not answer
   * @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3directoryroomroomalias
   */
  resolveAlias(alias: string): Promise<RoomAlias> {
    return this.query("get", path`client/v3/directory/room/${alias}`, {
      purpose: `resolve ${alias}`,
      needs: { room_id: /^![^\0\ud800-\udfff]*$/u }, // what no path can hold would look like a mistake of the caller
    });
  }

  /**
   * The aliases that a room has on this server. Admins may ask for any room; an unknown one has none.
   *
   * @throws HttpError 403 `M_FORBIDDEN` if the caller is neither admin nor member
   * @see https://spec.matrix.org/latest/client-server-api/#get_matrixclientv3roomsroomidaliases
   */
  roomAliases(roomId: string): Promise<{ aliases: string[] }> {
    return this.query("get", path`client/v3/rooms/${roomId}/aliases`, {
      purpose: `list the aliases of ${roomId}`,
      needs: { aliases: [""] },
    });
  }

  /**
   * The server's own name and its signing keys. No token goes along.
   *
   * @throws HttpError 404 where the listener has no federation
   * @see https://spec.matrix.org/latest/server-server-api/#get_matrixkeyv2server
   */
  serverKeys(): Promise<ServerKeys> {
    return this.query("get", path`key/v2/server`, { purpose: "get the server's name and keys", token: null });
  }

  /**
   * Any request to a Matrix API.
   *
   * @param endpoint path below `/_matrix`, with its query, such as `client/versions`
   * @throws InvalidValueError when the endpoint is empty or holds a `.` or `..` segment
   */
  raw(method: Method, endpoint: string, options: RawOptions = {}): Promise<unknown> {
    return raw(this, method, endpoint, options);
  }
}
