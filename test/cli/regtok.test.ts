import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const tokens = "/_synapse/admin/v1/registration_tokens";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const json = ["--batch", "-o", "minified"];
const now = Date.UTC(2024, 5, 15, 12);
const token = { token: "abcd", uses_allowed: null, pending: 0, completed: 1, expiry_time: 1925037200000 };
const date = "2031-01-01 23:03:20 +10:30";

describe("regtok list", () => {
  it.each([
    { argv: [], query: {} },
    { argv: ["-v"], query: { valid: "true" } },
    { argv: ["--valid"], query: { valid: "true" } },
    { argv: ["-V"], query: { valid: "false" } },
    { argv: ["-v", "--invalid"], query: { valid: "false" } },
  ])("$argv asks for $query", async ({ argv, query }) => {
    synapse()
      .get(tokens)
      .query(query)
      .reply(200, { registration_tokens: [token] });
    const result = await synadm([...json, "regtok", "list", ...argv]);
    expect(result).toEqual({ code: 0, stdout: `${JSON.stringify({ registration_tokens: [token] })}\n`, stderr: "" });
  });

  it("C5: --batch keeps numbers, also in yaml on a terminal", async () => {
    synapse()
      .get(tokens)
      .reply(200, { registration_tokens: [token] });
    const { stdout } = await synadm(["--batch", "regtok", "list"], { columns: 80 });
    expect(stdout).toContain("expiry_time: 1925037200000\n");
  });

  it("B7: an expiry beyond the year 9999 does not spoil the list", async () => {
    const far = { ...token, token: "far", expiry_time: 300000000000000 };
    const farther = { ...token, token: "farther", expiry_time: 9007199254740991 };
    synapse()
      .get(tokens)
      .reply(200, { registration_tokens: [token, far, farther] });
    const { code, stdout } = await synadm(["-o", "json", "regtok", "list", "--datetime"]);
    expect(code).toBe(0);
    const times = (JSON.parse(stdout) as { registration_tokens: { expiry_time: unknown }[] }).registration_tokens;
    expect(times.map(({ expiry_time }) => expiry_time)).toEqual([
      date,
      expect.stringMatching(/^11476-/) as string,
      9007199254740991,
    ]);
  });

  it("for people, says what is without a limit, within 80 columns", async () => {
    const never = { ...token, token: "q_CYkkI-4~hb6g_f", uses_allowed: 3, expiry_time: null };
    synapse()
      .get(tokens)
      .reply(200, { registration_tokens: [token, never] });
    const { stdout, stderr } = await synadm(["-o", "human", "regtok", "list"]);
    expect(stdout).toMatch(/^token +pending +completed +uses_allowed +expiry_time$/m);
    expect(stdout).toMatch(new RegExp(`^abcd +0 +1 +unlimited +${date.replace("+", "\\+")}$`, "m"));
    expect(stdout).toMatch(/^q_CYkkI-4~hb6g_f +0 +1 +3 +never$/m);
    expect(stderr).toBe("2 in all\n");
  });
});

describe("regtok details", () => {
  it("for people, claims nothing that the homeserver does not say", async () => {
    synapse().get(`${tokens}/abcd`).reply(200, { token: "abcd" });
    const { stdout } = await synadm(["-o", "human", "regtok", "details", "abcd"]);
    expect(stdout).toBe("token  abcd\n");
  });

  it.each([
    { flags: [], time: token.expiry_time },
    { flags: ["--ts"], time: token.expiry_time },
    { flags: ["--datetime"], time: date },
  ])("$flags", async ({ flags, time }) => {
    synapse().get(`${tokens}/ab%2Fcd`).reply(200, token);
    const { stdout } = await synadm(["-o", "json", "regtok", "details", ...flags, "ab/cd"]);
    expect(JSON.parse(stdout)).toEqual({ ...token, expiry_time: time });
  });

  it("the token of a failed look-up is on stdout with the answer, as the original has it, and not on stderr", async () => {
    synapse().get(`${tokens}/n0pe`).reply(404, { errcode: "M_NOT_FOUND", error: "No such registration token: n0pe" });
    const { code, stdout, stderr } = await synadm(["-vv", ...json, "regtok", "details", "n0pe"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ errcode: "M_NOT_FOUND", error: "No such registration token: n0pe" });
    expect(stderr).toContain("cannot get the registration token: 404 M_NOT_FOUND");
    expect(stderr).not.toContain("n0pe");
  });
});

