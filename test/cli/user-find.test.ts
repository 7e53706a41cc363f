import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const admin = "/_synapse/admin";
const alice = "%40alice%3Aexample.test";
const notFound = { errcode: "M_NOT_FOUND", error: "User not found" };

describe("synadm user 3pid and auth-provider", () => {
  it.each([
    { argv: ["3pid", "a+b@x.test"], url: "/v1/threepid/email/users/a%2Bb%40x.test" },
    { argv: ["3pid", "-m", "msisdn", "447700900123"], url: "/v1/threepid/msisdn/users/447700900123" },
    { argv: ["auth-provider", "-p", "oidc-x", "a/b"], url: "/v1/auth_providers/oidc-x/users/a%2Fb" },
  ])("$argv asks for $url", async ({ argv, url }) => {
    synapse()
      .get(admin + url)
      .reply(200, { user_id: "@alice:example.test" });
    const { code, stdout } = await synadm(["-o", "minified", "user", ...argv]);
    expect([code, stdout]).toEqual([0, `{"user_id":"@alice:example.test"}\n`]);
  });

  it("C1, C2: nobody is an error", async () => {
    synapse().get(`${admin}/v1/threepid/email/users/x`).reply(404, notFound);
    const { code, stdout } = await synadm(["-o", "json", "user", "3pid", "x"]);
    expect([code, JSON.parse(stdout)]).toEqual([1, notFound]);
  });

  it("looks for an e-mail address in lower case, too", async () => {
    synapse().get(`${admin}/v1/threepid/email/users/A%40X.test`).reply(404, notFound);
    synapse().get(`${admin}/v1/threepid/email/users/a%40x.test`).reply(200, { user_id: "@alice:example.test" });
    expect((await synadm(["user", "3pid", "A@X.test"])).code).toBe(0);
  });

  it.each([[["3pid"]], [["3pid", ""]], [["3pid", ".."]], [["auth-provider", "x"]], [["auth-provider", "-p", "", "x"]]])(
    "refuses %j",
    async (argv) => {
      const { code, stdout } = await synadm(["user", ...argv]);
      expect([code, stdout]).toEqual([2, ""]);
    },
  );
});

describe("synadm user membership", () => {
  const rooms = { joined_rooms: ["!a:example.test", "!b:example.test", "!c:example.test"], total: 3, more: true };
  const joined = () => synapse().get(`${admin}/v1/users/${alice}/joined_rooms`).reply(200, rooms);
  const aliases = (room: string) => synapse().get(`/_matrix/client/v3/rooms/%21${room}%3Aexample.test/aliases`);

  it("puts the aliases of a room in the place of its ID", async () => {
    joined();
    aliases("a").reply(200, { aliases: ["#x:example.test", "#y:example.test"] });
    aliases("b").reply(200, { aliases: [] });
    aliases("c").reply(403, { errcode: "M_FORBIDDEN", error: "no" });
    const { code, stdout, stderr } = await synadm(["-o", "json", "user", "membership", "alice"]);
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      { ...rooms, joined_rooms: ["#x:example.test #y:example.test", "!b:example.test", "!c:example.test"] },
    ]);
    expect(stderr).toMatch(/^synadm: warning: not all aliases are known: .*!c:example\.test: 403 M_FORBIDDEN: no\n$/);
  });

  it("asks for the other rooms where one answer is odd, and counts those it could not ask for", async () => {
    const ids = Array.from({ length: 40 }, (_, at) => `!r${at}:example.test`);
    const of = (at: number) => synapse().get(`/_matrix/client/v3/rooms/%21r${at}%3Aexample.test/aliases`);
    const list = () =>
      synapse().get(`${admin}/v1/users/${alice}/joined_rooms`).reply(200, { joined_rooms: ids, total: 40 });
    list();
    ids.forEach((_, at) => of(at).reply(200, at === 0 ? {} : { aliases: [`#${at}:t`] }));
    const odd = await synadm(["-o", "json", "user", "membership", "alice"]);
    const names = ids.map((id, at) => (at === 0 ? id : `#${at}:t`));
    expect(JSON.parse(odd.stdout)).toEqual({ joined_rooms: names, total: 40 });
    list();
    const gone = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    synapse()
      .persist()
      .get(/aliases$/)
      .replyWithError(gone);
    const { code, stderr } = await synadm(["-o", "json", "user", "membership", "alice"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/: not all aliases are known: .*, and 39 more\n/);
    nock.cleanAll();
  });

  it("D9: prints IDs in one request", async () => {
    joined();
    const { stdout } = await synadm(["-o", "human", "user", "membership", "--ids", "alice"]);
    expect(stdout).toBe("!a:example.test\n!b:example.test\n!c:example.test\n");
  });

  it("asks a server that is gone no more", async () => {
    const many = Array.from({ length: 100 }, (_, at) => `!r${at}:example.test`);
    synapse().get(`${admin}/v1/users/${alice}/joined_rooms`).reply(200, { joined_rooms: many, total: 100 });
    let asked = 0;
    nock("http://synapse.test")
      .persist()
      .get(/aliases$/)
      .reply(() => {
        asked += 1;
        return [200, "<html>"];
      });
    const { code, stdout } = await synadm(["-o", "json", "user", "membership", "alice"]);
    expect([code, JSON.parse(stdout)]).toEqual([0, { joined_rooms: many, total: 100 }]);
    expect(asked).toBeLessThan(20);
    nock.cleanAll();
  });

  it("ends where the rooms cannot be listed", async () => {
    synapse().get(`${admin}/v1/users/${alice}/joined_rooms`).reply(403, { errcode: "M_FORBIDDEN", error: "no" });
    expect((await synadm(["user", "membership", "alice"])).code).toBe(1);
  });
});

