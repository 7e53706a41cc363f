import { readFileSync } from "node:fs";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { load } from "js-yaml";
import { synadm } from "./helpers/synadm.js";

/** One command line of the original, see fixtures/parity/README.md. */
interface Entry {
  argv: string[];
  recorded_at: number;
  note?: string;
  stdin?: string;
  env?: Record<string, string>;
  clock?: string[];
  requests: Exchange[];
  stdout_data?: unknown;
}

interface Request {
  method: string;
  path: string;
  query: Record<string, string>;
  authorization?: string | null;
  body?: unknown;
}

interface Exchange extends Request {
  status: number;
  response: unknown;
}

const entries = JSON.parse(
  readFileSync(new URL("fixtures/parity/recorded-0.49.2.json", import.meta.url), "utf8"),
) as Entry[];

/** What Synapse takes for granted: saying it and leaving it out are the same request. */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  from: ["0"],
  limit: ["100"],
  locked: ["false"],
  guests: ["true"],
  name: [""],
  user_id: [""],
  keep_profiles: ["true"],
  size_gt: ["0"],
  erase: [false],
  logout_devices: [true],
  force_purge: [false],
  delete_local_events: [false],
  length: [16],
  uses_allowed: [null],
  expiry_time: [null],
};

beforeEach(() => void vi.stubEnv("TZ", "UTC"));
afterEach(() => void vi.unstubAllEnvs());

describe("as the original 0.49.2", () => {
  it.each(entries.map((entry) => [entry.argv.join(" "), entry] as const))("%s", async (_name, entry) => {
    const sent: Request[] = [];
    answerAsRecorded(entry.requests, sent);
    const { code, stdout } = await synadm(entry.argv, {
      config: {
        user: "admin",
        token: "admintoken",
        homeserver: "example.test",
        base_url: "http://synapse.test",
        format: "yaml",
      },
      now: entry.recorded_at,
      ...(entry.stdin === undefined ? {} : { stdin: entry.stdin }),
      ...(entry.env === undefined ? {} : { env: entry.env }),
    });

    const wanted = entry.requests.map((request) => comparable(request, entry.clock));
    const made = sent.map((request) => comparable(request, entry.clock));
    const changes = (requests: readonly Comparable[]) => requests.filter(({ method }) => method !== "GET");
    if (changes(wanted).length > 0) expect(changes(made)).toEqual(changes(wanted));
    else expect(sorted(made)).toEqual(sorted(wanted));

    for (const field of entry.clock ?? []) expectSameClock(field, entry, sent);
    const refused = entry.requests.at(-1)!.status >= 400;
    expect(code).toBe(refused ? 1 : 0);
    if ("stdout_data" in entry) expect(load(stdout)).toEqual(entry.stdout_data);
  });
});

interface Comparable {
  method: string;
  path: string;
  fields: unknown;
  authorization: string | null;
}

/** A request without what may be said in two ways. */
function comparable({ method, path, query, body, authorization }: Request, clock: readonly string[] = []): Comparable {
  const notice = /^(\/_synapse\/admin\/v1\/send_server_notice)\/[^/]+$/.exec(path)?.[1];
  const said = (fields: object) =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([key, value]) => !clock.includes(key) && defaults[key]?.includes(value) !== true)
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  return {
    method: notice !== undefined && method === "PUT" ? "POST" : method,
    path: (notice ?? path).replace("/_matrix/client/r0/", "/_matrix/client/v3/").replace("/v3/users", "/v2/users"),
    fields: [
      "type" in query ? {} : said(query), // a narrower read of a room's state
      typeof body === "object" && body !== null ? said(body) : (body ?? {}),
    ],
    authorization: authorization ?? null,
  };
}

function sorted(requests: readonly Comparable[]): string[] {
  return requests.map((request) => JSON.stringify(request)).sort();
}

/** A field that counts from now must be as far from now as it was; a second is lost while recording. */
function expectSameClock(field: string, entry: Entry, sent: readonly Request[]): void {
  const value = (requests: readonly Request[]) =>
    requests
      .flatMap(({ query, body }) =>
        Number(query[field] ?? (body as Record<string, unknown> | undefined)?.[field] ?? []),
      )
      .at(-1);
  expect(Math.abs(value(sent)! - value(entry.requests)!)).toBeLessThan(1000);
}

/** The same thing, and of a list the same page, whatever its filters. */
function isPage(request: Request, recorded: Exchange): boolean {
  const [one, other] = [comparable(request), comparable(recorded)];
  const from = ({ query }: Request) => query["from"] ?? "0";
  return one.method === other.method && one.path === other.path && from(request) === from(recorded);
}

/** Gives each request the answer that the original got for it. */
function answerAsRecorded(exchanges: readonly Exchange[], sent: Request[]): void {
  const left = [...exchanges];
  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    nock("http://synapse.test")
      .persist()
      .intercept(/.*/, method)
      .optionally()
      .reply(function (uri, body) {
        const url = new URL(uri, "http://synapse.test");
        const request: Request = {
          method,
          path: url.pathname,
          query: Object.fromEntries(url.searchParams),
          authorization: this.req.headers["authorization"] ?? null,
          ...(body === "" ? {} : { body }),
        };
        sent.push(request);
        const exchange = left.find((other) => isPage(request, other));
        if (exchange !== undefined && method !== "GET") left.splice(left.indexOf(exchange), 1); // one answer each
        if (exchange === undefined)
          return [404, { errcode: "M_UNRECOGNIZED", error: `not recorded: ${method} ${uri}` }];
        return [exchange.status, exchange.response as nock.Body];
      });
  }
}
