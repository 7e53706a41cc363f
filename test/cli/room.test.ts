import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const room = "!abc:example.test";
const v1 = "/_synapse/admin/v1/rooms/%21abc%3Aexample.test";
const directory = "/_matrix/client/v3/directory/room/%23lobby%3Aexample.test";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const minified = (...argv: string[]) => synadm(["-o", "minified", "room", ...argv]);
const human = (...argv: string[]) => synadm(["-o", "human", "room", ...argv], { columns: 80, env: { NO_COLOR: "1" } });

describe("room details, members, state and block-status", () => {
  it.each([
    { command: "details", path: v1, reply: { room_id: room, name: "Łódź", unheard_of: [1] } },
    { command: "members", path: `${v1}/members`, reply: { members: ["@a:example.test"], total: 1 } },
    { command: "state", path: `${v1}/state`, reply: { state: [{ type: "m.room.create", content: {} }] } },
    { command: "block-status", path: `${v1}/block`, reply: { block: true, user_id: "@a:example.test" } },
  ])("$command prints what the homeserver says", async ({ command, path, reply }) => {
    synapse().get(path).reply(200, reply);
    expect(await minified(command, room)).toEqual({ code: 0, stdout: `${JSON.stringify(reply)}\n`, stderr: "" });
  });

  it.each(["details", "members", "state", "block-status", "block"])("%s takes an alias", async (command) => {
    const path = { details: v1, "block-status": `${v1}/block` }[command] ?? `${v1}/${command}`;
    synapse().get(directory).reply(200, { room_id: room, servers: [] });
    synapse()
      .intercept(path, command === "block" ? "PUT" : "GET")
      .reply(200, { room_id: room, members: [], state: [], total: 0, block: true });
    const stdout = `{"room_id":"${room}","members":[],"state":[],"total":0,"block":true}\n`;
    expect(await minified(command, "#lobby:example.test")).toMatchObject({ code: 0, stdout });
  });

  it.each(['"!a\\ud800:x"', '"!\\u0000:x"', '"lobby"', "1"])(
    "an alias that stands for %s is the server's fault",
    async (id) => {
      synapse().get(directory).twice().reply(200, `{"room_id": ${id}, "servers": []}`);
      for (const command of ["details", "resolve"]) {
        const { code, stdout, stderr } = await minified(command, "#lobby:example.test");
        expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
        expect(stderr).toContain("cannot resolve #lobby:example.test: 200 with JSON without a proper room_id\n");
      }
    },
  );

  it.each(["details", "members", "state"])("C1, B4: %s of an unknown room exits 1 in every format", async (command) => {
    const error = { errcode: "M_NOT_FOUND", error: "Room not found" };
    synapse()
      .get(command === "details" ? v1 : `${v1}/${command}`)
      .twice()
      .reply(404, error);
    const forScripts = await minified(command, room);
    expect(forScripts).toMatchObject({ code: 1, stdout: `${JSON.stringify(error)}\n` });
    const forPeople = await human(command, room);
    expect(forPeople).toMatchObject({ code: 1, stdout: "" });
    expect(forPeople.stderr).toContain("404 M_NOT_FOUND: Room not found");
  });

  it("room IDs of version 12 have no server part", async () => {
    synapse().get("/_synapse/admin/v1/rooms/%21FU_OrSml-cFUJ").reply(200, { room_id: "!FU_OrSml-cFUJ" });
    expect((await minified("details", "!FU_OrSml-cFUJ")).code).toBe(0);
  });

  it("details begin with the name for people", async () => {
    synapse().get(v1).reply(200, { version: "10", topic: "Words", name: "Lobby", room_id: room, new_field: 7 });
    const { stdout } = await human("details", room);
    expect(stdout.split("\n").map((line) => line.split(" ")[0])).toEqual([
      "room_id",
      "name",
      "topic",
      "version",
      "new_field",
      "",
    ]);
  });

  it("members are a list with its length beside it for people", async () => {
    synapse()
      .get(`${v1}/members`)
      .reply(200, { members: ["@a:example.test", "@b:else.test"], total: 2 });
    expect(await human("members", room)).toEqual({
      code: 0,
      stdout: "@a:example.test\n@b:else.test\n",
      stderr: "2 joined\n",
    });
  });

  it("state shows each event whole, and strangers' words harmless", async () => {
    synapse()
      .get(`${v1}/state`)
      .reply(200, {
        state: [
          {
            type: "m.room.name",
            state_key: "",
            sender: "@a:example.test",
            origin_server_ts: Date.UTC(2021, 5, 5, 12),
            content: { name: "\u001b[31mred" },
          },
        ],
      });
    const { stdout, stderr } = await human("state", room);
    expect(stdout).toContain("\\x1b[31mred");
    expect(stdout).toContain("2021-06-05");
    expect(stderr).toBe("1 events\n");
  });
});

describe("room resolve", () => {
  it("prints the room ID alone", async () => {
    synapse()
      .get(directory)
      .twice()
      .reply(200, { room_id: room, servers: ["example.test"] });
    expect(await minified("resolve", "#lobby:example.test")).toEqual({ code: 0, stdout: `"${room}"\n`, stderr: "" });
    expect((await human("resolve", "#lobby:example.test")).stdout).toBe(`${room}\n`);
  });

  it.each(["-r", "--reverse"])("%s prints the aliases", async (flag) => {
    const reply = { aliases: ["#lobby:example.test"] };
    synapse().get("/_matrix/client/v3/rooms/%21abc%3Aexample.test/aliases").reply(200, reply);
    expect((await minified("resolve", flag, room)).stdout).toBe(`${JSON.stringify(reply)}\n`);
  });

  it("--reverse tells the other aliases of an alias", async () => {
    synapse().get(directory).reply(200, { room_id: room, servers: [] });
    synapse().get("/_matrix/client/v3/rooms/%21abc%3Aexample.test/aliases").reply(200, { aliases: [] });
    expect((await human("resolve", "-r", "#lobby:example.test")).stdout).toBe("no aliases on this server\n");
  });

  it("C1: exits 1 where there is no such alias", async () => {
    synapse().get(directory).reply(404, { errcode: "M_NOT_FOUND", error: "Room alias not found" });
    expect(await minified("resolve", "#lobby:example.test")).toMatchObject({
      code: 1,
      stdout: `{"errcode":"M_NOT_FOUND","error":"Room alias not found"}\n`,
    });
  });

  it.each(["!abc:example.test", "lobby", "#lobby", ""])("refuses %j, which is no alias", async (text) => {
    const { code, stdout, stderr } = await minified("resolve", text);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("--reverse");
  });
});

