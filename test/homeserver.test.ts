import { createHmac } from "node:crypto";
import { request } from "node:http";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Homeserver, type HomeserverOptions, startHomeserver } from "./homeserver/index.js";

const NOW = Date.UTC(2026, 0, 31, 12);

interface Answer {
  status: number;
  body: unknown;
}

let running: Homeserver[] = [];

async function start(options: HomeserverOptions = {}): Promise<Homeserver> {
  const homeserver = await startHomeserver({ now: () => NOW, jobMs: Infinity, ...options });
  running.push(homeserver);
  return homeserver;
}

afterEach(async () => {
  await Promise.all(running.map((homeserver) => homeserver.close()));
  running = [];
});

async function call(
  homeserver: Homeserver,
  method: string,
  path: string,
  body?: unknown,
  token: string | null = homeserver.adminToken,
): Promise<Answer> {
  const response = await fetch(`${homeserver.baseUrl}${path}`, {
    method,
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: parsed(text) };
}

function parsed(text: string): unknown {
  return text.startsWith("{") ? JSON.parse(text) : text;
}

const admin = "/_synapse/admin";
const client = "/_matrix/client/v3";

function at(value: unknown, ...keys: (string | number)[]): unknown {
  return keys.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), value);
}

describe("who may call", () => {
  it.each([
    { token: null, status: 401, errcode: "M_MISSING_TOKEN" },
    { token: "wrong", status: 401, errcode: "M_UNKNOWN_TOKEN" },
    { token: "alices", status: 403, errcode: "M_FORBIDDEN" },
    { token: "erins", status: 401, errcode: "M_USER_LOCKED" },
    { token: "old", status: 401, errcode: "M_UNKNOWN_TOKEN" },
  ])("answers $status $errcode to token $token", async ({ token, status, errcode }) => {
    const homeserver = await start();
    homeserver.world.addToken("@alice:example.test", { token: "alices" });
    homeserver.world.addToken("@erin:example.test", { token: "erins" });
    homeserver.world.addToken("@admin:example.test", { token: "old", validUntilMs: NOW - 1 });
    const answer = await call(homeserver, "GET", `${admin}/v2/users`, undefined, token);
    expect(answer).toMatchObject({ status, body: { errcode } });
    if (token === "old") expect(answer.body).toMatchObject({ soft_logout: true });
  });

  it("takes the token from the query too", async () => {
    const homeserver = await start();
    const { status } = await call(homeserver, "GET", `${admin}/v1/rooms?access_token=admintoken`, undefined, null);
    expect(status).toBe(200);
  });

  it("needs no token for server_version", async () => {
    const answer = await call(await start(), "GET", `${admin}/v1/server_version`, undefined, null);
    expect(answer).toEqual({ status: 200, body: { server_version: "1.160.0" } });
  });
});

describe("routes", () => {
  it.each([
    { method: "GET", path: `${admin}/v1/nope`, status: 404 },
    { method: "POST", path: `${admin}/v1/delete_group/x`, status: 404 },
    { method: "POST", path: `${admin}/v1/rooms`, status: 405 },
    { method: "GET", path: `${admin}/v1/registration_tokens/new`, status: 405 },
    { method: "GET", path: `${admin}/v1/rooms/x/members/`, status: 404 },
  ])("$method $path: $status M_UNRECOGNIZED", async ({ method, path, status }) => {
    const answer = await call(await start(), method, path);
    const body = { errcode: "M_UNRECOGNIZED", error: "Unrecognized request" };
    expect(answer).toEqual({ status, body });
  });

  it("lets the endpoints of accounts go where MAS is in charge", async () => {
    const homeserver = await start({ mas: true });
    expect(await call(homeserver, "GET", `${client}/login`)).toMatchObject({ status: 404 });
    expect(await call(homeserver, "GET", `${admin}/v1/registration_tokens`)).toMatchObject({ status: 404 });
    expect(await call(homeserver, "GET", `${admin}/v2/users`)).toMatchObject({
      status: 400,
      body: { errcode: "M_INVALID_PARAM" },
    });
    expect(await call(homeserver, "GET", `${admin}/v2/users?guests=false`)).toMatchObject({ status: 200 });
  });
});

