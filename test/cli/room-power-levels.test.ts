import nock from "nock";
import { describe, expect, it, vi } from "vitest";
import { synadm } from "../helpers/synadm.js";

const path = "/_synapse/admin/v1/rooms";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const powerLevels = (...argv: string[]) => synadm(["-o", "minified", "room", "power-levels", ...argv]);

const room = (id: string, more: object = {}) => ({
  room_id: id,
  name: "A",
  canonical_alias: null,
  joined_members: 2,
  creator: "@alice:example.test",
  version: "10",
  room_type: null,
  ...more,
});
const short = (id: string) => ({ room_id: id, name: "A", canonical_alias: null, room_type: null });

function lists(query: object, rooms: object[], more: object = {}): void {
  synapse()
    .get(path)
    .query({ from: "0", limit: "10", ...query })
    .reply(200, { rooms, offset: 0, total_rooms: rooms.length, ...more });
}

/** D8: asks for the one type of event. */
function state(id: string, type = "m.room.power_levels") {
  return synapse()
    .get(`${path}/${encodeURIComponent(id).replace("!", "%21")}/state`)
    .query({ type });
}

const levels = (content: object) => ({ state: [{ type: "m.room.power_levels", state_key: "", content }] });
const users = { "@alice:example.test": 100, "@bob:example.test": 50 };

