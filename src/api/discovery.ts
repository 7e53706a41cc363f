import type { Connection } from "./connection.js";
import { ApiError, HttpError, NetworkError } from "./errors.js";
import { Matrix } from "./matrix.js";
import { isServerName } from "./mxid.js";
import { path } from "./path.js";
import { ApiRequest } from "./request.js";
import { systemResolveSrv, type ResolveSrv } from "./srv.js";

/** How to find the server's federation address, where its name is asked for. */
export type Discovery = "well-known" | "dns";

export interface ServerNameOptions {
  /** Client with the token that is asked for first. */
  matrix: Matrix;
  /** Where that client goes to. */
  baseUrl: string;
  /** Default `well-known`. */
  discovery?: Discovery | undefined;
  /** Pool for the requests to other addresses. Default the client's. */
  connection?: Connection | undefined;
  /** Default the system's resolver, waited for as long as one try of a request. */
  resolveSrv?: ResolveSrv | undefined;
}

const purpose = "find the homeserver's own name";

/**
 * The name that the homeserver has in Matrix IDs: what comes after the colon.
 *
 * The server itself is asked first, whose token this is. Where that fails, its federation address is looked up and
 * asked, and at last the server again, for its keys. Nothing but the first request carries the token.
 *
 * @throws HttpError what the server said about the token, when nothing else knows the name and either that was 401, or
 *   everything else was refused as well
 * @throws NetworkError when the server cannot be reached, or nothing knows the name
 */
export async function serverName(options: ServerNameOptions): Promise<string> {
  const { matrix, baseUrl, discovery, connection = matrix.connection } = options;
  let refusal: ApiError;
  try {
    return await byToken(matrix);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // A server that cannot be reached will not do what the name is wanted for, either.
    if (isUnreachable(error)) throw new NetworkError(purpose, error.message, error.code);
    refusal = error;
  }
  const ways = [() => byKeys(matrix)];
  // Nobody else knows a server that is reached by a socket or as localhost.
  if (connection.socketPath === undefined && !isLoopback(baseUrl)) {
    const { resolveSrv = systemResolveSrv(connection.timeoutMs) } = options;
    ways.unshift(() =>
      discovery === "dns" ? bySrv(baseUrl, connection, resolveSrv) : byWellKnown(baseUrl, connection),
    );
  }
  try {
    return await first(ways, (way) => way());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (refusal instanceof HttpError && (refusal.status === 401 || isRefusal(error)))
      throw new HttpError(purpose, refusal);
    throw unusable(purpose, `${inWords(refusal)}; ${inWords(error)}`);
  }
}

async function byToken(matrix: Matrix): Promise<string> {
  const { user_id: id } = await matrix.whoami();
  const name = typeof id === "string" ? /^@[^:]*:(.*)$/s.exec(id)?.[1] : undefined;
  if (name !== undefined && isServerName(name)) return name;
  throw unusable("ask whose token this is", "no user ID in the answer");
}

async function byKeys(matrix: Matrix): Promise<string> {
  const { server_name: name } = await matrix.serverKeys();
  if (typeof name === "string" && isServerName(name)) return name;
  throw unusable("get the server's name and keys", "no server name in the answer");
}

/** The original asks for `.well-known` where the API is; by the standard it stands at the host's HTTPS port. */
async function byWellKnown(baseUrl: string, connection: Connection): Promise<string> {
  const { origin, hostname } = new URL(baseUrl);
  const places = new Set([origin, `https://${hostname}`]);
  return first(places, async (place) => {
    const request = new ApiRequest(".well-known", { baseUrl: place, connection });
    const what = `get ${place}/.well-known/matrix/server`;
    const reply = await request.query<Record<string, unknown>>("get", path`matrix/server`, { purpose: what });
    const address = reply["m.server"];
    if (typeof address !== "string" || !isServerName(address) || connection.secrets.hide(address) !== address)
      throw unusable(what, "no m.server in the answer");
    return byFederation(/:\d+$/.test(address) ? address : `${address}:8448`, connection);
  });
}

/** `_matrix` is the deprecated name of the service. */
async function bySrv(baseUrl: string, connection: Connection, resolveSrv: ResolveSrv): Promise<string> {
  const { hostname } = new URL(baseUrl);
  return first([`_matrix-fed._tcp.${hostname}`, `_matrix._tcp.${hostname}`], async (service) => {
    const what = `look up ${service}`;
    const records = await resolveSrv(service).catch((error: unknown) => {
      throw unusable(what, error instanceof Error ? error.message : String(error));
    });
    const addresses = records
      .filter(({ name }) => name !== "" && name !== ".") // a lone dot: there is no such service
      .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
      .map(({ name, port }) => `${name.replace(/\.$/, "")}:${port}`);
    if (addresses.length === 0) throw unusable(what, "no SRV record");
    return first(addresses, (address) => byFederation(address, connection));
  });
}

async function byFederation(address: string, connection: Connection): Promise<string> {
  const what = `ask ${address} for its name`;
  // What strangers say may look like an address and be none, such as 999.1.1.1.
  if (!isServerName(address) || !URL.canParse(`https://${address}`)) throw unusable(what, "it is no address");
  try {
    return await byKeys(new Matrix({ baseUrl: `https://${address}`, connection }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw unusable(what, error.message, isRefusal(error));
  }
}

/** What the first of the candidates gives that gives anything; else an error that says what went wrong with each. */
async function first<T>(candidates: Iterable<T>, ask: (candidate: T) => Promise<string>): Promise<string> {
  const failures: ApiError[] = [];
  for (const candidate of candidates) {
    try {
      return await ask(candidate);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failures.push(error);
    }
  }
  throw unusable(purpose, failures.map(inWords).join("; "), failures.every(isRefusal));
}

/** An error that already lists what went wrong needs no words before it. */
function inWords({ purpose: wanted, message }: ApiError): string {
  return wanted === purpose ? message : `cannot ${wanted}: ${message}`;
}

function unusable(wanted: string, message: string, isRefused = false): NetworkError {
  return new NetworkError(wanted, message, isRefused ? "REFUSED" : "NO_SERVER_NAME");
}

/** Whether all who were asked answered, and not with 2xx. */
function isRefusal(error: ApiError): boolean {
  return error instanceof HttpError || (error instanceof NetworkError && error.code === "REFUSED");
}

function isUnreachable(error: ApiError): error is NetworkError {
  return error instanceof NetworkError && !["NOT_JSON", "UNEXPECTED", "NO_SERVER_NAME"].includes(error.code);
}

function isLoopback(baseUrl: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(baseUrl).hostname);
}