describe("users list", () => {
  it("pages to the end with text tokens", async () => {
    const homeserver = await start();
    const names: unknown[] = [];
    let from: string | undefined = "0";
    let total: unknown;
    while (from !== undefined) {
      const { body } = await call(homeserver, "GET", `${admin}/v3/users?limit=7&locked=true&from=${from}`);
      const users = at(body, "users");
      if (Array.isArray(users)) names.push(...users.map((user) => at(user, "name")));
      const next = at(body, "next_token");
      expect(["string", "undefined"]).toContain(typeof next);
      from = typeof next === "string" ? next : undefined;
      total = at(body, "total");
    }
    expect(names).toHaveLength(Number(total));
    expect(names).toEqual([...names].sort());
    expect(total).toBe(homeserver.world.users.size);
  });

  it("repeats the start for limit=0", async () => {
    const { body } = await call(await start(), "GET", `${admin}/v2/users?limit=0&from=3`);
    expect(body).toMatchObject({ users: [], next_token: "3" });
  });

  it.each([
    ["name=ŁÓDŹ", ["@alice:example.test"]],
    ["user_id=AVE.", ["@dave.old:example.test"]],
    ["name=%25&admins=true", ["@admin:example.test", "@judy:example.test"]],
    ["deactivated=true&name=grace", ["@grace:example.test"]],
    ["name=grace", []],
    ["name=erin&locked=true", ["@erin:example.test"]],
    ["name=erin", []],
    ["user_id=@1:", ["@1:example.test"]],
    ["user_id=@1:&guests=false", []],
    ["not_user_type=", ["@bob:example.test", "@heidi:example.test"]],
    ["not_user_type=&not_user_type=bot", ["@heidi:example.test"]],
    ["order_by=creation_ts&dir=b&limit=1", ["@2:example.test"]],
  ])("filters by %s", async (query, names) => {
    const { body } = await call(await start(), "GET", `${admin}/v2/users?${query}`);
    const users = at(body, "users");
    expect(Array.isArray(users) ? users.map((user) => at(user, "name")) : users).toEqual(names);
  });

  it.each(["from=-1", "limit=x", "dir=x", "order_by=x", "guests=True"])("refuses %s", async (query) => {
    const answer = await call(await start(), "GET", `${admin}/v2/users?${query}`);
    expect(answer).toMatchObject({ status: 400, body: { errcode: "M_INVALID_PARAM" } });
  });

  it("holds a million users without building them", async () => {
    const begun = performance.now();
    const homeserver = await start({ users: 1_000_000 });
    const started = performance.now();
    expect(started - begun).toBeLessThan(500);
    const { body } = await call(homeserver, "GET", `${admin}/v2/users?from=700000&limit=100`);
    expect(performance.now() - started).toBeLessThan(1000); // the first fetch of a process alone takes 100
    const again = performance.now();
    await call(homeserver, "GET", `${admin}/v2/users?from=900000&limit=100`);
    expect(performance.now() - again).toBeLessThan(500);
    expect(at(body, "users", 99, "name")).toMatch(/^@user700\d{3}:example\.test$/);
    expect(at(body, "next_token")).toBe("700100");
  });

  it("keeps a million users in order around those that were changed", async () => {
    const homeserver = await start({ users: 1_000_000 });
    const list = async (query: string): Promise<unknown[]> => {
      const users = at((await call(homeserver, "GET", `${admin}/v2/users?${query}`)).body, "users");
      return Array.isArray(users) ? users.map((user) => at(user, "name")) : [];
    };
    const before = at((await call(homeserver, "GET", `${admin}/v2/users`)).body, "total");
    await call(homeserver, "POST", `${admin}/v1/deactivate/@user000002:example.test`, {});
    await call(homeserver, "PUT", `${admin}/v2/users/@user000003x:example.test`, {});
    const { body } = await call(homeserver, "GET", `${admin}/v2/users?dir=b&limit=2`);
    expect(at(body, "total")).toBe(before);
    expect(at(body, "users", 0, "name")).toBe("@user999999:example.test");
    expect(await list("user_id=@user00000&limit=6")).toEqual(
      ["user000000", "user000001", "user000003", "user000003x", "user000004", "user000005"].map(
        (name) => `@${name}:example.test`,
      ),
    );
    expect(await list("user_id=@user00000&limit=2&dir=b")).toEqual([
      "@user000009:example.test",
      "@user000008:example.test",
    ]);
  });
});

