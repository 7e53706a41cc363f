import { createServer } from "node:net";
import nock from "nock";
import { afterAll, beforeAll, vi } from "vitest";
import { startHomeserver, type Fault, type Homeserver, type RecordedRequest, type When } from "../homeserver/index.js";
import { synadm, type Result } from "../helpers/synadm.js";
import { jobs, mark, type Line } from "./commands.js";

/** A fault, and which requests it hits. */
export interface Rule {
  fault: Fault;
  when?: Pick<When, "method" | "path" | "times">;
  /** So many of those it would hit are spared first. */
  skip?: number;
}

export interface Run extends Result {
  argv: readonly string[];
  ms: number;
  requests: readonly Seen[];
}

export interface Seen {
  method: string;
  path: string;
  /** With the query. */
  url: string;
  /** Equal where the same thing is asked for again; a notice is told by its text, for its transaction ID may be new. */
  key: string;
  hit: boolean;
  status: number | undefined;
}

interface HowToRun {
  rules?: readonly Rule[];
  options?: readonly string[];
  /** Variables of the environment, which holds the configuration: that is faster than a file. */
  env?: Readonly<Record<string, string>>;
}

/** For the commands; a request with a point in time is the same in each run. */
const start = Date.now();

export const token = `syt_${mark}_config`;

/** For the tests of a file. Every request goes to loopback anyway; without nock it gets there faster. */
export function groundForAll(): Ground {
  const ground = new Ground();
  vi.setConfig({ testTimeout: 600_000 }); // a test that is given up goes on behind the next one's back
  beforeAll(() => nock.restore());
  afterAll(async () => {
    nock.activate();
    await ground.close();
  });
  return ground;
}

/** Where command lines are tried. What one of them changed is made new before the next. */
export class Ground {
  #server: Homeserver | undefined;
  readonly #always: boolean;

  /** @param always makes it new for each line: a request of one that gave up may arrive late */
  constructor({ always = false } = {}) {
    this.#always = always;
  }

  /** A homeserver in its first state. */
  async server(): Promise<Homeserver> {
    return (this.#server ??= await freshServer());
  }

  async run({ argv, stdin }: Line, { rules = [], options = [], env }: HowToRun = {}): Promise<Run> {
    const server = await this.server();
    server.requests.length = 0;
    misbehave(server, rules);
    const words = argv.map((word) => idsOfJobs(server).get(word) ?? word);
    const began = performance.now();
    const result = await synadm(["--batch", ...options, ...words], {
      now: start,
      home: "/nowhere",
      config: null,
      env: { SYNADM_TOKEN: token, SYNADM_BASE_URL: server.baseUrl, SYNADM_HOMESERVER: server.serverName, ...env },
      ...(stdin === undefined ? {} : { stdin }),
    });
    const ms = performance.now() - began;
    server.behave();
    const hits = hitsOf(server.requests, rules);
    const requests = server.requests.map((request) => seen(request, hits.has(request)));
    const isChanged = server.requests.some(({ method, handled }) => method !== "GET" && handled);
    if (this.#always || isChanged) await this.close();
    return { ...result, argv, ms, requests };
  }

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}

async function freshServer(): Promise<Homeserver> {
  const server = await startHomeserver({ jobMs: 60_000 });
  const { world } = server;
  world.addToken(server.adminUser, { token });
  world.addToken(world.userId("judy"), { token: `${mark}-other` });
  world.addUser("known", { password: `${mark}-old` });
  const limits = { uses_allowed: 3, pending: 0, completed: 0, expiry_time: null };
  world.registrationTokens.set(`${mark}.known`, { token: `${mark}.known`, ...limits });
  const work = { finish: () => null };
  world.jobs.start("shutdown_and_purge_room", `!lobby:${server.serverName}`, work);
  world.jobs.start("purge_history", `!lobby:${server.serverName}`, work);
  world.jobs.start("redact_all_events", world.userId("bob"), work);
  return server;
}

function idsOfJobs({ world }: Homeserver): ReadonlyMap<string, string> {
  const [deletion = "", purge = "", redaction = ""] = world.jobs.all.keys();
  return new Map([
    [jobs.deletion, deletion],
    [jobs.purge, purge],
    [jobs.redaction, redaction],
  ]);
}

function misbehave(server: Homeserver, rules: readonly Rule[]): void {
  for (const { fault, when = {}, skip = 0 } of rules) {
    if (skip > 0) server.misbehave({ kind: "delay", ms: 0 }, { ...when, times: skip });
    server.misbehave(fault, when);
  }
  // The homeserver is too young for groups.
  server.misbehave({ kind: "json", value: {} }, { path: "/delete_group/" });
}

/** The homeserver does not tell which faults it applied, but it does so in the order of the requests. */
function hitsOf(requests: readonly RecordedRequest[], rules: readonly Rule[]): ReadonlySet<RecordedRequest> {
  const hits = new Set<RecordedRequest>();
  const open = rules.map(({ when = {}, skip = 0 }) => ({ when, skip, left: when.times ?? Infinity }));
  for (const request of requests) {
    const rule = open.find(({ when, skip, left }) => (skip > 0 || left > 0) && fits(when, request));
    if (rule === undefined) continue;
    if (rule.skip > 0) rule.skip--;
    else {
      rule.left--;
      hits.add(request);
    }
  }
  return hits;
}

function fits({ method, path }: When, request: RecordedRequest): boolean {
  if (method !== undefined && method !== request.method) return false;
  return path === undefined || new RegExp(path).test(request.path);
}

function seen({ method, path, query, body, status }: RecordedRequest, hit: boolean): Seen {
  const what = body === "" ? path : path.replace(/(send_server_notice\/).*/, "$1*"); // a reset leaves no body to tell by
  const search = query.size === 0 ? "" : `?${query.toString()}`;
  return { method, path, url: path + search, key: `${method} ${what}${search} ${body}`, hit, status };
}

/** The address of a port that nothing listens on any more. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 1}`;
}