describe("regtok new", () => {
  const nothing = { length: 16, uses_allowed: null, expiry_time: null };
  it.each([
    { argv: [], body: nothing },
    { argv: ["-n", "welcome", "-u", "3"], body: { ...nothing, token: "welcome", uses_allowed: 3 } },
    { argv: ["-l", "32", "-t", "1925037200000"], body: { ...nothing, length: 32, expiry_time: 1925037200000 } },
    { argv: ["-e", "2031-01-02"], body: { ...nothing, expiry_time: new Date(2031, 0, 2).getTime() } },
    { argv: ["-e", "7d"], body: { ...nothing, expiry_time: now + 7 * 86_400_000 } },
    { argv: ["-u", "-1", "-t", "-1"], body: nothing },
    { argv: ["-u", "0"], body: { ...nothing, uses_allowed: 0 } },
  ])("$argv posts $body", async ({ argv, body }) => {
    synapse().post(`${tokens}/new`, body).reply(200, token);
    const { code, stdout } = await synadm([...json, "regtok", "new", ...argv], { now });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify(token)}\n` });
  });

  it("A17: --expiry-ts 0 is no token for ever: the server says that it is in the past", async () => {
    const refusal = { errcode: "M_INVALID_PARAM", error: "expiry_time must not be in the past" };
    synapse()
      .post(`${tokens}/new`, { ...nothing, expiry_time: 0 })
      .reply(400, refusal);
    const { code, stdout } = await synadm([...json, "regtok", "new", "-t", "0"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${JSON.stringify(refusal)}\n` });
  });
});

describe("regtok new refuses what no request could name afterwards", () => {
  it.each([".", "..", "new"])("%s", async (token) => {
    const { code, stdout, stderr } = await synadm([...json, "regtok", "new", "-n", token]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe("synadm: --token: one of this name could never be shown, changed or deleted\n");
  });
});

describe("regtok update", () => {
  it.each([
    { argv: [], body: {} },
    { argv: ["-u", "5"], body: { uses_allowed: 5 } },
    { argv: ["-u", "0"], body: { uses_allowed: 0 } },
    { argv: ["-u", "-1"], body: { uses_allowed: null } },
    { argv: ["-t", "1925037200000"], body: { expiry_time: 1925037200000 } },
    { argv: ["-t", "-1"], body: { expiry_time: null } },
    // A17: was no change at all
    { argv: ["--expiry-ts", "0"], body: { expiry_time: 0 } },
    { argv: ["--expire-at", "2031-01-02"], body: { expiry_time: new Date(2031, 0, 2).getTime() } },
  ])("$argv puts $body", async ({ argv, body }) => {
    synapse().put(`${tokens}/abcd`, body).reply(200, token);
    const { code, stdout } = await synadm([...json, "regtok", "update", ...argv, "abcd"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify(token)}\n` });
  });

  it("C11: a failure speaks of updating", async () => {
    synapse().put(`${tokens}/abcd`).reply(404, { errcode: "M_NOT_FOUND", error: "No such registration token: abcd" });
    const { stderr } = await synadm(["regtok", "update", "abcd", "-u", "1"]);
    expect(stderr).toContain("cannot update the registration token");
  });
});

describe.each(["new", "update abcd"])("regtok %s refuses", (command) => {
  it.each([
    // A17: the date was dropped silently
    { argv: ["-t", "1925037200000", "-e", "2031-01-02"], says: "exclude each other: --expiry-ts, --expire-at" },
    { argv: ["-t", "1925037200"], says: "looks like seconds" },
    { argv: ["-t", ""], says: "no whole number" },
    { argv: ["-e", ""], says: "no point in time" },
    { argv: ["-u", "-2"], says: "whole number" },
    { argv: ["-u", "many"], says: "whole number" },
  ])("$argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["regtok", ...command.split(" "), ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("regtok delete", () => {
  it("prints the answer, and asks nothing where nobody sits", async () => {
    synapse().delete(`${tokens}/abcd`).reply(200, {});
    expect(await synadm(["-o", "m", "regtok", "delete", "abcd"])).toEqual({ code: 0, stdout: "{}\n", stderr: "" });
  });

  it("D6: asks on a terminal", async () => {
    const { code, stderr } = await synadm(["regtok", "delete", "abcd"], { attended: true, stdin: "\n" });
    expect(code).toBe(5);
    expect(stderr).toContain("Delete the registration token abcd? [y/N]");
  });

  it("does not ask with --batch", async () => {
    synapse().delete(`${tokens}/abcd`).reply(200, {});
    expect(await synadm([...json, "regtok", "delete", "abcd"], { attended: true })).toMatchObject({ code: 0 });
  });
});

describe("0 uses", () => {
  it("does not stop a token, and says so", async () => {
    nock("http://synapse.test")
      .put("/_synapse/admin/v1/registration_tokens/abcd", { uses_allowed: 0 })
      .reply(200, { token: "abcd" });
    const { code, stderr } = await synadm(["regtok", "update", "-u", "0", "abcd"]);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("to stop it: synadm regtok delete") as string,
    });
  });
});