describe("one user", () => {
  it("is created with 201, changed with 200, and shows seconds", async () => {
    const homeserver = await start();
    const path = `${admin}/v2/users/@new:example.test`;
    expect(await call(homeserver, "PUT", path, { password: "pw" })).toMatchObject({
      status: 201,
      body: { displayname: "new", creation_ts: NOW / 1000, last_seen_ts: null },
    });
    expect(await call(homeserver, "PUT", path, { displayname: "" })).toMatchObject({
      status: 200,
      body: { displayname: null },
    });
    expect(await call(homeserver, "PUT", path, { displayname: null })).toMatchObject({ status: 400 });
  });

  it("logs in with a new device, until it is deactivated", async () => {
    const homeserver = await start();
    const credentials = {
      type: "m.login.password",
      identifier: { type: "m.id.user", user: "alice" },
      password: "alice-password",
    };
    const { body } = await call(homeserver, "POST", `${client}/login`, credentials, null);
    const token = String(at(body, "access_token"));
    const devices = `${admin}/v2/users/@alice:example.test/devices`;
    const latest = at((await call(homeserver, "GET", devices)).body, "devices", 4);
    expect(latest).toMatchObject({ device_id: at(body, "device_id"), last_seen_ts: null });
    expect(await call(homeserver, "GET", `${client}/account/whoami`, undefined, token)).toMatchObject({
      body: { user_id: "@alice:example.test" },
    });
    expect(at((await call(homeserver, "GET", devices)).body, "devices", 4)).toMatchObject({ last_seen_ts: NOW });

    await call(homeserver, "POST", `${admin}/v1/deactivate/@alice:example.test`);
    expect(await call(homeserver, "GET", `${client}/account/whoami`, undefined, token)).toMatchObject({ status: 401 });
    expect(await call(homeserver, "POST", `${client}/login`, credentials, null)).toMatchObject({
      status: 403,
      body: { errcode: "M_FORBIDDEN" },
    });
    expect(homeserver.world.roomsOf("@alice:example.test")).toEqual([]);
  });

  it("is registered with a shared secret, each nonce once", async () => {
    const homeserver = await start({ seed: "empty" });
    const path = `${admin}/v1/register`;
    const nonce = String(at((await call(homeserver, "GET", path, undefined, null)).body, "nonce"));
    const mac = createHmac("sha1", homeserver.sharedSecret).update(`${nonce}\0root\0pw\0admin`).digest("hex");
    const body = { nonce, username: "root", password: "pw", admin: true, mac };
    const answer = await call(homeserver, "POST", path, body, null);
    expect(answer).toMatchObject({ status: 200, body: { user_id: "@root:example.test" } });
    const token = String(at(answer.body, "access_token"));
    expect(await call(homeserver, "GET", `${admin}/v1/rooms`, undefined, token)).toMatchObject({ status: 200 });
    expect(await call(homeserver, "POST", path, body, null)).toMatchObject({ status: 400 });
  });
});

