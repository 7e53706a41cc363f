import { Connection, type ConnectionOptions, type Method, type Reply } from "./connection.js";
import { HttpError, InvalidValueError, NetworkError, type Answer } from "./errors.js";
import { parseJson, TooDeepError, writeJson } from "./json.js";
import { blankUrl, secretsOf } from "./log.js";
import { isRecord, unlike, type Needs } from "./needs.js";
import type { Path } from "./path.js";
import { patiently, retryAfterMs, systemClock, type Clock } from "./retry.js";
import type { Secrets } from "./secrets.js";

export interface ApiOptions extends ConnectionOptions {
  /** Where the homeserver is, such as `https://matrix.example.org`. Default `http://localhost:8008`. */
  baseUrl?: string | undefined;
  /** Access token, sent as `Authorization: Bearer`. */
  token?: string | undefined;
  /** Where the API is below `baseUrl`. Each subclass knows its default. */
  prefix?: string | undefined;
  /** Shared with another client, so that both use one pool; the other connection options are then left alone. */
  connection?: Connection | undefined;
  clock?: Clock | undefined;
}

export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined;

export interface QueryOptions<T = unknown> {
  /** What is wanted, as an infinitive that names the thing: `get @alice:example.org`. Errors say it. */
  purpose: string;
  /** Query string; an array repeats its key, `undefined` is left out. */
  params?: Readonly<Record<string, QueryValue>> | undefined;
  /** JSON body. POST and PUT without one send `{}`, as Synapse wants. */
  data?: unknown;
  /** Body that goes out as it is, instead of `data`; the empty string means none at all. */
  raw?: string | undefined;
  /** Token for this call only; `null` sends none. */
  token?: string | null | undefined;
  /** The homeserver works while the caller waits. */
  slow?: boolean | undefined;
  /** What is relied on in the answer, beside its being an object; `null`: nothing at all. */
  needs?: Needs<NoInfer<T>> | null | undefined;
}

const maxRedirects = 5;

/** One HTTP API of a homeserver below one prefix. */
export class ApiRequest {
  readonly connection: Connection;
  readonly #baseUrl: URL;
  readonly #prefix: string;
  readonly #token: string | undefined;
  readonly #clock: Clock;

