import { type IncomingMessage, type RequestListener, type ServerResponse, createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { send, sendDripping, sendTruncated } from "./answer.js";
import { Reply } from "./call.js";
import { type Fault, Faults, type When, isHandled, replacement } from "./faults.js";
import { isObject } from "./json.js";
import { Router } from "./router.js";
import { routes } from "./routes.js";
import { seedAdmin, seedLifelike } from "./seed.js";
import { World } from "./world.js";

export { MatrixError } from "./errors.js";
export type { Fault, When } from "./faults.js";
export type { Job } from "./jobs.js";
export type { Media } from "./media-store.js";
export type { Room, RoomEvent } from "./room.js";
export type { Device, User } from "./user.js";
export type { World } from "./world.js";

export interface HomeserverOptions {
  /** `example.test` by default. */
  serverName?: string;
  /** Users besides the seeded ones: `@user000000:...`, `@user000001:...`; any number, they cost nothing. */
  users?: number;
  /** `lifelike` (default): a small community with rooms, media and odd names. `empty`: the admin and nothing else. */
  seed?: "lifelike" | "empty";
  /** The server's clock. */
  now?: () => number;
  /** How long a room deletion, history purge or redaction takes; 50 by default. `Infinity`: until `world.jobs.finish()`. */
  jobMs?: number;
  /** Behave as with a Matrix Authentication Service in front. */
  mas?: boolean;
  /** For registration by shared secret; `sharedsecret` by default. */
  sharedSecret?: string;
  /** Listen on this Unix socket instead of TCP. */
  socketPath?: string;
  tls?: { key: string; cert: string };
  port?: number;
}

export interface RecordedRequest {
  readonly method: string;
  /** As it came: not decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The client's, which tells its connections apart. */
  readonly port: number | undefined;
  /** Empty when the connection was reset before it was read. */
  body: string;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
  /** False when a fault kept the request from having any effect. */
  handled: boolean;
  /** The status of the answer; undefined when there was none. */
  status: number | undefined;
}

export interface Homeserver {
  /** With `socketPath`: the path of the socket. */
  readonly baseUrl: string;
  readonly serverName: string;
  /** Full ID of the server admin. */
  readonly adminUser: string;
  readonly adminToken: string;
  readonly sharedSecret: string;
  /** Every request so far, in order of arrival. */
  readonly requests: RecordedRequest[];
  /** The data, to look at and to change. */
  readonly world: World;
  misbehave(fault: Fault, when?: When): void;
  behave(): void;
  failNextJob(error: string): void;
  close(): Promise<void>;
}

const withoutMas = new Router(routes, false);
const withMas = new Router(routes, true);

/** Starts a homeserver in this process, on a free port of the loopback interface unless told otherwise. */
export async function startHomeserver(options: HomeserverOptions = {}): Promise<Homeserver> {
  const world = new World({
    serverName: options.serverName ?? "example.test",
    now: options.now ?? Date.now,
    generatedUsers: options.users ?? 0,
    jobMs: options.jobMs ?? 50,
    mas: options.mas ?? false,
    sharedSecret: options.sharedSecret ?? "sharedsecret",
  });
  const admin = seedAdmin(world);
  if (options.seed !== "empty") seedLifelike(world);

  const requests: RecordedRequest[] = [];
  const faults = new Faults();
  const router = world.mas ? withMas : withoutMas;
  const listener: RequestListener = (req, res) => {
    const recorded = record(req);
    requests.push(recorded);
    serve(req, res, recorded, { world, router, faults }).catch(() => {
      // The client went away while it was sending.
      res.destroy();
    });
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  const baseUrl = await listen(server, options);
  world.wellKnownServer = options.socketPath === undefined ? new URL(baseUrl).host : world.serverName;

  return {
    baseUrl,
    serverName: world.serverName,
    adminUser: admin.userId,
    adminToken: admin.token,
    sharedSecret: world.sharedSecret,
    requests,
    world,
    misbehave: (fault, when) => {
      faults.add(fault, when);
    },
    behave: () => {
      faults.clear();
    },
    failNextJob: (error) => {
      world.jobs.failNext(error);
    },
    close: () =>
      new Promise((resolve) => {
        world.jobs.stop();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

interface Parts {
  world: World;
  router: Router;
  faults: Faults;
}

async function serve(
  req: IncomingMessage,
  res: ServerResponse,
  recorded: RecordedRequest,
  parts: Parts,
): Promise<void> {
  const fault = parts.faults.take(recorded.method, recorded.path);
  if (fault?.kind === "reset") {
    reset(req.socket);
    return;
  }
  if (fault?.kind === "raw") {
    fault.respond(req, res);
    return;
  }
  const body = await readBody(req);
  recorded.body = body.toString("utf8");
  recorded.json = jsonOrUndefined(recorded.body);
  if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));

  recorded.handled = fault === undefined || isHandled(fault);
  const { method, path, query, headers } = recorded;
  const remoteAddress = req.socket.remoteAddress ?? "::1";
  const answer = recorded.handled
    ? await parts.router.answer({ world: parts.world, method, path, query, headers, body, remoteAddress })
    : undefined;
  if (fault?.kind === "reset-after") {
    reset(req.socket);
    return;
  }
  const reply = (fault === undefined ? undefined : replacement(fault)) ?? answer ?? new Reply(500, "");
  recorded.status = reply.status;
  if (fault?.kind === "drip") sendDripping(res, reply, fault.ms);
  else if (fault?.kind === "truncated") sendTruncated(res, reply, fault.chunked === true);
  else send(res, reply);
}

function reset(socket: Socket): void {
  try {
    socket.resetAndDestroy();
  } catch {
    // Only bare TCP can be reset; TLS and Unix sockets just end.
    socket.destroy();
  }
}

function record(req: IncomingMessage): RecordedRequest {
  const [path = "", ...query] = (req.url ?? "").split("?");
  return {
    method: req.method ?? "GET",
    path,
    query: new URLSearchParams(query.join("?")),
    headers: req.headers,
    port: req.socket.remotePort,
    body: "",
    json: undefined,
    handled: false,
    status: undefined,
  };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function jsonOrUndefined(text: string): unknown {
  if (text === "") return undefined; // often so, and an exception takes long
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function listen(server: Server, options: HomeserverOptions): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    const ready = (): void => {
      resolve();
    };
    if (options.socketPath === undefined) server.listen(options.port ?? 0, "127.0.0.1", ready);
    else server.listen(options.socketPath, ready);
  });
  if (options.socketPath !== undefined) return options.socketPath;
  const address = server.address();
  const port = isObject(address) ? String(address["port"]) : "";
  return options.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
}