describe("rooms", () => {
  it("lists by the asked order and filters like Synapse, bug included", async () => {
    const homeserver = await start();
    const first = async (query: string): Promise<unknown> =>
      at((await call(homeserver, "GET", `${admin}/v1/rooms?${query}`)).body, "rooms", 0, "room_id");
    expect(await first("order_by=joined_members")).toBe("!hostile:example.test");
    expect(await first("order_by=joined_members&dir=b")).toBe("!empty1:example.test");
    expect(await first("empty_rooms=true")).toBe("!empty1:example.test");
    expect(await first("search_term=lobby&public_rooms=false")).toBe("!lobby:example.test");
    expect(await call(homeserver, "GET", `${admin}/v1/rooms?search_term=`)).toMatchObject({ status: 400 });
    expect((await call(homeserver, "GET", `${admin}/v1/rooms?limit=5&from=5`)).body).toMatchObject({
      offset: 5,
      next_batch: 10,
      prev_batch: 0,
    });
  });

  it("knows rooms without a server part, without members, and with numbers beyond JavaScript's", async () => {
    const homeserver = await start();
    const twelve = [...homeserver.world.rooms.values()].find((room) => room.version === "12");
    const state = await call(homeserver, "GET", `${admin}/v1/rooms/${twelve?.roomId}/state?type=m.room.power_levels`);
    expect(at(state.body, "state", 0, "content")).toEqual({ users_default: 0, state_default: 50 });
    expect((await call(homeserver, "GET", `${admin}/v1/rooms/!empty2:remote.test`)).body).toMatchObject({
      joined_members: 3,
      joined_local_members: 0,
    });
    expect((await call(homeserver, "GET", `${admin}/v1/rooms/!empty1:example.test`)).body).toMatchObject({
      name: null,
      joined_members: 0,
      creator: "@alice:example.test",
    });
    const ancient = await fetch(`${homeserver.baseUrl}${admin}/v1/rooms/!ancient:example.test/state`, {
      headers: { Authorization: "Bearer admintoken" },
    });
    expect(await ancient.text()).toContain('"@founder:remote.test":9223372036854775807');
  });

  it("are deleted by a job that takes its time", async () => {
    const homeserver = await start();
    const path = `${admin}/v2/rooms/!lobby:example.test`;
    expect(await call(homeserver, "DELETE", path)).toMatchObject({ status: 400, body: { errcode: "M_NOT_JSON" } });
    const { body } = await call(homeserver, "DELETE", path, { block: true, new_room_user_id: "@judy:example.test" });
    const status = `${admin}/v2/rooms/delete_status/${String(at(body, "delete_id"))}`;
    expect((await call(homeserver, "GET", status)).body).toMatchObject({ status: "active", shutdown_room: null });
    expect(await call(homeserver, "DELETE", path, {})).toMatchObject({ status: 400 });
    homeserver.world.jobs.finish();
    expect((await call(homeserver, "GET", status)).body).toMatchObject({ status: "complete" });
    expect((await call(homeserver, "GET", `${path}/delete_status`)).body).toMatchObject({
      results: [{ shutdown_room: { local_aliases: ["#lobby:example.test", "#hall:example.test"] } }],
    });
    expect(await call(homeserver, "GET", `${admin}/v1/rooms/!lobby:example.test`)).toMatchObject({ status: 404 });
    expect((await call(homeserver, "GET", `${admin}/v1/rooms/!lobby:example.test/block`)).body).toEqual({
      block: true,
      user_id: "@admin:example.test",
    });
  });

  it("stay when the job fails", async () => {
    const homeserver = await start();
    homeserver.failNextJob("500: disk full");
    const { body } = await call(homeserver, "DELETE", `${admin}/v2/rooms/!crypt:example.test`, {});
    const status = `${admin}/v2/rooms/delete_status/${String(at(body, "delete_id"))}`;
    homeserver.world.jobs.finish();
    expect((await call(homeserver, "GET", status)).body).toMatchObject({ status: "failed" });
    expect(homeserver.world.rooms.has("!crypt:example.test")).toBe(true);
    expect(homeserver.world.jobs.all.get(String(at(body, "delete_id")))).toMatchObject({ error: "500: disk full" });
  });

  it("lose their history before an event, but not what local users wrote", async () => {
    const homeserver = await start();
    const lobby = homeserver.world.rooms.get("!lobby:example.test");
    const last = lobby?.timeline.at(-1)?.eventId;
    const remoteMessages = (): number =>
      (lobby?.timeline ?? []).filter((event) => event.stateKey === undefined && event.sender.endsWith("remote.test"))
        .length;
    expect(remoteMessages()).toBe(1);
    const { body } = await call(homeserver, "POST", `${admin}/v1/purge_history/!lobby:example.test`, {
      purge_up_to_event_id: last,
    });
    const status = `${admin}/v1/purge_history_status/${String(at(body, "purge_id"))}`;
    expect((await call(homeserver, "GET", status)).body).toEqual({ status: "active" });
    homeserver.world.jobs.finish();
    expect((await call(homeserver, "GET", status)).body).toMatchObject({ status: "complete" });
    expect(remoteMessages()).toBe(0);
    expect(lobby?.timeline.filter((event) => event.type === "m.room.message")).toHaveLength(5);
  });

  it("have a user's events redacted", async () => {
    const homeserver = await start();
    const path = `${admin}/v1/user/@spam1:example.test/redact`;
    const { body } = await call(homeserver, "POST", path, { rooms: [], reason: "spam" });
    const status = `${admin}/v1/user/redact_status/${String(at(body, "redact_id"))}`;
    homeserver.world.jobs.finish();
    expect((await call(homeserver, "GET", status)).body).toEqual({ status: "complete", failed_redactions: {} });
  });
});

