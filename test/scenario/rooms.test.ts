import { describe, expect, it } from "vitest";
import { at, list, text, type Person } from "./client.js";
import { scenario, until } from "./scenario.js";

const scene = scenario();

const alias = (name: string): string => `#${scene.name(name)}:${scene.server.serverName}`;

/** A room that anybody may join, with an alias. */
async function publicRoom(owner: Person, name: string, more: object = {}): Promise<string> {
  const room_alias_name = scene.name(name);
  return owner.createRoom({ preset: "public_chat", name: room_alias_name, room_alias_name, ...more });
}

const isThere = async (room: string): Promise<number> =>
  (await scene.admin.call("GET", `/_synapse/admin/v1/rooms/${encodeURIComponent(room)}`)).status;

describe("looking at rooms", () => {
  it("lists, searches, sorts and pages", async () => {
    const owner = await scene.person("lister");
    const guest = await scene.person("lister-guest");
    const rooms: string[] = [];
    for (const n of [1, 2, 3]) rooms.push(await publicRoom(owner, `listed-${n}`));
    await guest.join(rooms[2]!);
    const term = scene.name("listed-").slice(0, -scene.run.length - 1);
    const ids = (found: unknown) =>
      list(found, "rooms")
        .filter((room) => text(room, "name").endsWith(scene.run))
        .map((room) => at(room, "room_id"));

    expect(ids(await scene.ok("room", "list", "-n", term, "--all")).sort()).toEqual([...rooms].sort());
    expect(ids(await scene.ok("room", "search", term, "-s", "joined_members", "-l", "500"))[0]).toBe(rooms[2]);
    const backwards = await scene.ok("room", "search", term, "-s", "name", "-r", "-l", "500");
    expect(ids(backwards)).toEqual([...rooms].reverse());
    expect(await scene.ok("room", "search", rooms[0]!)).toMatchObject({ rooms: [{ room_id: rooms[0] }] });
    const all = await scene.ok("room", "list", "-l", "1");
    expect(all).toMatchObject({ rooms: [expect.anything()], next_batch: 1, offset: 0 });
    expect(await scene.ok("room", "list", "-f", "1", "-l", "1")).toMatchObject({ offset: 1, prev_batch: 0 });
    expect(await scene.ok("room", "search", scene.name("no such room"))).toMatchObject({ rooms: [], total_rooms: 0 });
  });

  it("details, members, state, aliases and power levels", async () => {
    const owner = await scene.person("shown");
    const guest = await scene.person("shown-guest");
    const room = await publicRoom(owner, "shown", { topic: "Łódź", room_version: "11" });
    await guest.join(room);
    expect(await scene.ok("room", "details", room)).toMatchObject({
      room_id: room,
      topic: "Łódź",
      canonical_alias: alias("shown"),
      creator: owner.userId,
      joined_members: 2,
      public: false,
      join_rules: "public",
    });
    expect(await scene.ok("room", "details", alias("shown"))).toMatchObject({ room_id: room });
    const members = await scene.ok("room", "members", room);
    expect([...list(members, "members")].sort()).toEqual([owner.userId, guest.userId].sort());
    expect(members).toMatchObject({ total: 2 });
    const state = list(await scene.ok("room", "state", room), "state");
    const find = (type: string) => state.find((event) => at(event, "type") === type);
    expect(find("m.room.topic")).toMatchObject({ content: { topic: "Łódź" }, sender: owner.userId });
    expect(await scene.ok("room", "resolve", alias("shown"))).toBe(room);
    expect(await scene.ok("room", "resolve", "-r", room)).toEqual({ aliases: [alias("shown")] });
    expect(await scene.ok("room", "power-levels", "-i", room)).toMatchObject({
      rooms: [{ room_id: room, power_levels: { [owner.userId]: 100 } }],
    });
  });

  it("room version 12: no server in the ID, the creator above all levels", async () => {
    const owner = await scene.person("twelve");
    const room = await publicRoom(owner, "twelve", { room_version: "12" });
    expect(room).not.toContain(":");
    expect(await scene.ok("room", "details", room)).toMatchObject({ room_id: room, version: "12" });
    expect(await scene.ok("room", "members", room)).toMatchObject({ members: [owner.userId] });
    expect(await scene.ok("room", "power-levels", "-i", room)).toMatchObject({ rooms: [{ room_id: room }] });
    expect(await scene.ok("room", "resolve", "-r", room)).toEqual({ aliases: [alias("twelve")] });
    expect(await scene.ok("room", "block-status", room)).toEqual({ block: false });
  });

  it.each([
    { argv: ["room", "details"], status: 404 },
    { argv: ["room", "members"], status: 404 },
    { argv: ["room", "state"], status: 404 },
    { argv: ["room", "delete"], status: 404 },
    { argv: ["room", "delete-status", "-r"], status: 404 },
    { argv: ["room", "make-admin"], status: 400 },
  ])("$argv of an unknown room is exit 1", async ({ argv, status }) => {
    const { said, stderr } = await scene.refused(...argv, `!unknown-${scene.run}:${scene.server.serverName}`);
    expect(said).toHaveProperty("errcode");
    expect(stderr).toContain(String(status));
  });

  it("an unknown alias is exit 1", async () => {
    const { said } = await scene.refused("room", "resolve", alias("nowhere"));
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
  });
});