  constructor(prefix: string, options: ApiOptions) {
    this.connection = options.connection ?? new Connection(options);
    this.#baseUrl = parseBaseUrl(options.baseUrl ?? "http://localhost:8008");
    this.#prefix = `/${options.prefix ?? prefix}`.replace(/^\/+(?=\/)|\/+$/g, "");
    this.#token = checkToken(options.token);
    this.connection.secrets.add([options.token ?? ""]);
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Sends one request and returns the JSON of its answer. Of its type only what is needed is checked.
   *
   * @throws HttpError when the answer is not 2xx
   * @throws NetworkError when there was none, or a 2xx that is not JSON or not what is needed
   */
  async query<T = unknown>(method: Method, path: Path, options: QueryOptions<T>): Promise<T> {
    const base = this.#baseUrl.href.replace(/\/+$/, "") + this.#prefix;
    const search = queryString(path.encoded, options.params);
    const json = options.data !== undefined ? writeJson(options.data) : changes(method) ? "{}" : undefined;
    const body = options.raw === "" ? undefined : (options.raw ?? json);
    const token = options.token === undefined ? this.#token : checkToken(options.token);
    refuseNoNumbers(options.data);
    const timeoutMs = options.slow === true ? this.connection.slowTimeoutMs : this.connection.timeoutMs;
    const headers: Record<string, string> = {
      ...(token === null || token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      // Synapse believes these from a unix socket only, and without them takes the call for plain HTTP from nowhere.
      ...(this.connection.socketPath === undefined ? {} : { "X-Forwarded-For": "::1", "X-Forwarded-Proto": "https" }),
    };
    const { purpose } = options;
    const { secrets } = this.connection;
    secrets.add([...path.secrets, token ?? "", ...(body === undefined ? [] : secretsOf(body))]);
    let url = `${base}/${path.encoded}${search}`;
    const send = (to: string) => this.#patiently(method, { purpose, method, url: to, headers, body, timeoutMs });

    let reply = await send(url);
    const target = () =>
      method === "get" ? followable(reply, url, this.connection.socketPath === undefined) : undefined;
    let next = target();
    for (let hops = 0; next !== undefined && hops < maxRedirects; hops++) {
      url = next;
      reply = await send(url);
      next = target();
    }
    const waitMs = reply.status === 429 ? retryAfterMs(reply, this.#clock.now()) : undefined;
    const last = { ...reply, isCircle: next !== undefined, retryAfterMs: waitMs };
    const answer = readReply(purpose, last, secrets, path.secrets);
    const error = options.needs === null ? undefined : errorOf(answer);
    if (error !== undefined)
      throw new NetworkError(purpose, `${reply.status} with the error ${secrets.hide(error)}`, "UNEXPECTED");
    const flaw = options.needs === null ? undefined : unlike(answer, options.needs ?? {});
    if (flaw === undefined) return answer as T; // the types describe what Synapse documents
    const what = flaw === "" ? "that is no object" : `without a proper ${flaw}`;
    throw new NetworkError(purpose, `${reply.status} with JSON ${what}`, "UNEXPECTED");
  }

  #patiently(method: Method, request: Parameters<Connection["send"]>[0]): Promise<Reply> {
    return patiently(method, () => this.connection.send(request), {
      clock: this.#clock,
      waitMs: Math.max(60_000, request.timeoutMs),
      onWait: (reason, ms) => this.connection.logger.info(() => `${reason}; trying again in ${ms / 1000} s`),
    });
  }
}

/** An answer that is nothing but an error; jobs that failed have one beside their status. */
function errorOf(answer: unknown): string | undefined {
  if (!isRecord(answer)) return undefined;
  const { errcode, error, ...rest } = answer;
  if (typeof errcode === "string") return errcode;
  if (error === undefined || Object.keys(rest).length > 0) return undefined;
  return typeof error === "string" ? error : writeJson(error);
}

/** Node would refuse such a header and say the token, or send another. */
function checkToken<T extends string | null | undefined>(token: T): T {
  if (token && !/^[\x21-\x7e]+$/.test(token))
    throw new InvalidValueError("the access token must be printable ASCII without blanks");
  return token;
}

/** JSON would send `null`, which often means without limit. */
function refuseNoNumbers(data: unknown): void {
  if (typeof data === "number" && !Number.isFinite(data)) throw new InvalidValueError(`${data} is no number to send`);
  if (typeof data === "object" && data !== null) Object.values(data).forEach(refuseNoNumbers);
}

/**
 * Reads what came back.
 *
 * @param secrets are left out of the error
 * @param printable those that its body may hold
 * @throws HttpError when the status is not 2xx
 * @throws NetworkError when a 2xx is not JSON
 */
function readReply(
  purpose: string,
  reply: Reply & Pick<Answer, "isCircle" | "retryAfterMs">,
  secrets: Secrets,
  printable: readonly string[],
): unknown {
  const { status, headers, text = "", isCircle, retryAfterMs } = reply;
  let body: unknown;
  let failure: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    failure = error;
  }
  if (status < 200 || status > 299) {
    const location = headers["location"];
    const isRedirect = status >= 300 && status < 400;
    throw new HttpError(purpose, {
      status,
      body: isRecord(body) ? secrets.hideIn(body, printable) : undefined,
      isWhole: reply.text !== undefined,
      location: typeof location === "string" && isRedirect ? secrets.hide(blankUrl(location)) : undefined,
      isCircle,
      retryAfterMs,
      hide: (message) => secrets.hide(message),
    });
  }
  if (failure instanceof TooDeepError)
    throw new NetworkError(purpose, `${status} with JSON ${failure.message}`, "UNEXPECTED");
  if (failure !== undefined) {
    const what =
      text.trim() === ""
        ? "an empty answer"
        : /^\s*</.test(text)
          ? "HTML instead of JSON"
          : "an answer that is not JSON";
    throw new NetworkError(purpose, `${status} with ${what}`, "NOT_JSON");
  }
  return body;
}

function changes(method: Method): boolean {
  return method === "post" || method === "put";
}

/** @throws InvalidValueError unless it is an http or https URL without credentials */
function parseBaseUrl(text: string): URL {
  if (!URL.canParse(text)) throw new InvalidValueError("the base URL is not a URL");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new InvalidValueError("the base URL must start with http:// or https://");
  if (url.username !== "" || url.password !== "")
    throw new InvalidValueError("the base URL must not hold a user name or password");
  if (url.search !== "" || url.hash !== "") throw new InvalidValueError("the base URL must end before any ? and #");
  url.search = "";
  url.hash = "";
  return url;
}

function queryString(path: string, params: QueryOptions["params"] = {}): string {
  refuseNoNumbers(params);
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? value : [value]) search.append(key, String(item));
  }
  const text = search.toString();
  return text === "" ? "" : `${path.includes("?") ? "&" : "?"}${text}`;
}

/**
 * The token goes to the same host only, and never from TLS to plain text.
 *
 * @param mayUpgrade to TLS; behind a socket there is none
 */
function followable({ status, headers }: Reply, from: string, mayUpgrade: boolean): string | undefined {
  const location = headers["location"];
  if (![301, 302, 303, 307, 308].includes(status) || typeof location !== "string" || !URL.canParse(location, from))
    return undefined;
  const [before, after] = [new URL(from), new URL(location, from)];
  const upgrade = before.protocol === "http:" && after.protocol === "https:" && before.hostname === after.hostname;
  if (before.origin !== after.origin && !(upgrade && mayUpgrade)) return undefined;
  if (after.username !== "" || after.password !== "") return undefined;
  return after.href;
}