describe("media", () => {
  it("are uploaded, listed, quarantined with their twins, and deleted", async () => {
    const homeserver = await start();
    const { body } = await call(homeserver, "POST", "/_matrix/media/v3/upload?filename=a.txt", "hello");
    const mediaId = String(at(body, "content_uri")).replace("mxc://example.test/", "");
    const download = "/_matrix/client/v1/media/download/example.test";
    expect(await call(homeserver, "GET", `${download}/${mediaId}`)).toEqual({ status: 200, body: "hello" });
    expect((await call(homeserver, "GET", `${admin}/v1/users/@alice:example.test/media?limit=2`)).body).toMatchObject({
      total: 6,
      next_token: 2,
      media: [{ media_id: "preview" }, { media_id: "twin1" }],
    });
    await call(homeserver, "POST", `${admin}/v1/media/quarantine/example.test/twin1`);
    expect(homeserver.world.media.get(null, "twin2")?.quarantinedBy).toBe("@admin:example.test");
    expect(await call(homeserver, "GET", `${download}/twin2`)).toMatchObject({ status: 404 });
    expect((await call(homeserver, "DELETE", `${admin}/v1/media/example.test/${mediaId}`)).body).toEqual({
      deleted_media: [mediaId],
      total: 1,
    });
    expect(await call(homeserver, "DELETE", `${admin}/v1/media/example.test/${mediaId}`)).toMatchObject({
      status: 404,
    });
  });

  it("go by age, but not the avatars, the quarantined and the protected ones", async () => {
    const homeserver = await start();
    const path = `${admin}/v1/media/delete?before_ts=${NOW}`;
    expect(await call(homeserver, "POST", `${admin}/v1/media/delete?before_ts=1000`)).toMatchObject({ status: 400 });
    expect((await call(homeserver, "POST", path)).body).toMatchObject({ total: 4 });
    expect((await call(homeserver, "POST", `${path}&keep_profiles=false`)).body).toMatchObject({ total: 2 });
    expect((await call(homeserver, "POST", `${admin}/v1/purge_media_cache?before_ts=${NOW}`)).body).toEqual({
      deleted: 3,
    });
  });
});

describe("server notices", () => {
  const notice = { user_id: "@alice:example.test", content: { msgtype: "m.text", body: "Hello" } };

  it("are sent once for each transaction ID", async () => {
    const homeserver = await start();
    const sent = (): number =>
      [...homeserver.world.events.values()].filter(({ content }) => content["body"] === "Hello").length;
    const first = await call(homeserver, "PUT", `${admin}/v1/send_server_notice/t1`, notice);
    expect(await call(homeserver, "PUT", `${admin}/v1/send_server_notice/t1`, notice)).toEqual(first);
    expect(sent()).toBe(1);
    expect(await call(homeserver, "PUT", `${admin}/v1/send_server_notice/t2`, notice)).not.toEqual(first);
    await call(homeserver, "POST", `${admin}/v1/send_server_notice`, notice);
    await call(homeserver, "POST", `${admin}/v1/send_server_notice`, notice);
    expect(sent()).toBe(4);
  });
});