describe("people in rooms", () => {
  it("joins a user by ID and by alias", async () => {
    const [owner, one, two] = [await scene.person("host"), await scene.person("one"), await scene.person("two")];
    const room = await publicRoom(owner, "party");
    expect(await scene.ok("room", "join", room, one.localpart)).toEqual({ room_id: room });
    expect(await scene.ok("room", "join", alias("party"), two.userId)).toEqual({ room_id: room });
    expect(await two.trySay(room, "hello")).toMatchObject({ status: 200 });
    expect(await one.do("GET", "/joined_rooms")).toMatchObject({ joined_rooms: [room] });
  });

  it("a private room wants the admin in it", async () => {
    const [owner, guest] = [await scene.person("private"), await scene.person("private-guest")];
    const room = await owner.createRoom();
    const { said } = await scene.refused("room", "join", room, guest.localpart);
    expect(said).toMatchObject({ errcode: "M_FORBIDDEN" });
    await owner.do("POST", `/rooms/${encodeURIComponent(room)}/invite`, { user_id: scene.server.adminUser });
    await scene.admin.join(room);
    expect(await scene.ok("room", "join", room, guest.localpart)).toEqual({ room_id: room });
    expect(await guest.trySay(room, "in")).toMatchObject({ status: 200 });
  });

  it("makes somebody a room admin", async () => {
    const [owner, heir] = [await scene.person("abdicates"), await scene.person("heir")];
    const room = await publicRoom(owner, "throne", { room_version: "11" });
    await heir.join(room);
    const name = (by: Person) =>
      by.call("PUT", `/rooms/${encodeURIComponent(room)}/state/m.room.name`, { name: "The King's" });
    expect(await name(heir)).toMatchObject({ status: 403 });
    await scene.ok("room", "make-admin", "-u", heir.localpart, room);
    expect(await name(heir)).toMatchObject({ status: 200 });
    const levels = await scene.ok("room", "power-levels", "-i", room);
    expect(levels).toMatchObject({ rooms: [{ power_levels: { [heir.userId]: 100 } }] });
    // without -u it is the caller
    await scene.ok("room", "make-admin", alias("throne"));
    const after = await scene.ok("room", "power-levels", "-i", room);
    expect(after).toMatchObject({ rooms: [{ power_levels: { [scene.server.adminUser]: 100 } }] });
  });

  it("a blocked room lets nobody in until it is unblocked", async () => {
    const [owner, guest] = [await scene.person("bouncer"), await scene.person("bounced")];
    const room = await publicRoom(owner, "club");
    expect(await scene.ok("room", "block-status", room)).toEqual({ block: false });
    expect(await scene.ok("room", "block", room)).toEqual({ block: true });
    expect(await scene.ok("room", "block-status", room)).toEqual({ block: true, user_id: scene.server.adminUser });
    expect(await guest.join(room)).toMatchObject({ status: 403 });
    expect(await scene.ok("room", "block", "-u", alias("club"))).toEqual({ block: false });
    expect(await guest.join(room)).toMatchObject({ status: 200 });
  });

  it("blocks a room that the server has never seen", async () => {
    const room = `!never-seen-${scene.run}:elsewhere.test`;
    expect(await scene.ok("room", "block", room)).toEqual({ block: true });
    expect(await scene.ok("room", "block-status", room)).toMatchObject({ block: true });
    expect(await scene.ok("room", "block", "--unblock", room)).toEqual({ block: false });
  });
});

