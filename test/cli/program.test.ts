import { existsSync, readdirSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const users = "/_synapse/admin/v2/users";
const page = { users: [], total: 0 };
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });

describe("help and version", () => {
  it.each([
    { argv: ["--help", "user"], as: ["--help"] },
    { argv: ["-o", "json", "-h", "user", "list"], as: ["--help"] },
    { argv: ["user", "--help", "list"], as: ["user", "--help"] },
  ])("$argv lists all commands, as $as does", async ({ argv, as }) => {
    const { stdout } = await synadm(argv, { config: null });
    expect(stdout).toBe((await synadm(as, { config: null })).stdout);
  });

  it.each(
    [
      ["--help"],
      ["-h"],
      ["user", "--help"],
      ["user", "list", "--help"],
      ["user", "list", "alice", "--help"],
      ["--help", "user"],
      ["user", "--help", "list"],
      ["-o", "json", "user", "-h"],
      ["raw", "v1/x", "--help"],
      ["config", "--help"],
      ["user"],
      [],
      ["--version"],
    ].map((argv) => [argv]),
  )("%j needs no configuration, writes nothing and exits 0 (C8)", async (argv) => {
    const home = await mkdtemp(join(tmpdir(), "synadm-test-"));
    const { code, stdout, stderr } = await synadm(argv, { config: null, home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(argv.includes("--version") ? /^\d+\.\d+\.\d+/ : /^Usage: synadm/);
    expect(readdirSync(home)).toEqual([]);
    expect(existsSync(join(home, ".config"))).toBe(false);
  });

  it("fits 80 columns", async () => {
    const { stdout } = await synadm(["user", "list", "--help"], { config: null });
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("tells the exit codes", async () => {
    const { stdout } = await synadm(["--help"], { config: null });
    for (const code of [0, 1, 2, 3, 4, 5, 70, 74, 130, 143]) expect(stdout).toMatch(new RegExp(`\\b${code}\\b`));
  });
});

describe("a wrong command line", () => {
  it.each([
    { argv: ["usr"], says: "Did you mean user?" },
    { argv: ["constructor"], says: "unknown command 'constructor'" },
    { argv: ["-o", "user", "usr"], says: "--output must be one of" },
    { argv: ["user", "lst"], says: "Did you mean list?" },
    { argv: ["usr", "--help"], says: "unknown command 'usr'\n(Did you mean user?)" },
    { argv: ["usr", "list", "-h"], says: "unknown command 'usr'\n(Did you mean user?)" },
    { argv: ["-o", "json", "bogus", "--help"], says: "unknown command 'bogus'" },
    { argv: ["user", "lst", "--help"], says: "unknown command 'lst'\n(Did you mean list?)" },
    { argv: ["regtok", "bogus", "-h"], says: "unknown command 'bogus'" },
    { argv: ["help", "user"], says: "unknown command 'help'" },
    { argv: ["user", "list", "--limt", "3"], says: "Did you mean --limit?" },
    { argv: ["regtok", "details", "-m1TS"], says: "'-m'\nhint: a value that begins with a dash is given after --" },
    { argv: ["user", "details"], says: "missing required argument 'user-id'" },
    { argv: ["user", "details", "a", "b"], says: "too many arguments" },
    { argv: ["user", "list", "-l", "many"], says: "must be a whole number" },
    { argv: ["user", "list", "-l", "1 0"], says: "must be a whole number" },
    { argv: ["user", "list", "-l", " "], says: "must be a whole number" },
    { argv: ["user", "list", "-l", "-1"], says: "must be a whole number" },
    { argv: ["user", "list", "-l"], says: "argument missing" },
    { argv: ["user", "list", "-n", "a", "-i", "b"], says: "exclude each other: --name, --user-id" },
    { argv: ["-o", "xml", "user", "list"], says: "--output must be one of" },
    { argv: ["--timeout", "0", "version"], says: "--timeout must be a number of seconds" },
    { argv: ["raw", "-m", "patch", "v1/x"], says: "Allowed choices are" },
    { argv: ["raw", "-d", "{}", "-f", "-", "v1/x"], says: "cannot be used with" },
    { argv: ["raw", "../client/v3/x"], says: "'.' or '..'" },
    { argv: ["raw", "v1/%2e%2E/x"], says: "'.' or '..'" },
    { argv: ["user", "details", ""], says: "" },
    { argv: ["user", "details", "@a b:example.test"], says: "" },
  ])("$argv: exit 2, nothing sent, a line on stderr", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: /);
    expect(stderr).toContain(says);
  });

  it("shows no escape sequence of the command line", async () => {
    const { stderr } = await synadm(["user", "list", "--\u001b]0;x\u0007"]);
    expect(stderr).toContain("\\x1b]0;x\\x07");
    expect(stderr).not.toContain("\u001b");
  });
});

it.each(["       7", "7\r", "+7\n"])("takes a whole number with blanks around it, as from wc -l: %j", async (limit) => {
  synapse()
    .get(users)
    .query((query) => query["limit"] === "7")
    .reply(200, page);
  expect(await synadm(["user", "list", "--limit", limit])).toMatchObject({ code: 0 });
});

it("takes what stands after -- for a value", async () => {
  synapse().get("/_synapse/admin/v1/registration_tokens/-m1TS").reply(200, { token: "-m1TS" });
  expect(await synadm(["-o", "m", "regtok", "details", "--", "-m1TS"])).toMatchObject({
    code: 0,
    stdout: `{"token":"-m1TS"}\n`,
  });
});

it.each([
  ["--", "user", "list", "-l", "7"],
  ["-o", "json", "--", "user", "list", "-l", "7"],
  ["user", "--", "list", "-l", "7"],
])('takes -- before a command for nothing, as in `synadm $OPTIONS -- "$@"`: %s %s %s %s', async (...argv) => {
  synapse()
    .get(users)
    .query((query) => query["limit"] === "7")
    .reply(200, page);
  expect(await synadm(argv)).toMatchObject({ code: 0 });
});

describe("global options", () => {
  it.each([
    { argv: ["-o", "minified", "user", "list"] },
    { argv: ["user", "-o", "minified", "list"] },
    { argv: ["user", "list", "-o", "minified"] },
    { argv: ["user", "list", "--output=m"] },
    { argv: ["user", "list", "-om"] },
    { argv: ["-o", "json", "user", "list", "-o", "m"] },
    { argv: ["-o", "m", "user", "list", "--yes", "--batch", "--scripting", "--non-interactive", "--no-confirm"] },
    { argv: ["-o", "m", "-o", "", "-o", "m", "user", "list"] },
  ])("$argv", async ({ argv }) => {
    synapse().get(users).query(true).reply(200, page);
    expect(await synadm(argv)).toMatchObject({ code: 0, stdout: `{"users":[],"total":0}\n` });
  });

  it("leave a command's own option of that name alone", async () => {
    synapse()
      .get(users)
      .query(({ limit }) => limit === "7")
      .reply(200, page);
    // -l, -v and -o exist in some groups; here -l is the command's
    expect(await synadm(["user", "list", "-l", "7", "--verbose", "-o", "m"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("GET http://synapse.test/_synapse/admin/v2/users?from=0&limit=7") as string,
    });
  });
});

describe("errors", () => {
  it("a 2xx that is not JSON is no answer: exit 3, stdout empty, a hint at the proxy", async () => {
    synapse().get(users).query(true).reply(200, "<html>hello</html>");
    const { code, stdout, stderr } = await synadm(["user", "list"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(
      "synadm: cannot list users: 200 with HTML instead of JSON\nhint: is this Synapse? A reverse proxy must forward /_synapse/admin and /_matrix to it (base_url, admin_path)\n",
    );
  });

  it.each([502, 503, 504])("a proxy's %d is a refusal without a document: exit 1", async (status) => {
    synapse().get(users).query(true).times(3).reply(status, "<html>Bad gateway</html>");
    const { code, stdout, stderr } = await synadm(["user", "list"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(
      "hint: a reverse proxy does not reach Synapse, or gave up waiting; Synapse may still be at work",
    );
  });

  it("a proxy's 413 is no doubt that there is Synapse behind it", async () => {
    synapse().get(users).query(true).reply(413, "<html>Request Entity Too Large</html>");
    const { stderr } = await synadm(["user", "list"]);
    expect(stderr).toMatch(/: 413: .*\nhint: a reverse proxy limits .*client_max_body_size/);
  });

  const limit = { errcode: "M_LIMIT_EXCEEDED", error: "Too Many Requests" };
  it.each([
    ["JSON", { ...limit, retry_after_ms: 120_001 }, {}, "121 s"],
    ["JSON without a time", limit, {}, "a while"],
    ["JSON with no time to wait", { ...limit, retry_after_ms: -1 }, {}, "a while"],
    ["JSON with a time without end", { ...limit, retry_after_ms: 1e40 }, {}, "a while"],
    ["JSON, and a header with a time", limit, { "Retry-After": "300" }, "300 s"],
    ["a page", "<html>", {}, "a while"],
    ["a page, and a header with a time", "<html>", { "Retry-After": "300" }, "300 s"],
  ])("a 429 that outlasts all patience says how long to wait: %s", async (_what, body, headers, wait) => {
    synapse().get(users).query(true).reply(429, body, headers).persist();
    const { code, stderr } = await synadm(["user", "list"]);
    expect(code).toBe(1);
    expect(stderr).toContain(`\nhint: there were too many requests; wait ${wait} before you try again\n`);
  });

  it("in the human format a refusal prints nothing on stdout", async () => {
    synapse().get(users).query(true).reply(401, { errcode: "M_UNKNOWN_TOKEN", error: "Invalid access token" });
    const { code, stdout, stderr } = await synadm(["-o", "human", "user", "list"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(
      "401 M_UNKNOWN_TOKEN: Invalid access token\nhint: the access token is wrong or has expired",
    );
  });

  it("text of the homeserver reaches the terminal harmless, in each format", async () => {
    const error = "\u001b[2Jgone\u202e\u009b31m\r\nsynadm: all is well";
    for (const format of ["yaml", "json", "minified", "human", "pprint"]) {
      synapse().get(users).query(true).reply(400, { errcode: "M_UNKNOWN", error });
      const { stdout, stderr } = await synadm(["-o", format, "user", "list"]);
      expect(stdout + stderr).not.toMatch(/[\u001b\u202e\u009b\r]/);
      expect(stderr.split("\n")).toHaveLength(2);
    }
  });

  it("the server's name is asked for once, from whoami, only for a localpart", async () => {
    const config = { token: "s3cret", base_url: "http://synapse.test" };
    synapse().get("/_matrix/client/v3/account/whoami").reply(200, { user_id: "@admin:named.test" });
    synapse().get("/_synapse/admin/v2/users/%40alice%3Anamed.test").reply(200, { name: "@alice:named.test" });
    expect(await synadm(["-o", "m", "user", "details", "alice"], { config })).toMatchObject({ code: 0, stderr: "" });
    synapse().get("/_synapse/admin/v2/users/%40Bob%21%2B%3Aother.test").reply(200, { name: "@Bob!+:other.test" });
    expect(await synadm(["-o", "m", "user", "details", "@Bob!+:other.test"], { config })).toMatchObject({
      code: 0,
      stderr: "",
    });
  });
});

describe("secrets", () => {
  it("stand in no log line and no error at any level", async () => {
    synapse()
      .post("/_synapse/admin/v1/x?access_token=sekrit1")
      .reply(500, { errcode: "M_UNKNOWN", error: "oops", access_token: "sekrit2" });
    const body = `{"password": "sekrit3", "auth": {"token": "sekrit4"}, "displayname": "plain"}`;
    const { code, stdout, stderr } = await synadm([
      "-vvv",
      "raw",
      "-m",
      "post",
      "-d",
      body,
      "v1/x?access_token=sekrit1",
    ]);
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/s3cret|sekrit/);
    expect(stderr).toContain("plain");
    expect(stdout).toContain("oops");
  });
});