describe("misbehaviour", () => {
  const path = `${admin}/v1/server_version`;
  const block = `${admin}/v1/rooms/!lobby:example.test/block`;
  const isBlocked = (homeserver: Homeserver): boolean => homeserver.world.blockedRooms.has("!lobby:example.test");

  it("resets before the request had an effect, or after", async () => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "reset" }, { method: "PUT", times: 1 });
    await expect(call(homeserver, "PUT", block, { block: true })).rejects.toThrow();
    expect(isBlocked(homeserver)).toBe(false);
    homeserver.misbehave({ kind: "reset-after" }, { path: "/block", times: 1 });
    await expect(call(homeserver, "PUT", block, { block: true })).rejects.toThrow();
    expect(isBlocked(homeserver)).toBe(true);
    expect(homeserver.requests.map(({ handled }) => handled)).toEqual([false, true]);
    expect(await call(homeserver, "GET", block)).toMatchObject({ status: 200 });
  });

  it("delays", async () => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "delay", ms: 60 });
    const begun = performance.now();
    expect(await call(homeserver, "GET", path)).toMatchObject({ status: 200 });
    expect(performance.now() - begun).toBeGreaterThan(55);
  });

  it("drips without end", async () => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "drip", ms: 1 });
    const text = await new Promise<string>((resolve, reject) => {
      let seen = "";
      const req = request(`${homeserver.baseUrl}${path}`, (res) => {
        res.on("data", (chunk: Buffer) => {
          seen += chunk.toString();
          if (seen.length > 40) {
            resolve(seen);
            req.destroy();
          }
        });
      });
      req.on("error", reject);
      req.end();
    });
    expect(JSON.parse(text)).toEqual({ server_version: "1.160.0" });
  });

  it.each([true, false])("cuts the body off (chunked: %s)", async (chunked) => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "truncated", chunked }, { times: 1 });
    const response = await fetch(`${homeserver.baseUrl}${path}`);
    expect(response.headers.has("content-length")).toBe(!chunked);
    await expect(response.text()).rejects.toThrow();
    expect(await call(homeserver, "GET", path)).toMatchObject({ status: 200 });
  });

  it.each([404, 502, 503, 504])("answers %s with a proxy's page", async (status) => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "html", status });
    const answer = await call(homeserver, "PUT", block, { block: true });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(/^<html>/);
    expect(isBlocked(homeserver)).toBe(false);
  });

  it("answers with bodies of the wrong kind", async () => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "empty" }, { times: 1 });
    homeserver.misbehave({ kind: "json", value: [] }, { times: 1 });
    homeserver.misbehave({ kind: "json", value: null }, { times: 1 });
    homeserver.misbehave({ kind: "not-json", text: "{" + "oops" }, { times: 1 });
    const texts: string[] = [];
    for (let nth = 0; nth < 4; nth += 1) texts.push(await (await fetch(`${homeserver.baseUrl}${path}`)).text());
    expect(texts).toEqual(["", "[]", "null", "{oops"]);
  });

  it("redirects", async () => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "redirect", status: 307, location: "https://elsewhere.test/" });
    const response = await fetch(`${homeserver.baseUrl}${path}`, { redirect: "manual" });
    expect(response.status).toBe(307);
    expect(response.headers.get("location")).toBe("https://elsewhere.test/");
  });

  it("answers with errors of every kind", async () => {
    const homeserver = await start();
    homeserver.misbehave(
      {
        kind: "error",
        status: 429,
        errcode: "M_LIMIT_EXCEEDED",
        retryAfterMs: 1500,
        headers: { "Retry-After": "2" },
      },
      { path: /server_version$/, times: 1 },
    );
    const response = await fetch(`${homeserver.baseUrl}${path}`);
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(await response.json()).toMatchObject({ errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 1500 });
    expect((await fetch(`${homeserver.baseUrl}${path}`)).status).toBe(200);
  });

  it("does what a test wants, and behaves again", async () => {
    const homeserver = await start();
    homeserver.misbehave({ kind: "raw", respond: (_req, res) => res.writeHead(418).end("short and stout") });
    expect(await call(homeserver, "GET", path)).toEqual({ status: 418, body: "short and stout" });
    homeserver.behave();
    expect(await call(homeserver, "GET", path)).toMatchObject({ status: 200 });
  });
});

describe("the server", () => {
  it("records every request", async () => {
    const homeserver = await start();
    await call(homeserver, "PUT", `${admin}/v1/rooms/${encodeURIComponent("!lobby:example.test")}/block?a=1&a=2`, {
      block: true,
    });
    expect(homeserver.requests).toMatchObject([
      {
        method: "PUT",
        path: `${admin}/v1/rooms/!lobby%3Aexample.test/block`,
        body: '{"block":true}',
        json: { block: true },
        handled: true,
        status: 200,
      },
    ]);
    expect(homeserver.requests[0]?.query.getAll("a")).toEqual(["1", "2"]);
  });

  it("listens on a Unix socket", async () => {
    const socketPath = join(mkdtempSync(join(tmpdir(), "synadm-")), "synapse.sock");
    const homeserver = await start({ socketPath });
    expect(homeserver.baseUrl).toBe(socketPath);
    const status = await new Promise((resolve, reject) => {
      const req = request({ socketPath, path: "/health" }, (res) => {
        res.resume();
        resolve(res.statusCode);
      });
      req.on("error", reject);
      req.end();
    });
    expect(status).toBe(200);
  });
});