describe("deleting rooms", () => {
  const finished = (argv: string[], statusOf: (answer: unknown) => unknown) =>
    until(
      () => scene.ok("room", "delete-status", ...argv),
      (answer) => ["complete", "failed"].includes(String(statusOf(answer))),
    );

  it("deletes, and the status tells when, by delete ID and by room", async () => {
    const [owner, guest] = [await scene.person("evicted"), await scene.person("evicted-too")];
    const room = await publicRoom(owner, "doomed");
    await guest.join(room);
    const id = text(await scene.ok("room", "delete", room), "delete_id");
    const byId = await finished(["-d", id], (answer) => at(answer, "status"));
    expect(byId).toMatchObject({ status: "complete" });
    expect([...list(byId, "shutdown_room", "kicked_users")].sort()).toEqual([owner.userId, guest.userId].sort());
    const byRoom = await finished(["-r", room], (answer) => at(answer, "results", 0, "status"));
    expect(byRoom).toMatchObject({ results: [{ status: "complete", delete_id: id }] });
    expect(await isThere(room)).toBe(404);
    expect((await guest.trySay(room, "where am I?")).status).toBe(403);
    await scene.refused("room", "resolve", alias("doomed"));
  });

  it("moves people to a new room, blocks the old one, hands its alias on", async () => {
    const [owner, guest] = [await scene.person("moved"), await scene.person("moved-too")];
    const caretaker = await scene.person("caretaker");
    const room = await publicRoom(owner, "old-home");
    await guest.join(room);
    const argv = ["-b", "-u", caretaker.localpart, "-n", "New home", "-m", "Here you live now"];
    const id = text(await scene.ok("room", "delete", ...argv, alias("old-home")), "delete_id");
    const done = await finished(["-d", id], (answer) => at(answer, "status"));
    const newRoom = text(done, "shutdown_room", "new_room_id");
    expect(done).toMatchObject({ status: "complete", shutdown_room: { local_aliases: [alias("old-home")] } });
    expect(await guest.do("GET", "/joined_rooms")).toMatchObject({ joined_rooms: [newRoom] });
    expect(await scene.ok("room", "details", newRoom)).toMatchObject({ name: "New home", joined_members: 3 });
    expect(await scene.ok("room", "resolve", alias("old-home"))).toBe(newRoom);
    expect(await scene.ok("room", "block-status", room)).toMatchObject({ block: true });
  });

  it("--no-purge empties it and keeps it", async () => {
    const owner = await scene.person("emptied");
    const room = await publicRoom(owner, "kept");
    const id = text(await scene.ok("room", "delete", "--no-purge", room), "delete_id");
    expect(await finished(["-d", id], (answer) => at(answer, "status"))).toMatchObject({ status: "complete" });
    expect(await scene.ok("room", "details", room)).toMatchObject({ joined_members: 0 });
  });

  it("--v1 answers when all is done", async () => {
    const owner = await scene.person("at-once");
    const room = await publicRoom(owner, "at-once");
    expect(await scene.ok("room", "delete", "--v1", room)).toMatchObject({ kicked_users: [owner.userId] });
    expect(await isThere(room)).toBe(404);
  });

  it("shows what it is, asks, and no means no", async () => {
    const owner = await scene.person("undecided");
    const room = await publicRoom(owner, "undecided");
    const result = await scene.synadm(["room", "delete", room], { stdin: "n\n" });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    for (const words of [alias("undecided"), owner.userId, "[y/N]"]) expect(result.stderr).toContain(words);
    expect(await isThere(room)).toBe(200);
  });

  it("purge-empty removes the rooms that nobody is in, and no other", async () => {
    const owner = await scene.person("wanderer");
    const empty: string[] = [];
    for (const n of [1, 2, 3]) empty.push(await owner.createRoom({ name: scene.name(`empty-${n}`) }));
    const lived = await owner.createRoom({ name: scene.name("lived-in") });
    for (const room of empty) await owner.leave(room);

    const dry = await scene.synadm(["--batch", "-o", "json", "room", "purge-empty", "--dry-run", "-p", "2"]);
    expect(dry.code).toBe(0);
    for (const room of empty) expect(dry.stdout).toContain(room);
    expect(dry.stdout).not.toContain(lived);
    expect(await Promise.all(empty.map(isThere))).toEqual([200, 200, 200]);

    const outcomes = list(await scene.ok("room", "purge-empty", "-p", "2"));
    const mine = outcomes.filter((one) => empty.includes(text(one, "target")));
    expect(mine).toHaveLength(3);
    for (const one of mine) expect(one).toMatchObject({ outcome: "started" });
    // Synapse runs five jobs at a time, and looks for what waits once a minute.
    for (const room of empty)
      await until(
        () => isThere(room),
        (status) => status === 404,
        90_000,
      );
    expect(await isThere(lived)).toBe(200);
  }, 120_000);

  it("purge-empty --v1 purges by default, too", async () => {
    const owner = await scene.person("wanderer-v1");
    const room = await owner.createRoom();
    await owner.leave(room);
    await scene.ok("room", "purge-empty", "--v1");
    expect(await isThere(room)).toBe(404);
  });
});

