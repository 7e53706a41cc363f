/** Everything that can go wrong between a call and its answer. */
export abstract class ApiError extends Error {
  /** @param purpose what was wanted, as an infinitive: `get @alice:example.org` */
  constructor(
    readonly purpose: string,
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export interface Answer {
  status: number;
  /** The JSON object that came with it, if there was one. */
  body?: Record<string, unknown> | undefined;
  /** Whether all of it came. Default true. */
  isWhole?: boolean | undefined;
  /** Said in `Location`, for a redirect that was not followed. */
  location?: string | undefined;
  /** Whether so many redirects were followed before this one that they hardly end. Default false. */
  isCircle?: boolean | undefined;
  /** How long a 429 asks to wait, if it says so; 0 or less: no longer. */
  retryAfterMs?: number | undefined;
  /** Blanks secrets in the message. */
  hide?: ((message: string) => string) | undefined;
}

/** The homeserver, or a proxy before it, answered with something that is not 2xx. */
export class HttpError extends ApiError {
  readonly status: number;
  readonly errcode: string | undefined;
  readonly body: Record<string, unknown> | undefined;
  readonly isWhole: boolean;
  readonly location: string | undefined;
  readonly isCircle: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(purpose: string, answer: Answer) {
    const { status, body, isWhole = true, location, isCircle = false, hide = (text: string) => text } = answer;
    const errcode = text(body?.["errcode"]);
    const error = text(body?.["error"]);
    const said = [String(status), errcode].filter(Boolean).join(" ");
    const details = [error, location === undefined ? undefined : `it points to ${location}`].filter(Boolean);
    if (details.length === 0 && body === undefined)
      details.push(isWhole ? "no JSON object came with it" : "the answer broke off");
    super(purpose, hide([said, details.join("; ")].filter(Boolean).join(": ")));
    this.status = status;
    this.isWhole = isWhole;
    this.errcode = errcode;
    this.body = body;
    this.location = location;
    this.isCircle = isCircle;
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/**
 * Why there was no usable answer. `code` is Node's (`ECONNREFUSED`, ...) or one of `TIMEOUT`, `UNREACHED` (a time-out
 * before all of the request was sent), `NOT_JSON`, `UNEXPECTED`.
 */
export class NetworkError extends ApiError {
  constructor(
    purpose: string,
    message: string,
    readonly code: string,
  ) {
    super(purpose, message);
  }
}

/** A value that can be told to be wrong before anything is sent. */
export class InvalidValueError extends Error {
  override readonly name = "InvalidValueError";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/**
 * What an error of Node's says; where a name has several addresses, the errors of each. OpenSSL says where in its source it
 * noticed: `EPROTO ...:SSL routines:ssl3_get_record:wrong version number:...`. Node 24 adds advice for those who start it
 * themselves.
 *
 * @internal
 */
export function reasonOf(error: Error): string {
  const each: unknown[] = error instanceof AggregateError ? error.errors : [];
  const inner = each.map((one) => (one instanceof Error ? one.message : String(one))).join("; ");
  return (error.message || inner)
    .replace(/(\w+ EPROTO |EPROTO )?[^ ]*:error:[^ ]*:(?:SSL|Provider) routines:[^:]*:([^:]+):.*/s, "TLS: $2")
    .replace(/; if the root CA is installed locally.*/s, "");
}

/** Codes of a {@link NetworkError} where the other side cut the connection. */
export const resets: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE"]);
