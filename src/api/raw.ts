import type { Method } from "./connection.js";
import { blankUrl, secretParameters } from "./log.js";
import { rawPath } from "./path.js";
import type { ApiRequest } from "./request.js";

export interface RawOptions {
  /** Goes out as it is, with any method; the empty string means none. Default `{}` for POST and PUT, else none. */
  body?: string | undefined;
  /** Token for this call only; `null` sends none. */
  token?: string | null | undefined;
}

/**
 * Sends what an administrator typed.
 *
 * @param endpoint path below the API's prefix, with its query, percent-encoded where it needs to be
 * @throws InvalidValueError when the endpoint is empty or holds a `.` or `..` segment
 */
export async function raw(
  request: ApiRequest,
  method: Method,
  endpoint: string,
  { body, token }: RawOptions = {},
): Promise<unknown> {
  const path = rawPath(endpoint);
  request.connection.secrets.add(secretParameters(path.encoded.replace(/^[^?]*/s, "")));
  // The query is left out of errors: it may hold a token.
  const purpose = `${method.toUpperCase()} ${blankUrl(path.shown.replace(/\?.*$/s, ""))}`;
  return request.query(method, path, { purpose, raw: body, token, needs: null });
}
