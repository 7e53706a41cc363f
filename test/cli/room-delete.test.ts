import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const room = "!abc:example.test";
const encoded = "%21abc%3Aexample.test";
const admin = "/_synapse/admin";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const minified = (...argv: string[]) => synadm(["-o", "minified", "room", ...argv]);
const remove = (argv: readonly string[], stdin = "y\n") =>
  synadm(["-o", "minified", "room", "delete", room, ...argv], { stdin });

const details = { room_id: room, name: "Lobby", joined_members: 30, joined_local_members: 4, topic: "Words" };
const members = { members: ["@alice:example.test", "@bob:example.test"], total: 2 };

function looksUp({ found = details, who = members }: { found?: object; who?: object } = {}): void {
  synapse().get(`${admin}/v1/rooms/${encoded}`).reply(200, found);
  synapse().get(`${admin}/v1/rooms/${encoded}/members`).reply(200, who);
}

describe("room delete", () => {
  it.each([
    { flags: [], body: { block: false, purge: true } },
    { flags: ["-b"], body: { block: true, purge: true } },
    { flags: ["--block", "--no-purge"], body: { block: true, purge: false } },
    { flags: ["--force-purge"], body: { block: false, purge: true, force_purge: true } },
    { flags: ["-u", "alice"], body: { block: false, purge: true, new_room_user_id: "@alice:example.test" } },
    {
      flags: ["--new-room-user-id", "@a:example.test", "--room-name", "N", "--message", "Łódź"],
      body: { block: false, purge: true, new_room_user_id: "@a:example.test", room_name: "N", message: "Łódź" },
    },
    {
      flags: ["-u", "a", "-n", "N", "-m", "M"],
      body: { block: false, purge: true, new_room_user_id: "@a:example.test", room_name: "N", message: "M" },
    },
  ])("$flags sends $body", async ({ flags, body }) => {
    looksUp();
    synapse().delete(`${admin}/v2/rooms/${encoded}`, body).reply(200, { delete_id: "x" });
    expect(await remove(flags)).toMatchObject({ code: 0, stdout: `{"delete_id":"x"}\n` });
  });

  it("--v1 waits, and names on stderr who is still there", async () => {
    const reply = { kicked_users: [], failed_to_kick_users: ["@a:example.test"], local_aliases: [], new_room_id: null };
    looksUp();
    synapse().delete(`${admin}/v1/rooms/${encoded}`, { block: false, purge: true }).reply(200, reply);
    const { code, stdout, stderr } = await remove(["--v1"]);
    expect({ code, stdout }).toEqual({ code: 4, stdout: `${JSON.stringify(reply)}\n` });
    expect(stderr).toContain("could not be made to leave !abc:example.test: @a:example.test");
  });

  it.each([
    { flags: [], question: "Take 4 local members out of !abc:example.test (Lobby) and erase it? [y/N]" },
    { flags: ["-b"], question: "out of !abc:example.test (Lobby), block it and erase it?" },
    { flags: ["--no-purge"], question: "out of !abc:example.test (Lobby) and keep its history?" },
    { flags: ["-u", "a"], question: "(Lobby), move them to a new room of @a:example.test and erase it?" },
  ])("$flags asks with its consequences, and the room before the eyes", async ({ flags, question }) => {
    looksUp();
    const { code, stdout, stderr } = await remove(flags, "n\n");
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain(question);
    expect(stderr).toMatch(/^topic +Words$/m);
    expect(stderr).toMatch(/^Members, of this server and of others: 2\n@alice:example.test\n@bob:example.test\n/m);
  });

  it.each([
    { found: { room_id: room }, question: `Take the local members out of ${room} and erase it?` },
    {
      found: { room_id: room, name: ["x"], joined_local_members: {} },
      question: `members out of ${room} and erase it?`,
    },
  ])("asks about the room that goes, whatever else $found says", async ({ found, question }) => {
    looksUp({ found });
    const { code, stderr } = await remove([], "n\n");
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.stringContaining(question) as string });
  });

  it.each([[[]], [["--batch"]]])("leaves the room alone where it is told of another: %j", async (argv) => {
    const odd = "200 with JSON without a proper room_id";
    for (const { room_id, why } of [
      { room_id: "!other:example.test", why: "the answer is about something else" },
      { room_id: { a: 1 }, why: odd },
      { room_id: null, why: odd },
    ]) {
      synapse()
        .get(`${admin}/v1/rooms/${encoded}`)
        .reply(200, { ...details, room_id });
      const { code, stdout, stderr } = await remove(argv);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toContain(`cannot get ${room}: ${why}`);
    }
  });

  it("offers what a shell takes for one word", async () => {
    const odd = "!x';touch pwned;':evil.test";
    synapse().get("/_matrix/client/v3/directory/room/%23a%3Ab").reply(200, { room_id: odd, servers: [] });
    synapse()
      .get(/evil\.test$/)
      .reply(404, { errcode: "M_NOT_FOUND", error: "-" });
    const { stderr } = await synadm(["--batch", "room", "delete", "#a:b"]);
    expect(stderr).toContain(`synadm room block '!x'\\'';touch pwned;'\\'':evil.test'\n`);
  });

  it("does nothing when nobody can be asked", async () => {
    looksUp();
    expect(await remove([], "")).toMatchObject({ code: 5, stdout: "" });
  });

  it("C4: --batch asks and shows nothing, and prints one document", async () => {
    looksUp();
    synapse().delete(`${admin}/v2/rooms/${encoded}`).reply(200, { delete_id: "x" });
    expect(await synadm(["--batch", "-o", "minified", "room", "delete", room])).toEqual({
      code: 0,
      stdout: `{"delete_id":"x"}\n`,
      stderr: "",
    });
  });

  it("takes an alias", async () => {
    synapse().get("/_matrix/client/v3/directory/room/%23a%3Ab").reply(200, { room_id: room, servers: [] });
    looksUp();
    synapse().delete(`${admin}/v2/rooms/${encoded}`).reply(200, { delete_id: "x" });
    expect((await synadm(["--batch", "room", "delete", "#a:b"])).code).toBe(0);
  });

  it("D13: ends with 1 where the room is unknown, and says what blocks it", async () => {
    synapse().get(`${admin}/v1/rooms/${encoded}`).reply(404, { errcode: "M_NOT_FOUND", error: "Room not found" });
    const { code, stderr } = await remove(["--block"]);
    expect(code).toBe(1);
    expect(stderr).toContain("synadm room block '!abc:example.test'");
    expect(stderr).toContain("404 M_NOT_FOUND: Room not found");
  });

  it("B3: a proxy's page instead of the room ends it", async () => {
    synapse().get(`${admin}/v1/rooms/${encoded}`).times(3).reply(502, "<html>");
    expect(await synadm(["--batch", "room", "delete", room])).toMatchObject({ code: 1, stdout: "" });
  });

  it("goes on without the members, and warns", async () => {
    synapse()
      .get(`${admin}/v1/rooms/${encoded}`)
      .reply(200, { ...details, name: null, joined_local_members: null });
    synapse().get(`${admin}/v1/rooms/${encoded}/members`).reply(403, { errcode: "M_FORBIDDEN", error: "No" });
    const { code, stderr } = await remove([], "n\n");
    expect(code).toBe(5);
    expect(stderr).toContain(`warning: cannot list the members of ${room}: 403 M_FORBIDDEN: No`);
    expect(stderr).toContain("Take the local members out of !abc:example.test and erase it?");
  });

  it("does not bury the question under the members of a large room", async () => {
    const many = Array.from({ length: 5000 }, (_, at) => `@u${at}:example.test`);
    looksUp({ who: { members: many, total: 5000 } });
    const { stderr } = await remove([], "n\n");
    expect(stderr).toContain("others: 5000\n@u0:example.test\n");
    expect(stderr).toContain("@u19:example.test\nand 4980 more\n");
    expect(stderr.split("\n").length).toBeLessThan(50);
  });

  it("makes a stranger's name harmless", async () => {
    looksUp({ found: { ...details, name: "\u001b[2Jgone\n" } });
    const { stderr } = await remove([], "n\n");
    expect(stderr).not.toContain("\u001b");
    expect(stderr).toContain("(\\x1b[2Jgone\\n)");
  });

  it("says that --room-name needs somebody to make the room", async () => {
    looksUp();
    expect((await remove(["-n", "N"], "n\n")).stderr).toContain("do nothing without --new-room-user-id");
  });

  it.each([[["-u", ""]], [["-u", "two words"]], [["-u"]]])("%j sends nothing", async (flags) => {
    expect(await remove(flags)).toMatchObject({ code: 2, stdout: "" });
  });

  it("tells people where to look", async () => {
    looksUp();
    synapse().delete(`${admin}/v2/rooms/${encoded}`).reply(200, { delete_id: "AbC" });
    const { stdout, stderr } = await synadm(["--batch", "-o", "human", "room", "delete", room]);
    expect(stdout).toBe("delete_id  AbC\n");
    expect(stderr).toContain("synadm room delete-status -d");
  });
});

