import { path, Secret } from "../path.js";
import { Resource } from "./resource.js";

export interface RegistrationToken {
  token: string;
  /** `null`: any number of times. */
  uses_allowed: number | null;
  /** Registrations under way. */
  pending: number;
  /** Registrations done. */
  completed: number;
  /** Milliseconds; `null`: never. */
  expiry_time: number | null;
}

export interface RegistrationTokenChange {
  /** `null`: any number of times. */
  usesAllowed?: number | null | undefined;
  /** Milliseconds since 1970, in the future; `null`: never. */
  expiryTs?: number | null | undefined;
}

export interface NewRegistrationToken extends RegistrationTokenChange {
  /** Up to 64 of `A-Za-z0-9._~-`. Default: a random one. */
  token?: string | undefined;
  /** How long a random one is, 1 to 64. Default 16. */
  length?: number | undefined;
}

/**
 * Not with MAS, which has registration tokens of its own. A token is a secret: neither errors nor logs show it.
 *
 * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html
 */
export class RegistrationTokens extends Resource {
  /**
   * All tokens, in one answer.
   *
   * @param options `valid`: true only those that can be used, false only those that expired or are used up
   * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html#list-all-tokens
   */
  list(options: { valid?: boolean | undefined } = {}): Promise<{ registration_tokens: RegistrationToken[] }> {
    return this.request.query("get", path`v1/registration_tokens`, {
      purpose: "list registration tokens",
      params: { valid: options.valid },
      needs: { registration_tokens: [{ token: "" }] },
    });
  }

  /**
   * One token.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such token
   * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html#get-one-token
   */
  get(token: string): Promise<RegistrationToken> {
    return this.request.query("get", path`v1/registration_tokens/${new Secret(token)}`, {
      purpose: "get the registration token",
      needs: { token: "" },
    });
  }

  /**
   * A new token. Do not name one `new`, `.` or `..`: Synapse makes it, and then no request finds it.
   *
   * @throws HttpError 400 `M_INVALID_PARAM` if the token exists or a value is out of its range
   * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html#create-token
   */
  create({ token, length, usesAllowed, expiryTs }: NewRegistrationToken = {}): Promise<RegistrationToken> {
    return this.request.query("post", path`v1/registration_tokens/new`, {
      purpose: "create a registration token",
      data: { token, length, uses_allowed: usesAllowed, expiry_time: expiryTs },
      needs: { token: "" },
    });
  }

  /**
   * Changes a token. What is left out stays as it is; `null` lifts the limit.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such token, 400 `M_INVALID_PARAM` if a value is out of its range
   * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html#update-token
   */
  update(token: string, { usesAllowed, expiryTs }: RegistrationTokenChange): Promise<RegistrationToken> {
    return this.request.query("put", path`v1/registration_tokens/${new Secret(token)}`, {
      purpose: "update the registration token",
      data: { uses_allowed: usesAllowed, expiry_time: expiryTs },
      needs: { token: "" },
    });
  }

  /**
   * Deletes a token.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such token
   * @see https://element-hq.github.io/synapse/latest/usage/administration/admin_api/registration_tokens.html#delete-token
   */
  delete(token: string): Promise<Record<string, never>> {
    return this.request.query("delete", path`v1/registration_tokens/${new Secret(token)}`, {
      purpose: "delete the registration token",
    });
  }
}