describe("room power-levels", () => {
  it("joins the list of rooms with the levels in each", async () => {
    lists({}, [room("!a:t"), room("!b:t")], { next_batch: 10 });
    state("!a:t").reply(200, levels({ users }));
    state("!b:t").reply(200, { state: [] });
    const { code, stdout, stderr } = await powerLevels();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      rooms: [
        { ...short("!a:t"), power_levels: users },
        { ...short("!b:t"), power_levels: {} },
      ],
      offset: 0,
      total_rooms: 2,
      next_batch: 10,
      rooms_w_power_levels_curr_batch: 1,
    });
  });

  it.each([
    { flags: ["-f", "3", "-l", "5"], query: { from: "3", limit: "5" } },
    { flags: ["-n", "bob"], query: { search_term: "bob" } },
    { flags: ["-s", "creator", "-r"], query: { order_by: "creator", dir: "b" } },
    { flags: ["-r"], query: { dir: "b" } },
  ])("$flags asks for $query", async ({ flags, query }) => {
    lists(query, []);
    expect((await powerLevels(...flags)).code).toBe(0);
  });

  it("-a shows all that the list has", async () => {
    lists({}, [room("!a:t")]);
    state("!a:t").reply(200, levels({ users }));
    const { stdout } = await powerLevels("-a");
    expect(JSON.parse(stdout)).toMatchObject({ rooms: [{ ...room("!a:t"), power_levels: users }] });
  });

  it("-i takes an alias, and leaves out rooms that only have the ID in their name", async () => {
    synapse().get("/_matrix/client/v3/directory/room/%23lobby%3At").reply(200, { room_id: "!a:t", servers: [] });
    lists({ search_term: "!a:t" }, [room("!spoof:t", { name: "!a:t" }), room("!a:t")]);
    state("!a:t").reply(200, levels({ users }));
    const { stdout } = await powerLevels("-i", "#lobby:t");
    expect(JSON.parse(stdout)).toMatchObject({ rooms: [{ room_id: "!a:t" }], total_rooms: 1 });
  });

  it.each([
    { what: "", flags: ["-i", "!a:t"] },
    { what: ", whatever page is asked for", flags: ["-i", "!a:t", "-f", "20"] },
  ])("-i asks for the room where others have filled the page of the search$what", async ({ flags }) => {
    lists({ search_term: "!a:t" }, [room("!spoof:t", { name: "!a:t" })], { total_rooms: 12, next_batch: 10 });
    synapse()
      .get(`${path}/%21a%3At`)
      .reply(200, { ...room("!a:t"), forgotten: false });
    state("!a:t").reply(200, levels({ users }));
    const { code, stdout, stderr } = await powerLevels(...flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      rooms: [{ ...short("!a:t"), power_levels: users }],
      offset: 0,
      total_rooms: 1,
      rooms_w_power_levels_curr_batch: 1,
    });
  });

  it("-i fails when there is no such room", async () => {
    lists({ search_term: "!a:t" }, []);
    synapse().get(`${path}/%21a%3At`).reply(404, { errcode: "M_NOT_FOUND", error: "Room not found" });
    const { code, stderr } = await powerLevels("-i", "!a:t");
    expect(code).toBe(1);
    expect(stderr).toContain("Room not found");
  });

  it.each([[["-i", ""]], [["-n", ""]], [["-i", "!a:t", "-n", "bob"]], [["-s", "size"]]])(
    "refuses %j",
    async (flags) => {
      expect(await powerLevels(...flags)).toMatchObject({ code: 2, stdout: "" });
    },
  );

  it.each([
    { what: "power levels without users", content: {} },
    { what: "users that are none", content: { users: null } },
    { what: "a list of users", content: { users: ["@alice:example.test"] } },
  ])("B5: $what are no levels", async ({ content }) => {
    lists({}, [room("!v12")]);
    state("!v12").reply(200, levels(content));
    const { code, stdout } = await powerLevels();
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rooms: [{ room_id: "!v12", power_levels: {} }] });
  });

  it("B5: a room that is refused is no crash, and the rest is there: exit 4", async () => {
    lists({}, [room("!a:t"), room("!b:t")]);
    state("!a:t").reply(404, { errcode: "M_NOT_FOUND", error: "Room not found" });
    state("!b:t").reply(200, levels({ users }));
    const { code, stdout, stderr } = await powerLevels();
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      rooms: [
        { room_id: "!a:t", power_levels: null },
        { room_id: "!b:t", power_levels: users },
      ],
      rooms_w_power_levels_curr_batch: 1,
    });
    expect(stderr).toBe(
      "synadm: cannot get the state of !a:t: 404 M_NOT_FOUND: Room not found\n" +
        "synadm: the levels of 1 of 2 rooms are unknown\n",
    );
  });

  it("fails when every room is refused", async () => {
    lists({}, [room("!a:t"), room("!b:t")]);
    state("!a:t").reply(403, { errcode: "M_FORBIDDEN", error: "No" });
    state("!b:t").reply(403, { errcode: "M_FORBIDDEN", error: "No" });
    const { code, stdout } = await powerLevels();
    expect({ code, stdout }).toEqual({ code: 1, stdout: `{"errcode":"M_FORBIDDEN","error":"No"}\n` });
  });

  it("B3: no JSON is no crash", async () => {
    synapse().get(path).query(true).times(3).reply(502, "<html>");
    expect(await powerLevels()).toMatchObject({ code: 1, stdout: "" });
    lists({}, [room("!a:t")]);
    state("!a:t").reply(200, "<html>");
    expect(await powerLevels()).toMatchObject({ code: 3, stdout: "" });
  });

  it("reads thirty-two rooms at a time, and keeps their order", async () => {
    const ids = Array.from({ length: 40 }, (_, at) => `!r${at}:t`);
    lists(
      { limit: "40" },
      ids.map((id) => room(id)),
    );
    let open = 0;
    let most = 0;
    for (const [at, id] of ids.entries()) {
      state(id).reply(async () => {
        most = Math.max(most, ++open);
        await vi.waitUntil(() => most >= 32, { timeout: 4000 });
        await new Promise((resolve) => setTimeout(resolve, 50 + (at % 3))); // time for one too many to show up
        open--;
        return [200, levels({ users: { [`@u${at}:t`]: at } })];
      });
    }
    const { stdout } = await powerLevels("-l", "40");
    const { rooms } = JSON.parse(stdout) as { rooms: { room_id: string; power_levels: object }[] };
    expect(rooms.map(({ room_id }) => room_id)).toEqual(ids);
    expect(rooms[39]?.power_levels).toEqual({ "@u39:t": 39 });
    expect(most).toBe(32);
  });

  it("is a table for each room for people, the most powerful first", async () => {
    lists({}, [room("!a:t"), room("!v12"), room("!none:t", { name: null })]);
    state("!a:t").reply(200, levels({ users: { "@bob:example.test": 50, "@alice:example.test": 100 } }));
    state("!v12").reply(200, levels({ users: { "@bob:example.test": 50 } }));
    state("!none:t").reply(200, { state: [] });
    const { stdout } = await synadm(["-o", "human", "room", "power-levels"], { columns: 80, env: { NO_COLOR: "1" } });
    expect(stdout).toBe(
      [
        "!a:t  A",
        "level  user",
        "─────  ───────────────────",
        "  100  @alice:example.test",
        "   50  @bob:example.test",
        "",
        "!v12  A",
        "level    user",
        "───────  ───────────────────",
        "creator  @alice:example.test",
        "50       @bob:example.test",
        "",
        "!none:t",
        "no levels",
        "",
      ].join("\n"),
    );
  });

  it("-a adds who else created a room of version 12", async () => {
    lists({}, [room("!v12")]);
    state("!v12").reply(200, levels({}));
    state("!v12", "m.room.create").reply(200, {
      state: [{ type: "m.room.create", state_key: "", content: { additional_creators: ["@carol:example.test", 7] } }],
    });
    const { stdout } = await powerLevels("-a");
    expect(JSON.parse(stdout)).toMatchObject({ rooms: [{ additional_creators: ["@carol:example.test"] }] });
  });
});