describe("room delete-status", () => {
  const complete = { delete_id: "a", room_id: room, status: "complete", shutdown_room: null };
  const failed = { ...complete, delete_id: "b", status: "failed" };
  const byId = (reply: object, status = 200) =>
    synapse().get(`${admin}/v2/rooms/delete_status/AbC`).reply(status, reply);
  const byRoom = (results: object[]) =>
    synapse().get(`${admin}/v2/rooms/${encoded}/delete_status`).reply(200, { results });

  it.each(["-d", "--delete-id"])("%s asks for one deletion", async (flag) => {
    byId(complete);
    expect(await minified("delete-status", flag, "AbC")).toEqual({
      code: 0,
      stdout: `${JSON.stringify(complete)}\n`,
      stderr: "",
    });
  });

  it.each(["-r", "--room-id"])("%s asks for those of a room", async (flag) => {
    byRoom([complete]);
    const { code, stdout } = await minified("delete-status", flag, room);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${JSON.stringify({ results: [complete] })}\n` });
  });

  it.each([
    { kept: ["@a:b", "@c:d"], code: 4, stderr: `synadm: these could not be made to leave ${room}: @a:b, @c:d\n` },
    { kept: [{ toString: 1 }], code: 0, stderr: "" },
    { kept: {}, code: 0, stderr: "" },
    { kept: 5, code: 0, stderr: "" },
  ])("says who could not be made to leave: $kept", async ({ kept, code, stderr }) => {
    const deletion = { ...complete, shutdown_room: { failed_to_kick_users: kept } };
    byId(deletion);
    expect(await minified("delete-status", "-d", "AbC")).toMatchObject({ code, stderr });
    byRoom([deletion]);
    expect(await minified("delete-status", "-r", room)).toMatchObject({ code, stderr });
  });

  it("has not failed as long as it goes on", async () => {
    byId({ ...complete, status: "active", shutdown_room: { failed_to_kick_users: ["@a:b"] } });
    expect(await minified("delete-status", "-d", "AbC")).toMatchObject({ code: 0, stderr: "" });
  });

  it("exits 1 when the deletion failed, prints it, and says where the reason is", async () => {
    byId(failed);
    const { code, stdout, stderr } = await minified("delete-status", "-d", "AbC");
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${JSON.stringify(failed)}\n` });
    expect(stderr).toContain("synadm raw 'v1/scheduled_tasks?resource_id=%21abc%3Aexample.test&status=failed'");
  });

  it("says where the reason is, whatever the ID holds", async () => {
    byId({ ...failed, room_id: "!a\ud800'(:x" });
    const { code, stderr } = await minified("delete-status", "-d", "AbC");
    expect(code).toBe(1);
    expect(stderr).toContain("'v1/scheduled_tasks?resource_id=%21a%EF%BF%BD%27%28%3Ax&status=failed'\n");
  });

  it.each([
    { results: [complete, failed], code: 1 },
    { results: [failed, complete], code: 0 },
    { results: [], code: 0 },
  ])("of a room, the last one counts: $code", async ({ results, code }) => {
    byRoom(results);
    expect((await minified("delete-status", "-r", room)).code).toBe(code);
  });

  it("C1: an unknown one exits 1", async () => {
    byId({ errcode: "M_NOT_FOUND", error: "delete id 'AbC' not found" }, 404);
    expect((await minified("delete-status", "-d", "AbC")).code).toBe(1);
  });

  it.each([[[]], [["-d", "a", "-r", "!b:c"]], [["-d", ""]], [["-r", ""]], [["-d", ".."]]])(
    "%j sends nothing",
    async (flags) => {
      expect(await minified("delete-status", ...flags)).toMatchObject({ code: 2, stdout: "" });
    },
  );

  it("fits 80 columns for people", async () => {
    const shutdown = { kicked_users: ["@a:b"], failed_to_kick_users: [], local_aliases: [], new_room_id: "!new" };
    byRoom([{ ...complete, shutdown_room: shutdown }, failed]);
    const argv = ["-o", "human", "room", "delete-status", "-r", room];
    const { stdout } = await synadm(argv, { columns: 80, env: { NO_COLOR: "1" } });
    expect(stdout).toBe(
      [
        "delete_id  status    kicked  not_kicked  new_room_id",
        "─────────  ────────  ──────  ──────────  ───────────",
        "a          complete       1           0  !new",
        "b          failed         -           -  -",
        "",
      ].join("\n"),
    );
  });
});