describe("room block", () => {
  it.each([
    { flags: [], block: true },
    { flags: ["-b"], block: true },
    { flags: ["--block"], block: true },
    { flags: ["-u"], block: false },
    { flags: ["--unblock"], block: false },
    { flags: ["-b", "-u"], block: false },
    { flags: ["-u", "-b"], block: true },
  ])("$flags asks for block: $block", async ({ flags, block }) => {
    synapse().put(`${v1}/block`, { block }).reply(200, { block });
    expect(await minified("block", room, ...flags)).toEqual({ code: 0, stdout: `{"block":${block}}\n`, stderr: "" });
  });

  it.each([[[], false] as const, [["-u"], true] as const])(
    "%j answered with %s is no success",
    async (flags, block) => {
      synapse().put(`${v1}/block`).reply(200, { block });
      const { code, stdout, stderr } = await minified("block", room, ...flags);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(stderr).toContain(`cannot ${block ? "un" : ""}block ${room}: 200 with JSON without a proper block\n`);
    },
  );

  it("C1: says why the homeserver refused, and exits 1", async () => {
    synapse().put(`${v1}/block`).reply(403, { errcode: "M_FORBIDDEN", error: "You are not a server admin" });
    const { code, stderr } = await minified("block", room);
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot block ${room}: 403 M_FORBIDDEN: You are not a server admin`);
  });

  it("C2: exits 3 where no JSON came back, and prints nothing", async () => {
    synapse().put(`${v1}/block`).reply(200, "<html>");
    expect(await minified("block", room)).toMatchObject({ code: 3, stdout: "" });
  });

  it("D13: help says that the room may be unknown", async () => {
    expect((await minified("block", "--help")).stdout).toMatch(/server\s+does\s+not\s+know\s+yet/);
  });
});

describe("room join", () => {
  it.each([
    { target: room, path: "%21abc%3Aexample.test", user: "alice" },
    { target: "#lobby:example.test", path: "%23lobby%3Aexample.test", user: "@alice:example.test" },
  ])("$target is handed on, $user completed", async ({ target, path, user }) => {
    synapse().post(`/_synapse/admin/v1/join/${path}`, { user_id: "@alice:example.test" }).reply(200, { room_id: room });
    expect(await minified("join", target, user)).toEqual({ code: 0, stdout: `{"room_id":"${room}"}\n`, stderr: "" });
  });

  it.each([[room, ""], [room, "two words"], [room, "!abc:example.test"], ["", "alice"], [".", "alice"], [room]])(
    "%j %j sends nothing",
    async (...args) => {
      expect(await minified("join", ...args)).toMatchObject({ code: 2, stdout: "" });
    },
  );
});

describe("room make-admin", () => {
  const path = `${v1}/make_room_admin`;

  it.each([
    { flags: [], body: {} },
    { flags: ["-u", "alice"], body: { user_id: "@alice:example.test" } },
    { flags: ["--user-id", "@bob:example.test"], body: { user_id: "@bob:example.test" } },
  ])("$flags sends $body", async ({ flags, body }) => {
    synapse().post(path, body).reply(200, {});
    expect(await minified("make-admin", room, ...flags)).toEqual({ code: 0, stdout: "{}\n", stderr: "" });
  });

  it.each(["", "two words", "al ice:", "#lobby:example.test"])(
    "A4: -u %j is refused, and never means the caller",
    async (user) => {
      expect(await minified("make-admin", room, "-u", user)).toMatchObject({ code: 2, stdout: "" });
    },
  );

  it("A4, A8: neither does a localpart that cannot be completed", async () => {
    nock("http://synapse.test").persist().get(/.*/).reply(404, { errcode: "M_UNRECOGNIZED" });
    const config = { token: "s3cret", base_url: "http://synapse.test", format: "json" };
    const { code } = await synadm(["room", "make-admin", room, "-u", "alice"], { config });
    expect(code).not.toBe(0); // a POST would have got no answer
  });

  it("takes an alias", async () => {
    synapse().get(directory).reply(200, { room_id: room, servers: [] });
    synapse().post(path, {}).reply(200, {});
    expect((await human("make-admin", "#lobby:example.test")).stdout).toBe("done\n");
  });

  it("says why a creator of a room of version 12 gets no level", async () => {
    const error = "Creator user @alice:example.test must not appear in content.users";
    synapse().post(path).reply(400, { errcode: "M_UNKNOWN", error });
    const { code, stderr } = await minified("make-admin", room, "-u", "alice");
    expect(code).toBe(1);
    expect(stderr).toContain("hint: from room version 12 on the creators of a room stand above all power levels");
  });

  it("B3: a proxy's page instead of JSON is no crash", async () => {
    synapse().post(path).reply(502, "<html>Bad gateway</html>");
    expect(await minified("make-admin", room)).toMatchObject({ code: 1, stdout: "" });
  });
});
