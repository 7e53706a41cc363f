import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import nock from "nock";
import { describe, expect, it } from "vitest";
import { defaultConfig, synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test");
const json = ["--batch", "-o", "minified"];
const withoutToken = { base_url: "http://synapse.test" };
const login = {
  user_id: "@alice:example.test",
  access_token: "syt_alice",
  device_id: "D",
  home_server: "example.test",
};
const whoami = { user_id: "@alice:example.test" };

const loginBody = (user: string, password = "pw") => ({
  type: "m.login.password",
  identifier: { type: "m.id.user", user },
  password,
  initial_device_display_name: "synadm matrix login command",
});

describe("matrix login", () => {
  it.each([
    { user: "alice", config: defaultConfig, sends: "@alice:example.test" },
    { user: "@Al:far.test", config: defaultConfig, sends: "@Al:far.test" },
    { user: "alice", config: withoutToken, sends: "alice" },
    { user: "@alice:", config: { ...defaultConfig, homeserver: "auto-retrieval" }, sends: "alice" },
    { user: "@alice:example.test", config: withoutToken, sends: "@alice:example.test" },
  ])("D5: as $user: sends no token, asks for nothing else, and needs no token", async ({ user, config, sends }) => {
    nock("http://synapse.test", { badheaders: ["authorization"] })
      .post("/_matrix/client/v3/login", loginBody(sends))
      .reply(200, login);
    const result = await synadm([...json, "matrix", "login", "-p", "pw", user], { config });
    expect(result).toEqual({ code: 0, stdout: `${JSON.stringify(login)}\n`, stderr: "" });
  });

  it.each([
    { argv: ["--password-stdin"], stdin: "p w ü\r\nmore\n", password: "p w ü", batch: true },
    { argv: [], stdin: "typed\n", password: "typed", batch: false },
  ])("D4: $argv takes the password from stdin and shows it nowhere", async ({ argv, stdin, password, batch }) => {
    synapse().post("/_matrix/client/v3/login", loginBody("@alice:example.test", password)).reply(200, login);
    const globals = ["-vv", "-o", "m", ...(batch ? ["--batch"] : [])];
    const { code, stdout, stderr } = await synadm([...globals, "matrix", "login", "alice", ...argv], { stdin });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify(login)}\n` });
    expect(stderr).not.toContain(password);
    expect(stderr).not.toContain("syt_alice");
    if (!batch) expect(stderr).toContain("Password of @alice:example.test");
  });

  it.each([{ attended: true }, { attended: false }])(
    "asks again for a password where nothing was typed, on a terminal: $attended",
    async ({ attended }) => {
      synapse().post("/_matrix/client/v3/login", loginBody("@alice:example.test")).reply(200, login);
      const { code, stderr } = await synadm(["matrix", "login", "alice"], { stdin: "\n\npw\n", attended });
      expect(code).toBe(0);
      expect(stderr.match(/must not be empty/g)).toHaveLength(2);
    },
  );

  it("gives up where empty lines come without end", async () => {
    const { code, stdout, stderr } = await synadm(["matrix", "login", "alice"], { stdin: "\n".repeat(9) });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("synadm: nothing was typed, three times; give --password-stdin or --password\n");
  });

  it("a wrong password is exit 1, and no word about admin tokens", async () => {
    const refusal = { errcode: "M_FORBIDDEN", error: "Invalid username or password" };
    synapse().post("/_matrix/client/v3/login").reply(403, refusal);
    expect(await synadm([...json, "matrix", "login", "-p", "pw", "alice"])).toEqual({
      code: 1,
      stdout: `${JSON.stringify(refusal)}\n`,
      stderr: "synadm: cannot log in as @alice:example.test: 403 M_FORBIDDEN: Invalid username or password\n",
    });
  });

  it("says of a locked account no more than that it is locked: no token is sent", async () => {
    synapse()
      .post("/_matrix/client/v3/login")
      .reply(401, { errcode: "M_USER_LOCKED", error: "User account has been locked" });
    const { code, stderr } = await synadm(["matrix", "login", "-p", "pw", "alice"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "hint: the account is locked; another admin can unlock it: synadm user modify --unlock USER\n",
    );
  });

  it.each([
    { argv: ["--batch", "matrix", "login", "alice"], says: "give --password-stdin or --password", code: 2 },
    { argv: ["matrix", "login", "alice", "-p", ""], says: "the password is empty", code: 2 },
    { argv: ["matrix", "login", "alice", "--password-stdin"], says: "the password is empty", code: 2 },
    { argv: ["matrix", "login", "alice", "--password-stdin", "-p", "x"], says: "exclude each other", code: 2 },
    { argv: ["matrix", "login", "", "-p", "x"], says: "is no user", code: 2 },
    { argv: ["matrix", "login", "#a:b.c", "-p", "x"], says: "room alias", code: 2 },
    { argv: ["matrix", "login", "alice"], stdin: "\n", says: "its end; give --password-stdin or --password", code: 5 },
    { argv: ["matrix", "raw", "-p", "x"], stdin: "\n", says: "its end; give --token or MTOKEN", code: 5 },
    { argv: ["--batch", "matrix", "raw", "-p", "x"], stdin: "\n", says: "not empty", code: 2 },
    { argv: ["matrix", "login", "alice"], says: "its end; give --password-stdin or --password", code: 5 },
    { argv: ["matrix", "raw", "-p", "x"], says: "its end; give --token or MTOKEN", code: 5 },
    { argv: ["--batch", "matrix", "raw", "-p", "x"], says: "--batch asks nothing: give --token or MTOKEN", code: 2 },
  ])("$argv sends nothing", async ({ argv, stdin = "", says, code }) => {
    for (const config of [defaultConfig, withoutToken]) {
      const result = await synadm(argv, { config, stdin });
      expect(result).toMatchObject({ code, stdout: "" });
      expect(result.stderr).toContain(says);
    }
  });
});

describe("matrix raw", () => {
  const asked = (token: string) =>
    nock("http://synapse.test", { reqheaders: { authorization: `Bearer ${token}` } })
      .get("/_matrix/client/v3/account/whoami")
      .reply(200, whoami);
  const endpoint = "client/v3/account/whoami";

  it.each([
    { argv: [], env: {}, token: "s3cret" },
    { argv: [], env: { MTOKEN: "" }, token: "s3cret" },
    { argv: [], env: { MTOKEN: "envtoken" }, token: "envtoken" },
    { argv: ["-t", "clitoken"], env: { MTOKEN: "envtoken" }, token: "clitoken" },
    { argv: ["--prompt"], env: { MTOKEN: "envtoken" }, stdin: " typed \n", token: "typed" },
    { argv: ["--prompt"], env: {}, stdin: "\nsecond\n", token: "second" },
    { argv: ["--batch", "-p"], env: {}, stdin: "piped\n", token: "piped" },
  ])("$argv with $env takes the token $token", async ({ argv, env, stdin = "", token }) => {
    asked(token);
    const { code, stdout } = await synadm(["-o", "m", "matrix", "raw", ...argv, endpoint], { env, stdin });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify(whoami)}\n` });
  });

  it.each([
    { argv: ["-t", "clitoken"], env: {}, token: "clitoken" },
    { argv: [], env: { MTOKEN: "envtoken" }, token: "envtoken" },
  ])("$argv with $env needs no configured token", async ({ argv, env, token }) => {
    asked(token);
    const world = { config: withoutToken, env };
    expect(await synadm([...json, "matrix", "raw", ...argv, endpoint], world)).toMatchObject({ code: 0 });
  });

  it("D2: shows the token nowhere", async () => {
    asked("clitoken");
    const { stderr } = await synadm(["-vvv", ...json, "matrix", "raw", "-t", "clitoken", endpoint]);
    expect(stderr).toContain(endpoint);
    expect(stderr).not.toContain("clitoken");
  });

  it.each([
    { argv: ["-m", "post"], body: "{}" },
    { argv: ["-m", "delete"], body: "{}" },
    {
      argv: ["-m", "put", "-d", '{"a": 1.0, "a": 12345678901234567890}'],
      body: '{"a": 1.0, "a": 12345678901234567890}',
    },
    { argv: ["-m", "post", "-f", "-"], stdin: '{"k": "ü"}', body: '{"k": "ü"}' },
    { argv: ["-d", '{"for": "a get"}'], body: '{"for": "a get"}' },
    { argv: [], body: "" },
  ])("$argv sends $body", async ({ argv, stdin = "", body }) => {
    let sent = "";
    // A server of our own: nock reads JSON before anybody sees how it was written.
    const server = createServer((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => (sent += text));
      request.on("end", () => response.end("{}"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const config = { ...defaultConfig, base_url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const { code } = await synadm([...json, "matrix", "raw", ...argv, "client/v3/{x}"], { stdin, config });
    server.close();
    expect({ code, sent }).toEqual({ code: 0, sent: body });
  });

  it.each([
    { argv: ["-t", "a", "-p", endpoint], says: "cannot be used with" },
    { argv: ["-t", "", endpoint], says: "--token must be printable ASCII" },
    { argv: ["-t", "a b", endpoint], says: "--token must be printable ASCII" },
    { argv: ["-t", "a\nX: y", endpoint], says: "--token must be printable ASCII" },
    { argv: ["../x"], says: "'.' or '..'" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["matrix", "raw", ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });

  it("refuses an MTOKEN that is no token, without saying it", async () => {
    const { code, stderr } = await synadm(["matrix", "raw", endpoint], { env: { MTOKEN: "schlüssel" } });
    expect(code).toBe(2);
    expect(stderr).toBe("synadm: MTOKEN must be printable ASCII without blanks, and not empty\n");
  });

  it("without any token says the way out", async () => {
    const { code, stderr } = await synadm(["matrix", "raw", endpoint], { config: withoutToken });
    expect(code).toBe(2);
    expect(stderr).toContain("no access token is configured");
  });
});