describe("synadm user media", () => {
  const media = { media: [{ media_id: "abc", created_ts: 1660000000000, extra: 1 }], total: 1 };

  it.each([
    { argv: [], query: {} },
    { argv: ["-f", "1", "-l", "1"], query: { from: "1", limit: "1" } },
    { argv: ["-s", "media_length"], query: { order_by: "media_length" } },
    { argv: ["-s", "media_length", "-r"], query: { order_by: "media_length", dir: "b" } },
    { argv: ["-r"], query: { dir: "f" } }, // A19: the oldest first, as Synapse does with dir alone
  ])("$argv asks for $query", async ({ argv, query }) => {
    synapse()
      .get(`${admin}/v1/users/${alice}/media`)
      .query({ from: "0", limit: "100", ...query })
      .reply(200, media);
    const { code, stdout } = await synadm(["-o", "json", "user", "media", "alice", ...argv]);
    expect([code, JSON.parse(stdout)]).toEqual([0, media]);
  });

  it("C13: shows dates where they are asked for", async () => {
    synapse().get(`${admin}/v1/users/${alice}/media`).query(true).reply(200, media);
    const { stdout } = await synadm(["-o", "json", "user", "media", "--dt", "alice"]);
    expect(JSON.parse(stdout)).toMatchObject({ media: [{ created_ts: "2022-08-09 08:36:40 +09:30" }] });
  });

  it.each([[["-s", "size"]], [["-l", "-5"]]])("refuses %j", async (argv) => {
    expect((await synadm(["user", "media", "alice", ...argv])).code).toBe(2);
  });
});

describe("synadm user login", () => {
  const now = Date.UTC(2026, 0, 1);
  const day = 86_400_000;
  const login = (body: nock.DataMatcherMap) =>
    synapse().post(`${admin}/v1/users/${alice}/login`, body).reply(200, { access_token: "syt_new" });

  it.each([
    { argv: [], body: { valid_until_ms: now + day } },
    { argv: ["-d", "7"], body: { valid_until_ms: now + 7 * day } },
    { argv: ["-d", "0"], body: { valid_until_ms: now } }, // A18
    { argv: ["--expire-ts", "0"], body: { valid_until_ms: 0 } }, // A18
    { argv: ["--expire-ts", "1925037200000"], body: { valid_until_ms: 1925037200000 } },
    { argv: ["--expire", "12h"], body: { valid_until_ms: now + day / 2 } },
    { argv: ["--expire", "2031-01-02"], body: { valid_until_ms: new Date(2031, 0, 2).getTime() } },
    { argv: ["--expire-never"], body: {} },
  ])("$argv sends $body", async ({ argv, body }) => {
    login(body);
    const { code, stdout, stderr } = await synadm(["-o", "minified", "user", "login", "alice", ...argv], { now });
    expect([code, stdout, stderr]).toEqual([0, `{"access_token":"syt_new"}\n`, ""]);
  });

  it("says until when, to a person", async () => {
    login({ valid_until_ms: now + day });
    const { stderr } = await synadm(["-o", "human", "user", "login", "alice"], { now });
    expect(stderr).toBe("good until 2026-01-02 10:30:00 +10:30; keep it secret\n");
  });

  it.each([
    [["-d", "1", "--expire-never"]],
    [["-d", "-1"]],
    [["-d", "9007199254740991"]],
    [["--expire", "yesterday"]],
    [["--expire", ""]],
    [["--expire-ts", "1925037200"]],
    [["--expire-ts", "soon"]],
  ])("refuses %j", async (argv) => {
    expect((await synadm(["user", "login", "alice", ...argv])).code).toBe(2);
  });
});

describe("B1: names of users", () => {
  const commands = ["membership", "media", "login", "deactivate", "suspend", "shadow-ban", "redact", "prune-devices"];

  it.each(commands)("%s refuses what cannot be one", async (command) => {
    for (const name of ["", "#room:x", "!room:x", "a b", "@a:b c", `@${"a".repeat(300)}:x`]) {
      const { code, stdout } = await synadm(["--batch", "user", command, name]);
      expect([name, code, stdout]).toEqual([name, 2, ""]);
    }
  });
});