describe("history", () => {
  const ended = (id: string) =>
    until(
      () => scene.ok("history", "purge-status", id),
      (answer) => at(answer, "status") !== "active" && at(answer, "status") !== "scheduled",
    );

  it.each([
    { name: "an event", argv: (id: string) => ["--before-event-id", id] },
    { name: "a time", argv: (_id: string, ts: number) => ["--before-ts", String(ts)] },
  ])("purges what is before $name", async ({ name, argv }) => {
    const owner = await scene.person(`historian-${name.replaceAll(" ", "-")}`);
    const room = await owner.createRoom();
    const old = [await owner.say(room, "long"), await owner.say(room, "long ago")];
    await new Promise((resolve) => setTimeout(resolve, 20));
    const now = Date.now();
    const kept = [await owner.say(room, "today"), await owner.say(room, "now")];
    const statuses = (ids: string[]) => Promise.all(ids.map(async (id) => (await owner.event(room, id)).status));
    expect(await statuses([...old, ...kept])).toEqual([200, 200, 200, 200]);

    const id = text(await scene.ok("history", "purge", "--delete-local", ...argv(kept[0]!, now), room), "purge_id");
    expect(await ended(id)).toMatchObject({ status: "complete" });
    expect(await statuses(old)).toEqual([404, 404]);
    expect(await statuses(kept)).toEqual([200, 200]);
  });

  it("asks, and no means no; an unknown purge is exit 1", async () => {
    const owner = await scene.person("nostalgic");
    const room = await owner.createRoom();
    const old = await owner.say(room, "remember?");
    const last = await owner.say(room, "yes");
    const result = await scene.synadm(["history", "purge", "--delete-local", "-i", last, room], { stdin: "n\n" });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(await owner.event(room, old)).toMatchObject({ status: 200 });
    const { said } = await scene.refused("history", "purge-status", "nonsense");
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
  });
});
