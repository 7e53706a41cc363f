import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const admin = "/_synapse/admin";
const alice = "%40alice%3Aexample.test";
const account = { name: "@alice:example.test", displayname: "Alice", admin: false, creation_ts: 1560432668 };

describe("synadm user suspend", () => {
  const suspended = (suspend: boolean) =>
    synapse()
      .put(`${admin}/v1/suspend/${alice}`, { suspend })
      .reply(200, { "user_@alice:example.test_suspended": suspend });
  const shown = () => synapse().get(`${admin}/v2/users/${alice}`).reply(200, account);

  it.each([
    { argv: [], suspend: true },
    { argv: ["--unsuspend"], suspend: false },
    { argv: ["-U"], suspend: false }, // A1: it suspended
  ])("$argv with --batch asks nothing: suspend is $suspend", async ({ argv, suspend }) => {
    suspended(suspend);
    const result = await synadm(["--batch", "-o", "minified", "user", "suspend", ...argv, "alice"]);
    expect(result).toEqual({ code: 0, stdout: `{"user_@alice:example.test_suspended":${suspend}}\n`, stderr: "" });
  });

  it.each([{ argv: [] }, { argv: ["-U"] }])("$argv answered with the opposite is no success", async ({ argv }) => {
    const said = argv.length > 0;
    synapse()
      .put(/suspend/)
      .reply(200, { "user_@alice:example.test_suspended": said });
    const { code, stdout, stderr } = await synadm(["--batch", "-o", "json", "user", "suspend", ...argv, "alice"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("200 with JSON without a proper user_@alice:example.test_suspended");
  });

  it("shows the account, asks, and does it", async () => {
    shown();
    suspended(true);
    const { code, stderr } = await synadm(["user", "suspend", "alice"], { stdin: "y\n" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/displayname +Alice\n[^]*Suspend @alice:example\.test\? \[y\/N\]/);
  });

  it.each(["n\n", "\n", ""])("does nothing when the answer is %j", async (stdin) => {
    shown();
    const { code, stdout } = await synadm(["user", "suspend", "alice"], { stdin });
    expect([code, stdout]).toEqual([5, ""]);
  });

  it("ends where there is no such account", async () => {
    synapse().get(`${admin}/v2/users/${alice}`).reply(404, { errcode: "M_NOT_FOUND", error: "User not found" });
    expect((await synadm(["user", "suspend", "alice"], { stdin: "y\n" })).code).toBe(1);
  });
});

describe("synadm user shadow-ban", () => {
  it("shows people what the answer holds, if it holds something", async () => {
    synapse()
      .post(/shadow_ban/)
      .reply(200, { since: "now" });
    const { stdout } = await synadm(["-o", "human", "user", "shadow-ban", "alice"]);
    expect(stdout).toBe("since  now\n");
  });

  it.each([
    { argv: [], method: "POST", words: "@alice:example.test is shadow-banned" },
    { argv: ["-u"], method: "DELETE", words: "@alice:example.test is not shadow-banned any more" },
  ])("$argv is a $method, and asks nobody where nobody sits", async ({ argv, method, words }) => {
    const url = `${admin}/v1/users/${alice}/shadow_ban`;
    synapse().intercept(url, method).times(2).reply(200, {});
    expect(await synadm(["-o", "json", "user", "shadow-ban", ...argv, "alice"])).toEqual({
      code: 0,
      stdout: "{}\n",
      stderr: "",
    });
    expect((await synadm(["-o", "human", "user", "shadow-ban", ...argv, "alice"])).stdout).toBe(`${words}\n`);
  });

  it("D6: asks a person", async () => {
    synapse().get(`${admin}/v2/users/${alice}`).reply(200, account);
    const { code, stderr } = await synadm(["user", "shadow-ban", "alice"], { attended: true, stdin: "n\n" });
    expect(code).toBe(5);
    expect(stderr).toContain("Shadow-ban @alice:example.test?");
  });
});

describe("synadm user redact", () => {
  const url = `${admin}/v1/user/${alice}/redact`;

  it.each([
    { argv: [], body: { rooms: [] } },
    {
      argv: ["-r", "!a:x", "-r", "!v12_room", "--reason", "spam", "-l", "50"],
      body: { rooms: ["!a:x", "!v12_room"], reason: "spam", limit: 50 },
    },
  ])("$argv sends $body, and asks nobody where nobody sits", async ({ argv, body }) => {
    synapse().post(url, body).reply(200, { redact_id: "R" });
    const result = await synadm(["-o", "minified", "user", "redact", "alice", ...argv]);
    expect(result).toEqual({ code: 0, stdout: `{"redact_id":"R"}\n`, stderr: "" });
  });

  it("resolves aliases", async () => {
    synapse().get("/_matrix/client/v3/directory/room/%23a%3Ax").reply(200, { room_id: "!a:x", servers: [] });
    synapse()
      .post(url, { rooms: ["!a:x"] })
      .reply(200, { redact_id: "R" });
    expect((await synadm(["--batch", "user", "redact", "-r", "#a:x", "alice"])).code).toBe(0);
  });

  it("D6: asks a person", async () => {
    const { code, stderr } = await synadm(["user", "redact", "alice"], { attended: true, stdin: "\n" });
    expect(code).toBe(5);
    expect(stderr).toContain("Redact up to 1000 events of @alice:example.test in each room");
  });

  it.each([[["-r", ""]], [["-r", "#a:x", "-r", "lobby"]], [["-l", "0"]], [["-l", "many"]]])(
    "refuses %j before anything is sent",
    async (argv) => {
      expect((await synadm(["--batch", "user", "redact", "alice", ...argv])).code).toBe(2);
    },
  );
});

describe("synadm user redact-status", () => {
  const replies = (reply: object) => synapse().get(`${admin}/v1/user/redact_status/R%2F1`).reply(200, reply);

  it.each([
    { reply: { status: "active" }, code: 0, stderr: "" },
    {
      reply: { status: "complete", failed_redactions: { $x: "no" } },
      code: 4,
      stderr: "synadm: 1 event could not be redacted\n",
    },
    {
      reply: { status: "active", failed_redactions: { $x: "no", $y: "no" } },
      code: 0,
      stderr: "synadm: warning: 2 events could not be redacted\n",
    },
    {
      reply: { status: "failed", error: "404: no room" },
      code: 1,
      stderr: "synadm: redaction R/1 failed: 404: no room\n",
    },
  ])("$reply exits $code", async ({ reply, code, stderr }) => {
    replies(reply);
    const result = await synadm(["-o", "json", "user", "redact-status", "R/1"]);
    expect([result.code, JSON.parse(result.stdout)]).toEqual([code, reply]);
    expect(result.stderr).toBe(stderr);
  });

  it("names to a person what could not be redacted, with the whole reason", async () => {
    const why = "no power, ".repeat(20) + "no more";
    replies({ status: "complete", failed_redactions: { $x: "no power", $y: why } });
    const { stdout, stderr } = await synadm(["-o", "human", "user", "redact-status", "R/1"]);
    expect(stdout).toMatch(/^status {2}complete\n\nevent_id {2}\$x\nerror {5}no power\n\nevent_id {2}\$y\n/);
    expect(stdout.replace(/\s+/g, " ")).toContain(why);
    expect(stderr).toBe("synadm: 2 events could not be redacted\n");
  });
});
