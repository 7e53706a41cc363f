import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const url = "/_synapse/admin/v2/users";
const alice = {
  name: "@alice:example.test",
  user_type: null,
  is_guest: false,
  admin: false,
  deactivated: false,
  shadow_banned: false,
  displayname: "Alice",
  avatar_url: null,
  creation_ts: 1560432668000,
  erased: false,
  last_seen_ts: 1732919539393,
  locked: false,
  new_in_synapse_2: [1],
};
const page = { users: [alice], total: 1 };

describe("synadm user list", () => {
  it.each<{ argv: string[]; query: Record<string, string | string[]> }>([
    { argv: [], query: {} },
    { argv: ["-f", "20", "-l", "10"], query: { from: "20", limit: "10" } },
    { argv: ["-g"], query: { guests: "true" } },
    { argv: ["-G"], query: { guests: "false" } },
    { argv: ["-g", "-G"], query: { guests: "false" } },
    { argv: ["-d"], query: { deactivated: "true" } },
    { argv: ["-a"], query: { admins: "true" } },
    { argv: ["-A"], query: { admins: "false" } },
    { argv: ["-L"], query: { locked: "true" } },
    { argv: ["--sort-by", "last_seen_ts", "--reverse"], query: { order_by: "last_seen_ts", dir: "b" } },
    {
      argv: ["--exclude-user-type", "bot", "--exclude-user-type", ""],
      query: { not_user_type: ["bot", ""] },
    },
    { argv: ["-n", "Łódź"], query: { name: "Łódź" } },
    { argv: ["-i", "ali"], query: { user_id: "ali" } }, // A9: not completed
  ])("$argv asks for $query", async ({ argv, query }) => {
    synapse()
      .get(url)
      .query({ from: "0", limit: "100", ...query })
      .reply(200, page);
    const { code, stdout } = await synadm(["-o", "json", "user", "list", ...argv]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(page);
  });

  it("A25: asks again without guests where the server, behind MAS, cannot list them", async () => {
    const refusal = { errcode: "M_INVALID_PARAM", error: "The guests parameter is not supported" };
    synapse().get(url).query({ from: "0", limit: "100" }).reply(400, refusal);
    synapse().get(url).query({ from: "0", limit: "100", guests: "false" }).reply(200, page);
    expect((await synadm(["user", "list"])).code).toBe(0);
  });

  it("D15: --all asks page by page, and prints one list", async () => {
    synapse()
      .get(url)
      .query({ from: "0", limit: "1" })
      .reply(200, { users: [alice], total: 2, next_token: "1" });
    synapse()
      .get(url)
      .query({ from: "1", limit: "1" })
      .reply(200, { users: [{ ...alice, name: "@bob:example.test" }], total: 2 });
    const { stdout } = await synadm(["-o", "json", "user", "list", "--all", "-l", "1"]);
    expect(JSON.parse(stdout)).toEqual({ users: [alice, { ...alice, name: "@bob:example.test" }], total: 2 });
  });

  it("--all keeps fields of the answer that nobody knows, and names no next page", async () => {
    synapse()
      .get(url)
      .query({ from: "0", limit: "1" })
      .reply(200, { new_in_synapse_2: { a: 1 }, users: [alice], total: 2, next_token: "1" });
    synapse()
      .get(url)
      .query({ from: "1", limit: "1" })
      .reply(200, { new_in_synapse_2: { a: 1 }, users: [{ ...alice, name: "@bob:example.test" }], total: 2 });
    const { stdout } = await synadm(["-o", "minified", "user", "list", "--all", "-l", "1"]);
    const users = [alice, { ...alice, name: "@bob:example.test" }];
    expect(stdout).toBe(`${JSON.stringify({ new_in_synapse_2: { a: 1 }, users, total: 2 })}\n`);
  });

  it.each([
    { argv: ["--all"], total: 5, warns: true },
    { argv: ["--all", "-f", "4"], total: 5, warns: false },
    { argv: [], total: 5, warns: false },
  ])("one row of $total without a next page, with $argv: warns $warns", async ({ argv, total, warns }) => {
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [alice], total });
    const { code, stderr } = await synadm(["-o", "json", "user", "list", ...argv]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      warns ? "synadm: warning: the list is shorter than it was said to be: some may be missing\n" : "",
    );
  });

  it.each([null, "", "1 2", {}, [], true])("shows people no way to a next page that is %j", async (next_token) => {
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [alice], total: 7, next_token });
    expect((await synadm(["-o", "human", "user", "list"])).stderr).toBe("1 to 1 of 7\n");
  });

  it.each([
    { argv: ["-n", "a", "-i", "b"], words: "exclude each other" },
    { argv: ["-l", "-1"], words: "whole number" },
    { argv: ["-f", "x"], words: "whole number" },
  ])("refuses $argv", async ({ argv, words }) => {
    const { code, stdout, stderr } = await synadm(["user", "list", ...argv]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });

  it("shows a table in a pipe, too, with whole values, however wide it is", async () => {
    const name = `@${"x".repeat(200)}:example.test`;
    const displayname = "a long name ".repeat(8).trim();
    const endless = { ...alice, displayname: "x".repeat(60_000) };
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [alice, { ...alice, name, displayname }, endless], total: 3 });
    const { stdout } = await synadm(["-o", "human", "user", "list"]);
    expect(stdout.split("\n")).toHaveLength(6);
    expect(stdout.length).toBeLessThan(2500); // but for an endless one
    expect(stdout).toContain(`${name}  ${displayname} `);
  });

  it("takes a terminal that does not know its width for one of 80 columns", async () => {
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [{ ...alice, displayname: "a long name ".repeat(20) }], total: 1 });
    const { stdout } = await synadm(["-o", "human", "user", "list"], { columns: 0 });
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBe(80);
  });

  it("shows a table on 80 columns, with what is out of the ordinary in one", async () => {
    const odd = {
      ...alice,
      name: "@bridge-bot:example.test",
      admin: true,
      deactivated: true,
      erased: true,
      user_type: "bot",
      displayname: "evil\u001b[2J",
      last_seen_ts: null,
    };
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [alice, odd], total: 7, next_token: "2" });
    const { stdout, stderr } = await synadm(["-o", "human", "user", "list"], { env: { COLUMNS: "80" } });
    expect(stdout.split("\n")).toEqual([
      "name                      displayname  flags             last_seen",
      "────────────────────────  ───────────  ────────────────  ──────────",
      "@alice:example.test       Alice        -                 2024-11-30",
      String.raw`@bridge-bot:example.test  evil\x1b[2J  admin,erased,bot  -`,
      "",
    ]);
    expect(stderr).toBe("1 to 2 of 7\nmore: --from 2, or --all\n");
  });

  it("tells flags that old servers send as numbers", async () => {
    const flags = { admin: 1, deactivated: 1, erased: 0, locked: 1, shadow_banned: 0, is_guest: 1 };
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [{ ...alice, ...flags }], total: 1 });
    const { stdout } = await synadm(["-o", "human", "user", "list"]);
    expect(stdout).toContain(" admin,deactivated,locked,guest ");
  });

  it.each([
    { columns: 70, words: [], seen: "2024-11-30 09:02:19 +10:30" },
    { columns: 60, words: [], seen: "2024-11-30" },
    { columns: undefined, words: [], seen: "2024-11-30 09:02:19 +10:30" },
    { columns: undefined, words: ["--batch"], seen: "1732919539393" },
  ])("says the last visit on $columns columns with $words as $seen", async ({ columns, words, seen }) => {
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [alice], total: 1 });
    const { stdout } = await synadm(
      [...words, "-o", "human", "user", "list"],
      columns === undefined ? {} : { columns },
    );
    expect(stdout.split("\n")[2]).toBe(`@alice:example.test  Alice        -      ${seen}`);
  });

  it("says the whole date of a last visit where there is no table", async () => {
    synapse()
      .get(url)
      .query(true)
      .reply(200, { users: [alice], total: 1 });
    const { stdout } = await synadm(["-o", "human", "user", "list"], { columns: 40 });
    expect(stdout).toContain("\nlast_seen    2024-11-30 09:02:19 +10:30\n");
  });

  it("B4, C6: says why there is no list, and shows no table", async () => {
    synapse().get(url).query(true).reply(403, { errcode: "M_FORBIDDEN", error: "You are not a server admin" });
    const { code, stdout, stderr } = await synadm(["-o", "human", "user", "list"]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("403 M_FORBIDDEN");
  });
});

describe("synadm user search", () => {
  it("A27: searches once, deactivated accounts too, whatever the case", async () => {
    synapse().get(url).query({ from: "1", limit: "2", deactivated: "true", name: "ali" }).reply(200, page);
    const { stdout } = await synadm(["-o", "json", "user", "search", "-f", "1", "-l", "2", "ALI"]);
    expect(JSON.parse(stdout)).toEqual(page);
  });

  it("A27: finds locked accounts with -L", async () => {
    synapse()
      .get(url)
      .query({ from: "0", limit: "100", deactivated: "true", locked: "true", name: "ali" })
      .reply(200, page);
    expect((await synadm(["user", "search", "-L", "ali"])).code).toBe(0);
  });
});
