import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const path = "/_synapse/admin/v1/rooms";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const minified = (...argv: string[]) => synadm(["-o", "minified", "room", ...argv]);
const none = { rooms: [], offset: 0, total_rooms: 0 };

const lobby = {
  room_id: "!lobby:example.test",
  name: "Lobby",
  canonical_alias: "#lobby:example.test",
  joined_members: 5,
  joined_local_members: 4,
  version: "10",
  state_events: 93534,
};
const nameless = { ...lobby, room_id: "!nameless:example.test", name: null, joined_members: 0 };

describe("room list", () => {
  it.each([
    { flags: [], query: {} },
    { flags: ["-f", "7", "-l", "3"], query: { from: "7", limit: "3" } },
    { flags: ["--from", "7", "--limit", "3"], query: { from: "7", limit: "3" } },
    { flags: ["-n", "Bö b"], query: { search_term: "Bö b" } },
    { flags: ["--name", "bob"], query: { search_term: "bob" } },
    { flags: ["-s", "joined_members"], query: { order_by: "joined_members" } },
    { flags: ["--sort", "state_events", "--reverse"], query: { order_by: "state_events", dir: "b" } },
    { flags: ["-r"], query: { dir: "b" } }, // A19: also without a column
    { flags: ["-e"], query: { empty_rooms: "true" } },
    { flags: ["--empty"], query: { empty_rooms: "true" } },
    { flags: ["-E"], query: { empty_rooms: "false" } },
    { flags: ["-e", "--not-empty"], query: { empty_rooms: "false" } },
  ])("$flags asks for $query", async ({ flags, query }) => {
    synapse()
      .get(path)
      .query({ from: "0", limit: "100", ...query })
      .reply(200, none);
    expect(await minified("list", ...flags)).toEqual({ code: 0, stdout: `${JSON.stringify(none)}\n`, stderr: "" });
  });

  it.each([["-s", "size"], ["-s", ""], ["-f", "-1"], ["-l", "ten"], ["-n", ""], ["surplus"]])(
    "%s %s is refused before anything is sent",
    async (...flags) => {
      expect(await minified("list", ...flags)).toMatchObject({ code: 2, stdout: "" });
    },
  );

  it("--all puts the pages together", async () => {
    synapse()
      .get(path)
      .query({ from: "0", limit: "1" })
      .reply(200, { rooms: [lobby], offset: 0, total_rooms: 2, next_batch: 1 });
    synapse()
      .get(path)
      .query({ from: "1", limit: "1" })
      .reply(200, { rooms: [nameless], offset: 1, total_rooms: 2, prev_batch: 0 });
    const { stdout } = await minified("list", "--all", "-l", "1");
    expect(JSON.parse(stdout)).toEqual({ rooms: [lobby, nameless], offset: 0, total_rooms: 2 });
  });

  it("--all takes what comes twice once, and says that something may be missing", async () => {
    const page = (from: string, rooms: object[], total: number, next?: number) =>
      synapse()
        .get(path)
        .query({ from, limit: "1" })
        .reply(200, {
          rooms,
          offset: Number(from),
          total_rooms: total,
          ...(next === undefined ? {} : { next_batch: next }),
        });
    page("0", [lobby], 3, 1);
    page("1", [lobby], 3, 2);
    page("2", [nameless], 2);
    const { stdout, stderr } = await minified("list", "--all", "-l", "1");
    expect(JSON.parse(stdout)).toMatchObject({ rooms: [lobby, nameless] });
    expect(stderr).toBe("synadm: warning: the list is shorter than it was said to be: some may be missing\n");
  });

  it("--all says so, too, where the list shrank meanwhile and as many came as there were at first", async () => {
    const page = (from: string, rooms: object[], more: object) =>
      synapse()
        .get(path)
        .query({ from, limit: "1" })
        .reply(200, { rooms, offset: Number(from), ...more });
    page("0", [lobby], { total_rooms: 2, next_batch: 1 });
    page("1", [nameless], { total_rooms: 1 });
    expect((await minified("list", "--all", "-l", "1")).stderr).toContain("some may be missing");
  });

  it("filters empty rooms itself where Synapse mixes that up with a name", async () => {
    synapse()
      .get(path)
      .query(true)
      .reply(200, { rooms: [lobby, nameless], offset: 0, total_rooms: 2, next_batch: 2 });
    const { stdout, stderr } = await minified("list", "-n", "lobby", "-e");
    expect(JSON.parse(stdout)).toEqual({ rooms: [nameless], offset: 0, total_rooms: 2, next_batch: 2 });
    expect(stderr).toContain("left out 1 with members");
  });

  it("is a table of 80 columns for people, with IDs of version 12, too", async () => {
    const room = { ...lobby, room_id: `!${"x".repeat(43)}`, name: "A name that is longer than there is room for" };
    synapse()
      .get(path)
      .query(true)
      .reply(200, { rooms: [room, lobby], offset: 0, total_rooms: 9, next_batch: 2 });
    const { stdout, stderr } = await synadm(["-o", "human", "room", "list"], { columns: 80, env: { NO_COLOR: "1" } });
    expect(stdout).toBe(
      [
        "room_id                                       name                  users  local",
        "────────────────────────────────────────────  ────────────────────  ─────  ─────",
        `!${"x".repeat(43)}  A name that is long…      5      4`,
        "!lobby:example.test                           Lobby                     5      4",
        "",
      ].join("\n"),
    );
    expect(stderr).toBe("1 to 2 of 9\nmore: --from 2, or --all\n");
  });

  it("shows the column that it is sorted by, and the alias of what has no name", async () => {
    synapse()
      .get(path)
      .query(true)
      .reply(200, { rooms: [nameless], offset: 0, total_rooms: 1 });
    const { stdout } = await synadm(["-o", "human", "room", "list", "-s", "state_events"], {
      columns: 120,
      env: { NO_COLOR: "1" },
    });
    expect(stdout).toMatch(/^room_id +name +users +local +state_events$/m);
    expect(stdout).toMatch(/^!nameless:example.test +#lobby:example.test +0 +4 +93534$/m);
  });

  it("B4: an error is an error for people, too", async () => {
    synapse().get(path).query(true).reply(400, { errcode: "M_INVALID_PARAM", error: "No" });
    const result = await synadm(["-o", "human", "room", "list"]);
    expect(result).toEqual({ code: 1, stdout: "", stderr: "synadm: cannot list rooms: 400 M_INVALID_PARAM: No\n" });
  });
});

describe("room search", () => {
  it.each([
    { flags: [], query: {} },
    {
      flags: ["-f", "7", "-l", "3", "-s", "creator", "-r"],
      query: { from: "7", limit: "3", order_by: "creator", dir: "b" },
    },
  ])("$flags asks for $query", async ({ flags, query }) => {
    synapse()
      .get(path)
      .query({ from: "0", limit: "100", search_term: "bob's", ...query })
      .reply(200, none);
    expect((await minified("search", "bob's", ...flags)).code).toBe(0);
  });

  it("refuses to search for nothing", async () => {
    expect(await minified("search", "")).toMatchObject({ code: 2, stdout: "" });
  });
});
