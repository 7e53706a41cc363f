import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const admin = "/_synapse/admin";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const json = ["--batch", "-o", "minified"];
const notFound = { errcode: "M_NOT_FOUND", error: "User not found" };

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "synadm-test-")), "notice");
  writeFileSync(path, text);
  return path;
}

interface Put {
  txn: string;
  user: string;
  content: Record<string, string>;
}

/** Takes notices, and refuses those to `refused`. */
function takeNotices(times: number, refused: readonly string[] = []): Put[] {
  const puts: Put[] = [];
  synapse()
    .put(/\/v1\/send_server_notice\/[^/]+$/)
    .times(times)
    .reply((uri, body) => {
      const { user_id: user, content } = body as { user_id: string; content: Put["content"] };
      puts.push({ txn: uri.split("/").at(-1)!, user, content });
      return refused.includes(user) ? [404, notFound] : [200, { event_id: `$${user}` }];
    });
  return puts;
}

const account = (name: string) => ({ name: `@${name}:example.test` });

/** One page that Synapse would give. */
function page(query: Record<string, string>, names: readonly string[], next?: string): void {
  const total = Number(query["from"] ?? 0) + names.length + (next === undefined ? 0 : 1);
  synapse()
    .get(`${admin}/v2/users`)
    .query({ from: "0", limit: "100", locked: "true", ...query })
    .reply(200, { users: names.map(account), total, ...(next === undefined ? {} : { next_token: next }) });
}

