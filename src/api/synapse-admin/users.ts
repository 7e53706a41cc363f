import { HttpError } from "../errors.js";
import { path } from "../path.js";
import { items, type EveryPageQuery } from "./pages.js";
import { Resource } from "./resource.js";
import type {
  Deactivation,
  JoinedRooms,
  User,
  UserChange,
  UserList,
  UserQuery,
  UserSummary,
  Whois,
} from "./user-types.js";

/** @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html */
export class Users extends Resource {
  /** Learned from the server: it refuses lists with guests, as those with MAS do. */
  #guestsRefused = false;

  /**
   * One page of the local accounts, without deactivated and locked ones. Where the server cannot list guests, and they
   * were not asked for, they are left out.
   *
   * @throws HttpError 400 if a filter has a value that Synapse does not know
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#list-accounts-v2
   */
  async list(query: UserQuery = {}): Promise<UserList> {
    if (query.guests !== undefined) return this.#list(query);
    if (this.#guestsRefused) return this.#list({ ...query, guests: false });
    try {
      return await this.#list(query);
    } catch (error) {
      if (!refusesGuests(error)) throw error;
    }
    const list = await this.#list({ ...query, guests: false });
    this.#guestsRefused = true;
    return list;
  }

  #list(query: UserQuery): Promise<UserList> {
    return this.request.query("get", path`v2/users`, {
      purpose: "list users",
      params: {
        from: query.from,
        limit: query.limit,
        user_id: query.userId,
        name: query.name,
        guests: query.guests,
        deactivated: query.deactivated,
        locked: query.locked,
        admins: query.admins,
        order_by: query.orderBy,
        dir: query.dir,
        not_user_type: query.notUserType,
      },
      needs: { users: [{ name: /^@/ }], total: 0 },
    });
  }

  /** Every account that {@link Users.list} has, page by page. */
  all(query: UserQuery & EveryPageQuery = {}): AsyncGenerator<UserSummary, void, void> {
    return items("list users", query, async (from) => {
      const { users, total, next_token } = await this.list({ ...query, from });
      return { items: users, total, next: next_token };
    });
  }

  /**
   * One account. `creation_ts` is in seconds, unlike in the list.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account, 400 if the ID is another server's
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#query-user-account
   */
  get(userId: string): Promise<User> {
    return this.request.query("get", path`v2/users/${userId}`, { purpose: `get ${userId}`, needs: { name: "" } });
  }

  /**
   * Changes an account, **or creates it if there is none**: look first where a slip of the keyboard must not make one.
   * Fields are applied one after the other; those before a refused one stay changed.
   *
   * @returns the account as it is now
   * @throws HttpError 400 for a value that Synapse refuses
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#create-or-modify-account
   */
  modify(userId: string, change: UserChange): Promise<User> {
    return this.request.query("put", path`v2/users/${userId}`, {
      purpose: `modify ${userId}`,
      data: {
        password: change.password,
        logout_devices: change.logoutDevices,
        displayname: change.displayname,
        avatar_url: change.avatarUrl,
        threepids: change.threepids,
        admin: change.admin,
        deactivated: change.deactivated,
        locked: change.locked,
        user_type: change.userType,
      },
      needs: { name: "" },
    });
  }

  /**
   * Ends all sessions of an account for good, takes its password and contact addresses, and parts it from its rooms.
   *
   * @param options `erase` also removes the profile and marks the account as erased (GDPR). Default false
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#deactivate-account
   */
  deactivate(userId: string, options: { erase?: boolean | undefined } = {}): Promise<Deactivation> {
    return this.request.query("post", path`v1/deactivate/${userId}`, {
      purpose: `deactivate ${userId}`,
      data: { erase: options.erase ?? false },
      needs: { id_server_unbind_result: "" },
    });
  }

  /**
   * Makes an account read-only, or lifts that.
   *
   * @param suspend true suspends, false lifts it
   * @returns the new state, under a key that holds the user's ID: `user_@alice:example.org_suspended`
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account
   * @throws NetworkError if the server says that the account is in the other state
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#suspendunsuspend-account
   */
  suspend(userId: string, suspend: boolean): Promise<Record<string, boolean>> {
    return this.request.query("put", path`v1/suspend/${userId}`, {
      purpose: `${suspend ? "suspend" : "unsuspend"} ${userId}`,
      data: { suspend },
      needs: { [`user_${userId}_suspended`]: suspend },
    });
  }

