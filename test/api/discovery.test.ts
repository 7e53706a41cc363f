import nock from "nock";
import { describe, expect, it } from "vitest";
import { Connection, Matrix, serverName, type ResolveSrv, type ServerNameOptions } from "../../src/api/index.js";

const token = "s3cret";
const whoami = "/_matrix/client/v3/account/whoami";
const keys = "/_matrix/key/v2/server";
const unrecognized = { errcode: "M_UNRECOGNIZED", error: "Unrecognized request" };
/** Nothing but the first request may carry the token. */
const stranger = (origin: string) => nock(origin, { badheaders: ["authorization"] });

function ask(baseUrl: string, options: Partial<ServerNameOptions> = {}): Promise<string> {
  return serverName({ matrix: new Matrix({ baseUrl, token }), baseUrl, ...options });
}

describe("serverName", () => {
  it("is what the server says about the token", async () => {
    nock("https://matrix.x.test", { reqheaders: { authorization: "Bearer s3cret" } })
      .get(whoami)
      .reply(200, { user_id: "@Ädmin:x.test:8448" });
    expect(await ask("https://matrix.x.test")).toBe("x.test:8448");
  });

  it("is asked of the federation address that .well-known names", async () => {
    nock("https://matrix.x.test").get(whoami).reply(401, { errcode: "M_UNKNOWN_TOKEN", error: "Invalid token" });
    stranger("https://matrix.x.test").get("/.well-known/matrix/server").reply(200, { "m.server": "fed.x.test:443" });
    stranger("https://fed.x.test").get(keys).reply(200, { server_name: "x.test" });
    expect(await ask("https://matrix.x.test/")).toBe("x.test");
  });

  it("takes port 8448 where .well-known names none", async () => {
    nock("https://x.test").get(whoami).reply(502, "<html>").persist();
    stranger("https://x.test").get("/.well-known/matrix/server").reply(200, { "m.server": "[::1]" });
    stranger("https://[::1]:8448").get(keys).reply(200, { server_name: "x.test" });
    expect(await ask("https://x.test", { matrix: impatient("https://x.test") })).toBe("x.test");
  });

  it("asks for .well-known where the API is, then at the HTTPS port of the host", async () => {
    nock("http://matrix.x.test:8008").get(whoami).reply(404, unrecognized);
    stranger("http://matrix.x.test:8008").get("/.well-known/matrix/server").reply(404, "not found");
    stranger("https://matrix.x.test").get("/.well-known/matrix/server").reply(200, { "m.server": "fed.x.test" });
    stranger("https://fed.x.test:8448").get(keys).reply(200, { server_name: "x.test" });
    expect(await ask("http://matrix.x.test:8008")).toBe("x.test");
  });

  it.each(["example.org:99999", "999.1.1.1", "1.2.3.4.5", "[::::]:8448", "a_b%:1"])(
    "goes on where .well-known names %s, which no URL can hold",
    async (address) => {
      nock("https://matrix.x.test").get(whoami).reply(404, unrecognized);
      stranger("https://matrix.x.test").get("/.well-known/matrix/server").reply(200, { "m.server": address });
      stranger("https://matrix.x.test").get(keys).reply(200, { server_name: "x.test" });
      expect(await ask("https://matrix.x.test")).toBe("x.test");
    },
  );

  it("asks the server itself at last", async () => {
    nock("https://matrix.x.test").get(whoami).reply(404, unrecognized);
    stranger("https://matrix.x.test").get("/.well-known/matrix/server").reply(200, { "m.homeserver": {} });
    stranger("https://matrix.x.test").get(keys).reply(200, { server_name: "x.test" });
    expect(await ask("https://matrix.x.test")).toBe("x.test");
  });

  it.each(["http://localhost:8008", "http://127.0.0.1:8008", "http://[::1]:8008"])(
    "asks nobody else about %s",
    async (url) => {
      nock(url).get(whoami).reply(401, { errcode: "M_MISSING_TOKEN" });
      stranger(url).get(keys).reply(200, { server_name: "x.test" });
      expect(await ask(url)).toBe("x.test");
    },
  );

  describe("by DNS", () => {
    const record = (name: string, port: number, priority = 0, weight = 0) => ({ name, port, priority, weight });

    it("tries the records by priority and weight, and the deprecated service last (D11)", async () => {
      const asked: string[] = [];
      const resolveSrv: ResolveSrv = async (name) => {
        asked.push(name);
        if (name.startsWith("_matrix-fed."))
          return [record("c.test", 1, 20), record("b.test", 2, 10, 1), record("a.test.", 3, 10, 9)];
        return [record("d.test", 4)];
      };
      nock("https://matrix.x.test").get(whoami).reply(404, unrecognized);
      stranger("https://a.test:3").get(keys).replyWithError("connect ECONNREFUSED");
      stranger("https://b.test:2").get(keys).reply(404, unrecognized);
      stranger("https://c.test:1").get(keys).reply(200, { server_name: 7 });
      stranger("https://d.test:4").get(keys).reply(200, { server_name: "x.test" });
      expect(await ask("https://matrix.x.test", { discovery: "dns", resolveSrv })).toBe("x.test");
      expect(asked).toEqual(["_matrix-fed._tcp.matrix.x.test", "_matrix._tcp.matrix.x.test"]);
    });

    it.each(["a b", "999.1.1.1", "user@a", "a/b", "1.2.3.4.5"])("goes on where a record names %j", async (name) => {
      nock("https://matrix.x.test").get(whoami).reply(404, unrecognized);
      stranger("https://b.test:2").get(keys).reply(200, { server_name: "x.test" });
      const resolveSrv = () => Promise.resolve([record(name, 1), record("b.test", 2, 1)]);
      expect(await ask("https://matrix.x.test", { discovery: "dns", resolveSrv })).toBe("x.test");
    });

    it("says what went wrong with each", async () => {
      const resolveSrv: ResolveSrv = async (name) => {
        if (name.startsWith("_matrix-fed.")) throw new Error(`querySrv ENOTFOUND ${name}`);
        return [record(".", 0)];
      };
      nock("https://matrix.x.test").get(whoami).reply(404, unrecognized);
      stranger("https://matrix.x.test").get(keys).reply(404, unrecognized);
      await expect(ask("https://matrix.x.test", { discovery: "dns", resolveSrv })).rejects.toMatchObject({
        name: "NetworkError",
        purpose: "find the homeserver's own name",
        message: [
          "cannot ask whose token this is: 404 M_UNRECOGNIZED: Unrecognized request",
          "cannot look up _matrix-fed._tcp.matrix.x.test: querySrv ENOTFOUND _matrix-fed._tcp.matrix.x.test",
          "cannot look up _matrix._tcp.matrix.x.test: no SRV record",
          "cannot get the server's name and keys: 404 M_UNRECOGNIZED: Unrecognized request",
        ].join("; "),
      });
    });
  });

  it("says that the token is wrong, where nothing else knows the name", async () => {
    nock("http://localhost")
      .get(whoami)
      .reply(401, { errcode: "M_UNKNOWN_TOKEN", error: "Invalid access token passed." });
    nock("http://localhost").get(keys).reply(404, unrecognized);
    await expect(ask("http://localhost")).rejects.toMatchObject({
      name: "HttpError",
      status: 401,
      errcode: "M_UNKNOWN_TOKEN",
      purpose: "find the homeserver's own name",
      message: "401 M_UNKNOWN_TOKEN: Invalid access token passed.",
    });
  });

  it.each([
    ["HTML", 502, "<html>", "502: no JSON object came with it"],
    ["an error", 404, unrecognized, "404 M_UNRECOGNIZED: Unrecognized request"],
  ])("says how the server refused, where it refuses everything: %s", async (_what, status, body, message) => {
    for (const path of [whoami, keys, "/.well-known/matrix/server"]) {
      nock("https://matrix.x.test").get(path).reply(status, body).persist();
    }
    await expect(ask("https://matrix.x.test", { matrix: impatient("https://matrix.x.test") })).rejects.toMatchObject({
      name: "HttpError",
      status,
      message,
      purpose: "find the homeserver's own name",
    });
  });

  it("says that, too, where also its federation address refuses", async () => {
    nock("https://matrix.x.test").get(whoami).reply(403, { errcode: "M_FORBIDDEN" });
    nock("https://matrix.x.test").get("/.well-known/matrix/server").reply(200, { "m.server": "fed.x.test" });
    nock("https://fed.x.test:8448").get(keys).reply(404, "<html>");
    nock("https://matrix.x.test").get(keys).reply(404, "<html>");
    await expect(ask("https://matrix.x.test")).rejects.toMatchObject({ name: "HttpError", errcode: "M_FORBIDDEN" });
  });

  it.each([
    ["cannot be used", 200, "<html>"],
    ["breaks off", undefined, undefined],
  ])("says all that went wrong where one answer %s", async (_what, status, body) => {
    nock("http://localhost").get(whoami).reply(404, unrecognized);
    const last = nock("http://localhost").get(keys);
    if (status === undefined) last.replyWithError("connect ECONNREFUSED");
    else last.reply(status, body);
    await expect(ask("http://localhost")).rejects.toMatchObject({
      name: "NetworkError",
      message: expect.stringMatching(/^cannot ask whose token this is: 404 .*; cannot get the server's name/) as string,
    });
  });

  it("gives up at once where the server cannot be reached", async () => {
    nock("https://matrix.x.test")
      .get(whoami)
      .replyWithError(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
    await expect(ask("https://matrix.x.test")).rejects.toMatchObject({
      name: "NetworkError",
      code: "ECONNREFUSED",
      message: "connect ECONNREFUSED",
      purpose: "find the homeserver's own name",
    });
  });

  it("goes on where a proxy answers with HTML", async () => {
    nock("http://localhost").get(whoami).reply(200, "<html>");
    nock("http://localhost").get(keys).reply(200, { server_name: "x.test" });
    expect(await ask("http://localhost")).toBe("x.test");
  });

  it("shows no token that a server sends back", async () => {
    const Location = "https://sso.test/s3cretToken1";
    nock("http://localhost").get(whoami).reply(302, "", { Location });
    nock("http://localhost").get(keys).reply(404, unrecognized);
    const token = "s3cretToken1";
    const matrix = new Matrix({ baseUrl: "http://localhost", token });
    await expect(serverName({ matrix, baseUrl: "http://localhost", discovery: "well-known" })).rejects.toMatchObject({
      location: "https://sso.test/<hidden>",
      message: "302: it points to https://sso.test/<hidden>",
    });
    nock("https://matrix.x.test").get(whoami).reply(404, unrecognized);
    nock("https://matrix.x.test").get("/.well-known/matrix/server").reply(200, { "m.server": token });
    nock("https://matrix.x.test").get(keys).reply(404, "<html>");
    const other = new Matrix({ baseUrl: "https://matrix.x.test", token });
    const failure = serverName({ matrix: other, baseUrl: "https://matrix.x.test", discovery: "well-known" });
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining("no m.server in the answer") as string,
    });
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringMatching(/s3cretToken1/i) as string });
  });

  it("takes nothing that is no server name (B13)", async () => {
    nock("http://localhost").get(whoami).reply(200, { user_id: "admin" });
    nock("http://localhost").get(keys).reply(200, { server_name: "a b" });
    await expect(ask("http://localhost")).rejects.toMatchObject({
      message:
        "cannot ask whose token this is: no user ID in the answer; " +
        "cannot get the server's name and keys: no server name in the answer",
    });
  });
});

/** Does not wait between tries. */
function impatient(baseUrl: string): Matrix {
  return new Matrix({
    baseUrl,
    token,
    connection: new Connection(),
    clock: { now: Date.now, sleep: async () => undefined },
  });
}
