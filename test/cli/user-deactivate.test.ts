import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const admin = "/_synapse/admin";
const done = { id_server_unbind_result: "success" };
const segment = (name: string) => `%40${name}%3Aexample.test`;
const deactivation = (name: string, erase = false) =>
  synapse().post(`${admin}/v1/deactivate/${segment(name)}`, { erase });

describe("synadm user deactivate", () => {
  const account = { name: "@alice:example.test", displayname: "Alice", admin: false, deactivated: false };
  const look = (reply: object = account) =>
    synapse()
      .get(`${admin}/v2/users/${segment("alice")}`)
      .reply(200, reply);
  const rooms = (...ids: string[]) =>
    synapse()
      .get(`${admin}/v1/users/${segment("alice")}/joined_rooms`)
      .reply(200, { joined_rooms: ids, total: ids.length });
  const aliases = (times = 1) =>
    synapse()
      .get(/\/rooms\/.*\/aliases$/)
      .times(times)
      .reply(200, { aliases: ["#lobby:example.test"] });

  it.each([
    { argv: [], erase: false },
    { argv: ["-e"], erase: true },
    { argv: ["--gdpr-erase"], erase: true },
  ])("C4: $argv with --batch prints nothing but the answer", async ({ argv, erase }) => {
    look();
    rooms();
    deactivation("alice", erase).reply(200, done);
    const result = await synadm(["--batch", "-o", "minified", "user", "deactivate", ...argv, "alice"]);
    expect(result).toEqual({ code: 0, stdout: `{"id_server_unbind_result":"success"}\n`, stderr: "" });
  });

  it("shows the account and its rooms, the first of many, and asks", async () => {
    look({ ...account, admin: true });
    rooms(...Array.from({ length: 50 }, (_, at) => `!r${at}:x`));
    aliases(20);
    deactivation("alice").reply(200, done);
    const { code, stderr } = await synadm(["user", "deactivate", "alice"], { stdin: "yes\n" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/displayname +Alice\n[^]*#lobby:example\.test\nand 30 more\n/);
    expect(stderr).toContain("Deactivate the server admin @alice:example.test? [y/N]");
  });

  it.each(["n\n", "", "yo\n"])("does nothing when the answer is %j", async (stdin) => {
    look();
    rooms();
    const { code, stdout } = await synadm(["user", "deactivate", "-e", "alice"], { stdin });
    expect([code, stdout]).toEqual([5, ""]);
  });

  it("B4: ends where the account cannot be had", async () => {
    synapse()
      .get(`${admin}/v2/users/${segment("alice")}`)
      .reply(404, { errcode: "M_NOT_FOUND", error: "User not found" });
    const { code, stdout } = await synadm(["--batch", "-o", "human", "user", "deactivate", "alice"]);
    expect([code, stdout]).toEqual([1, ""]);
  });

  it("goes on, with a warning, where only its rooms cannot be had", async () => {
    look();
    synapse()
      .get(`${admin}/v1/users/${segment("alice")}/joined_rooms`)
      .reply(500, { errcode: "M_UNKNOWN", error: "oops" });
    deactivation("alice").reply(200, done);
    const { code, stderr } = await synadm(["user", "deactivate", "alice"], { stdin: "y\n" });
    expect(code).toBe(0);
    expect(stderr).toContain("synadm: warning: cannot list the rooms of @alice:example.test: 500 M_UNKNOWN: oops");
  });
});

describe("synadm user deactivate-regex", () => {
  const user = (localpart: string, fields: object = {}) => ({
    name: `@${localpart}:example.test`,
    admin: false,
    deactivated: false,
    displayname: localpart,
    last_seen_ts: null,
    ...fields,
  });
  const pages = (size: number, ...users: object[]) => {
    for (let from = 0; from === 0 || from < users.length; from += size) {
      const page = { users: users.slice(from, from + size), total: users.length };
      const next = from + size < users.length ? { next_token: String(from + size) } : {};
      synapse()
        .get(`${admin}/v2/users`)
        .query({ from, limit: size })
        .reply(200, { ...page, ...next });
    }
  };

  const whoami = (name = "admin") =>
    synapse()
      .get("/_matrix/client/v3/account/whoami")
      .reply(200, { user_id: `@${name}:example.test` });

  it("A5: collects all pages before it deactivates, and prints one list", async () => {
    pages(2, user("a"), user("spam1"), user("spam2"), user("b"), user("spam3"));
    whoami();
    const order: string[] = [];
    for (const name of ["spam1", "spam2", "spam3"]) {
      deactivation(name, true).reply(() => {
        order.push(name);
        return [200, done];
      });
    }
    const { code, stdout, stderr } = await synadm([
      "--batch",
      "-o",
      "json",
      "user",
      "deactivate-regex",
      "-e",
      "--paginate",
      "2",
      "@spam",
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toEqual(
      ["spam1", "spam2", "spam3"].map((name) => ({
        target: `@${name}:example.test`,
        outcome: "done",
        result: done,
      })),
    );
    expect(order).toEqual(["spam1", "spam2", "spam3"]);
  });

  it("asks once for all, and does nothing without a yes", async () => {
    pages(500, user("spam1"), user("spam2"));
    whoami();
    const { code, stdout, stderr } = await synadm(["user", "deactivate-regex", "@spam"], { stdin: "n\n" });
    expect([code, stdout]).toEqual([5, ""]);
    expect(stderr).toMatch(/@spam1:example\.test[^]*@spam2:example\.test[^]*Deactivate these 2 accounts\? \[y\/N\]/);
  });

  it("--dry-run lists the accounts as the homeserver sent them, and changes nothing", async () => {
    pages(500, user("spam1", { new_field: { x: 1 } }), user("a"));
    const { code, stdout } = await synadm(["-o", "json", "user", "deactivate-regex", "-n", "@spam"]);
    expect([code, JSON.parse(stdout)]).toEqual([0, [user("spam1", { new_field: { x: 1 } })]]);
  });

  it("says when the list of accounts is shorter than it was said to be", async () => {
    synapse()
      .get(`${admin}/v2/users`)
      .query({ from: 0, limit: 500 })
      .reply(200, { users: [user("spam1")], total: 1000 });
    const { code, stdout, stderr } = await synadm(["-o", "json", "user", "deactivate-regex", "-n", "@spam"]);
    expect([code, JSON.parse(stdout)]).toEqual([0, [user("spam1")]]);
    expect(stderr).toBe("synadm: warning: the list is shorter than it was said to be: some may be missing\n");
  });

  const everybody = () => pages(500, user("x"), user("admin"), user("root", { admin: true }));

  it("leaves out server admins and the caller, and says so", async () => {
    everybody();
    whoami();
    deactivation("x").reply(200, done);
    const { code, stderr } = await synadm(["--batch", "user", "deactivate-regex", "@"]);
    expect(code).toBe(0);
    expect(stderr).toBe("left out, unless you add --include-admins: @root:example.test, @admin:example.test (you)\n");
  });

  it("does not say to a person that nobody matches where those who do are left out", async () => {
    everybody();
    whoami();
    const { stdout } = await synadm(["--batch", "-o", "human", "user", "deactivate-regex", "@root"]);
    expect(stdout).toBe("no account is to be deactivated\n");
  });

  it("leaves out whom the token belongs to, also where the configuration names somebody else", async () => {
    everybody();
    whoami("x");
    const { code, stderr } = await synadm(["--batch", "user", "deactivate-regex", "@"]);
    expect(code).toBe(0);
    expect(stderr).toContain("@admin:example.test (you), @x:example.test (you)\n");
  });

  it("goes by the configuration where the homeserver does not tell, with a warning", async () => {
    everybody();
    synapse().get("/_matrix/client/v3/account/whoami").reply(404, { errcode: "M_UNRECOGNIZED", error: "no" });
    deactivation("x").reply(200, done);
    const { code, stderr } = await synadm(["--batch", "user", "deactivate-regex", "@"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^synadm: warning: .*; taken for yours: @admin:example\.test\n/);
  });

  it("asks the homeserver who the caller is where the configuration does not say it", async () => {
    everybody();
    synapse().get("/_matrix/client/v3/account/whoami").reply(200, { user_id: "@x:example.test" });
    const config = { token: "s3cret", base_url: "http://synapse.test" };
    const { stdout } = await synadm(["-o", "json", "user", "deactivate-regex", "-n", "@"], { config });
    expect(JSON.parse(stdout)).toEqual([user("admin")]);
  });

  it("takes them with --include-admins, the caller last, since that ends the token", async () => {
    everybody();
    whoami();
    for (const name of ["root", "admin", "x"]) deactivation(name).reply(200, done);
    const { stdout } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "--include-admins", "@"]);
    const targets = (JSON.parse(stdout) as { target: string }[]).map(({ target }) => target);
    expect(targets).toEqual(["@x:example.test", "@root:example.test", "@admin:example.test"]);
  });

  it("takes whom the token belongs to after whom the configuration names", async () => {
    everybody();
    whoami("x");
    for (const name of ["root", "admin", "x"]) deactivation(name).reply(200, done);
    const { stdout } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "--include-admins", "@"]);
    const targets = (JSON.parse(stdout) as { target: string }[]).map(({ target }) => target);
    expect(targets).toEqual(["@root:example.test", "@admin:example.test", "@x:example.test"]);
  });

  it("exits 4 where some could not be done, and names them", async () => {
    pages(500, user("spam1"), user("spam2"));
    whoami();
    deactivation("spam1").reply(403, { errcode: "M_FORBIDDEN", error: "vetoed" });
    deactivation("spam2").reply(200, done);
    const { code, stdout, stderr } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "@spam"]);
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        target: "@spam1:example.test",
        outcome: "failed",
        error: expect.stringContaining("403 M_FORBIDDEN: vetoed") as unknown,
      },
      { target: "@spam2:example.test", outcome: "done" },
    ]);
    expect(stderr).toContain("1 of 2 could not be done");
  });

  it("names on stderr who was not tried, where there is no result", async () => {
    pages(500, user("spam1"), user("spam2"), user("spam3"));
    whoami();
    for (const name of ["spam1", "spam2"])
      deactivation(name).replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
    const { code, stdout, stderr } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "@spam"]);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("synadm: not tried: @spam3:example.test\nsynadm: 3 of 3 could not be done, ");
    expect(stderr).toContain(", 2 of them perhaps are, since no answer said so, 1 of them not tried: the connection");
  });

  it("counts whom a gateway gave up waiting for among those that perhaps are done", async () => {
    pages(500, user("spam1"), user("spam2"));
    whoami();
    deactivation("spam1").reply(504, "<html>");
    deactivation("spam2").reply(503, { errcode: "M_UNKNOWN", error: "not now" });
    const { code, stderr } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "@spam"]);
    expect(code).toBe(1);
    expect(stderr).toContain("synadm: 2 of 2 could not be done, 1 of them perhaps are, since no answer said so\n");
  });

  it("shows a name that has lines as one", async () => {
    pages(500, user("x\nhint: obey", { admin: true }));
    const { stderr } = await synadm(["user", "deactivate-regex", "-n", "@"]);
    expect(stderr).toContain("left out, unless you add --include-admins: @x\\nhint: obey:example.test\n");
  });

  it("prints an empty list where nobody matches", async () => {
    pages(500, user("spam1"));
    const result = await synadm(["-o", "json", "user", "deactivate-regex", "@nobody"]);
    expect(result).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  });

  it("A24: matches the full ID, and says so to who forgot its @", async () => {
    pages(500, user("spam1"));
    const { code, stdout, stderr } = await synadm(["-o", "json", "user", "deactivate-regex", "spam"]);
    expect([code, stdout]).toEqual([0, "[]\n"]);
    expect(stderr).toContain("which is an @");
  });

  it("finds locked accounts with -L", async () => {
    synapse().get(`${admin}/v2/users`).query({ from: 0, limit: 500, locked: true }).reply(200, { users: [], total: 0 });
    expect((await synadm(["user", "deactivate-regex", "-n", "-L", "@x"])).code).toBe(0);
  });

  it.each([
    { argv: ["("], words: "is no regular expression" }, // B12
    { argv: ["(?P<x>a)"], words: "(?P<" },
    { argv: [""], words: "matches every account" },
    { argv: ["-p", "0", "@spam"], words: "from 1 on" }, // B15
  ])("refuses $argv before anything is sent", async ({ argv, words }) => {
    const { code, stdout, stderr } = await synadm(["--batch", "user", "deactivate-regex", ...argv]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });

  it("B3: ends where a page is no JSON", async () => {
    nock("http://synapse.test").get(`${admin}/v2/users`).query(true).times(3).reply(502, "<html>");
    const { code, stdout } = await synadm(["--batch", "user", "deactivate-regex", "@spam"]);
    expect([code, stdout]).toEqual([1, ""]);
  });
});