  /**
   * Sets a new password. Not with MAS.
   *
   * @param options `logoutDevices`: false keeps the sessions. Default true
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account, 403 if the server does not allow new passwords
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#reset-password
   */
  resetPassword(
    userId: string,
    options: { newPassword: string; logoutDevices?: boolean | undefined },
  ): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/reset_password/${userId}`, {
      purpose: `set the password of ${userId}`,
      data: { new_password: options.newPassword, logout_devices: options.logoutDevices },
    });
  }

  /**
   * The rooms that a local or remote user has joined, as far as this server knows. An unknown user has none: there is no
   * 404.
   *
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#list-joined-rooms-of-a-user
   */
  joinedRooms(userId: string): Promise<JoinedRooms> {
    return this.request.query("get", path`v1/users/${userId}/joined_rooms`, {
      purpose: `list the rooms of ${userId}`,
      needs: { joined_rooms: [/^!/], total: 0 },
    });
  }

  /**
   * An access token that acts for the user. It makes no device, so that the user does not see it. Not with MAS.
   *
   * @param options `validUntilMs`: when it expires, ms since 1970. Default never
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account, 400 if it is the caller's own
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#login-as-a-user
   */
  login(userId: string, options: { validUntilMs?: number | undefined } = {}): Promise<{ access_token: string }> {
    return this.request.query("post", path`v1/users/${userId}/login`, {
      purpose: `log in as ${userId}`,
      data: { valid_until_ms: options.validUntilMs },
      needs: { access_token: "" },
    });
  }

  /**
   * Lets a user's requests succeed without an effect that others see.
   *
   * @throws HttpError 404 if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#controlling-whether-a-user-is-shadow-banned
   */
  shadowBan(userId: string): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/users/${userId}/shadow_ban`, {
      purpose: `shadow-ban ${userId}`,
      raw: "",
    });
  }

  /**
   * Lifts a shadow-ban.
   *
   * @throws HttpError 404 if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#controlling-whether-a-user-is-shadow-banned
   */
  shadowUnban(userId: string): Promise<Record<string, never>> {
    return this.request.query("delete", path`v1/users/${userId}/shadow_ban`, {
      purpose: `lift the shadow-ban of ${userId}`,
    });
  }

  /**
   * From where a user was last seen.
   *
   * @throws HttpError 400 if the ID is another server's; an unknown local user has no sessions, there is no 404
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#query-current-sessions-for-a-user
   */
  whois(userId: string): Promise<Whois> {
    return this.request.query("get", path`v1/whois/${userId}`, {
      purpose: `list the sessions of ${userId}`,
      needs: { user_id: "", devices: {} },
    });
  }

  /**
   * Who has an ID at a single sign-on provider.
   *
   * @param provider as in the login flows, for OIDC with `oidc-` before it
   * @throws HttpError 404 `M_NOT_FOUND` if nobody has it
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#find-a-user-based-on-their-id-in-an-auth-provider
   */
  findByExternalId(provider: string, externalId: string): Promise<{ user_id: string }> {
    return this.request.query("get", path`v1/auth_providers/${provider}/users/${externalId}`, {
      purpose: `find the user who is ${externalId} at ${provider}`,
      needs: { user_id: "" },
    });
  }

  /**
   * Who has an e-mail address or a phone number.
   *
   * @param medium `email` or `msisdn`
   * @param address as Synapse stores it: e-mail in lower case, phone number as digits with the country code
   * @throws HttpError 404 `M_NOT_FOUND` if nobody has it
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#find-a-user-based-on-their-third-party-id-threepid-or-3pid
   */
  findByThreepid(medium: string, address: string): Promise<{ user_id: string }> {
    return this.request.query("get", path`v1/threepid/${medium}/users/${address}`, {
      purpose: `find the user with the ${medium} address ${address}`,
      needs: { user_id: "" },
    });
  }
}

function refusesGuests(error: unknown): boolean {
  return error instanceof HttpError && error.status === 400 && /\bguests\b/i.test(error.message);
}