describe("notice send to one user", () => {
  it.each([
    { to: "alice", formatted: [], html: "a" },
    { to: "@alice:example.test", formatted: ["<b>a</b>"], html: "<b>a</b>" },
    { to: "alice", formatted: [""], html: "a" },
  ])("$to $formatted", async ({ to, formatted, html }) => {
    const puts = takeNotices(1);
    const result = await synadm([...json, "notice", "send", to, "a", ...formatted]);
    expect(result).toEqual({ code: 0, stdout: `[{"event_id":"$@alice:example.test"}]\n`, stderr: "" });
    expect(puts).toMatchObject([
      {
        user: "@alice:example.test",
        content: { msgtype: "m.text", body: "a", format: "org.matrix.custom.html", formatted_body: html },
      },
    ]);
    expect(puts[0]?.txn).toMatch(/^[\w-]{16,}$/);
  });

  it("a text without FORMATTED is escaped for HTML and keeps its lines", async () => {
    const puts = takeNotices(1);
    await synadm([...json, "notice", "send", "alice", `a < b & "c" > d\n\nlast`]);
    expect(puts[0]?.content).toMatchObject({
      body: `a < b & "c" > d\n\nlast`,
      formatted_body: `a &lt; b &amp; "c" &gt; d<br>\n<br>\nlast`,
    });
  });

  it("--from-file reads both texts from files", async () => {
    const [plain, html] = [fileWith("Łódź & more\r\n"), fileWith("<i>Łódź</i>\n")];
    const puts = takeNotices(2);
    await synadm([...json, "notice", "send", "-f", "alice", plain, html]);
    await synadm([...json, "notice", "send", "-f", "alice", plain]);
    expect(puts.map(({ content }) => [content["body"], content["formatted_body"]])).toEqual([
      ["Łódź & more\n", "<i>Łódź</i>\n"],
      ["Łódź & more\n", "Łódź &amp; more\n"],
    ]);
  });

  it("shows what it sends, asks, and does nothing after no", async () => {
    const argv = ["notice", "send", "alice", "Hi\u001b[31m", "<b>Hi</b>"];
    const { code, stdout, stderr } = await synadm(argv, { stdin: "n\n" });
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("Recipients (1)\n@alice:example.test\n");
    expect(stderr).toContain("Hi\\x1b[31m");
    expect(stderr).toContain("<b>Hi</b>");
    expect(stderr).toContain("Send this notice to @alice:example.test? [y/N]");
  });

  it("a refusal is exit 1 and the list that the original prints", async () => {
    takeNotices(1, ["@alice:example.test"]);
    const { code, stdout, stderr } = await synadm([...json, "notice", "send", "alice", "Hi"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `[${JSON.stringify(notFound)}]\n` });
    expect(stderr).toContain("cannot send a notice to @alice:example.test: 404 M_NOT_FOUND: User not found");
  });

  it("C2: no JSON in the answer is no null in the result", async () => {
    synapse()
      .put(/notice/)
      .reply(200, "<html>");
    expect(await synadm([...json, "notice", "send", "alice", "Hi"])).toMatchObject({ code: 3, stdout: "" });
    synapse()
      .put(/notice/)
      .reply(502, "<html>");
    expect(await synadm([...json, "notice", "send", "alice", "Hi"])).toMatchObject({ code: 1, stdout: "" });
  });

  it("--silent prints nothing, but says errors", async () => {
    takeNotices(2, ["@bob:example.test"]);
    expect(await synadm([...json, "notice", "send", "-s", "alice", "Hi"])).toEqual({ code: 0, stdout: "", stderr: "" });
    const { code, stdout, stderr } = await synadm([...json, "notice", "send", "-s", "bob", "Hi"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("@bob:example.test");
  });

  it.each([
    { argv: ["", "Hi"], says: "is no user" },
    { argv: ["two words", "Hi"], says: "is no user" },
    { argv: ["alice"], says: "missing required argument" },
    { argv: ["alice", ""], says: "the notice is empty" },
    { argv: ["alice", "Hi", " "], says: "the formatted notice is empty" },
    { argv: ["-f", "alice", fileWith("Hi"), "/dev/null"], says: "the formatted notice is empty" },
    { argv: ["-f", "alice", fileWith("Hi"), fileWith(" \n")], says: "the formatted notice is empty" },
    { argv: ["-f", "alice", "/nonexistent/file"], says: "--from-file: ENOENT" },
    { argv: ["-r", "(", "Hi"], says: "no regular expression" }, // B12
    { argv: ["-r", "", "Hi"], says: "empty regular expression" },
    { argv: ["-r", "(?P<x>a)", "Hi"], says: "synadm: " },
    { argv: ["-r", ".*", "Hi", "-p", "0"], says: "whole number from 1" }, // B15
    { argv: ["-r", ".*", "Hi", "-l", "-1"], says: "whole number from 0" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["--batch", "notice", "send", ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("notice send --regex", () => {
  it("A24: pages in the given size, with locked users, matches the full ID, sends each once", async () => {
    page({ limit: "2" }, ["alice", "bob"], "2");
    page({ limit: "2", from: "2" }, ["bob", "alice2"], "4"); // somebody registered meanwhile
    page({ limit: "2", from: "4" }, ["notalice"]);
    const puts = takeNotices(2);
    const { code, stdout } = await synadm([...json, "notice", "send", "--paginate", "2", "-r", "@alice.*:", "Hi"]);
    expect(puts.map(({ user }) => user)).toEqual(["@alice:example.test", "@alice2:example.test"]);
    expect(new Set(puts.map(({ txn }) => txn)).size).toBe(2);
    expect({ code, stdout: JSON.parse(stdout) as unknown }).toEqual({
      code: 0,
      stdout: [{ event_id: "$@alice:example.test" }, { event_id: "$@alice2:example.test" }],
    });
  });

  it("an expression matches from the start of the ID, so a localpart alone matches nobody", async () => {
    page({}, ["alice", "bob"]);
    const result = await synadm([...json, "notice", "send", "-r", "alice", "Hi"]);
    expect(result).toEqual({ code: 0, stdout: "[]\n", stderr: "no account matches\n" });
  });

  it("A25: leaves guests out where the server insists", async () => {
    synapse()
      .get(`${admin}/v2/users`)
      .query(({ guests }) => guests === undefined)
      .reply(400, { errcode: "M_INVALID_PARAM", error: "The guests parameter is not supported" });
    page({ guests: "false" }, ["alice"]);
    takeNotices(1);
    expect(await synadm([...json, "notice", "send", "-r", "@a", "Hi"])).toMatchObject({ code: 0 });
  });

  it("shows as many as wanted, asks once, and sends nothing after no", async () => {
    page({}, ["a1", "a2", "a3", "b"]);
    const argv = ["notice", "send", "-r", "-l", "2", "@a", "Hi"];
    const { code, stdout, stderr } = await synadm(argv, { stdin: "n\n" });
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("Recipients (3)\n@a1:example.test\n@a2:example.test\nand 1 more\n");
    expect(stderr).toContain("Send this notice to 3 users? [y/N]");
  });

  it("some refused is exit 4, and the result names everybody", async () => {
    page({}, ["a1", "a2", "a3"]);
    takeNotices(3, ["@a2:example.test"]);
    const { code, stdout, stderr } = await synadm([...json, "notice", "send", "-r", "@a", "Hi"]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toEqual([
      { user_id: "@a1:example.test", event_id: "$@a1:example.test" },
      {
        user_id: "@a2:example.test",
        error: "cannot send a notice to @a2:example.test: 404 M_NOT_FOUND: User not found",
      },
      { user_id: "@a3:example.test", event_id: "$@a3:example.test" },
    ]);
    expect(stderr).toContain("1 of 3 could not be done");
  });

  it("a lost connection ends it, and the result names who was not tried", async () => {
    page({}, ["a1", "a2", "a3"]);
    takeNotices(1);
    synapse()
      .put(/notice/)
      .replyWithError(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    const { code, stdout } = await synadm([...json, "notice", "send", "-r", "@a", "Hi"]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject([
      { user_id: "@a1:example.test", event_id: "$@a1:example.test" },
      { user_id: "@a2:example.test", error: expect.stringContaining("cannot send") as string },
      { user_id: "@a3:example.test", error: expect.stringContaining("not tried") as string },
    ]);
  });

  it("B3: a list that is no JSON ends it before anything is sent", async () => {
    synapse().get(`${admin}/v2/users`).query(true).times(3).reply(502, "<html>");
    expect(await synadm([...json, "notice", "send", "-r", "@a", "Hi"])).toMatchObject({ code: 1, stdout: "" });
  });

  it("for people, a table within 80 columns", async () => {
    page({}, ["a1", "a2"]);
    takeNotices(2);
    const { stdout, stderr } = await synadm(["--batch", "-o", "human", "notice", "send", "-r", "@a", "Hi"]);
    expect(stdout).toMatch(/^user_id +event_id$/m);
    expect(stdout).toMatch(/^@a1:example.test +\$@a1:example.test$/m);
    expect(stderr).toBe("2 sent\n");
  });
});
