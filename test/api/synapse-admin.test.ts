import { describe, expect, it } from "vitest";
import { SynapseAdmin } from "../../src/api/index.js";
import { origin, record } from "./recorder.js";

const user = "@alice:example.org";
const room = "!lobby:example.org";
const u = "%40alice%3Aexample.org";
const r = "%21lobby%3Aexample.org";
/** What stands for "no body at all", as opposed to `{}`. */
const none = "";

type Row = [
  call: string,
  run: (admin: SynapseAdmin) => Promise<unknown>,
  line: string,
  body: unknown,
];

const rows: Row[] = [
  ["users.list", (a) => a.users.list(), "GET v2/users", none],
  ["users.list", (a) => a.users.list({ from: 0, limit: 100, locked: false }), "GET v2/users?from=0&limit=100&locked=false", none],
  [
    "users.list",
    (a) => a.users.list({ userId: "ali", guests: true, deactivated: true, admins: false, notUserType: ["bot", ""] }),
    "GET v2/users?user_id=ali&guests=true&deactivated=true&admins=false&not_user_type=bot&not_user_type=",
    none,
  ],
  [
    "users.list",
    (a) => a.users.list({ name: "Łódź & Co", orderBy: "last_seen_ts", dir: "b" }),
    "GET v2/users?name=%C5%81%C3%B3d%C5%BA+%26+Co&order_by=last_seen_ts&dir=b",
    none,
  ],
  ["users.get", (a) => a.users.get(user), `GET v2/users/${u}`, none],
  ["users.modify", (a) => a.users.modify(user, {}), `PUT v2/users/${u}`, {}],
  [
    "users.modify",
    (a) => a.users.modify(user, { password: "x", logoutDevices: false, displayname: "", avatarUrl: "" }),
    `PUT v2/users/${u}`,
    { password: "x", logout_devices: false, displayname: "", avatar_url: "" },
  ],
  [
    "users.modify",
    (a) =>
      a.users.modify(user, {
        threepids: [{ medium: "email", address: "a@x.test" }],
        admin: true,
        deactivated: false,
        locked: false,
        userType: null,
      }),
    `PUT v2/users/${u}`,
    {
      threepids: [{ medium: "email", address: "a@x.test" }],
      admin: true,
      deactivated: false,
      locked: false,
      user_type: null,
    },
  ],
  ["users.deactivate", (a) => a.users.deactivate(user), `POST v1/deactivate/${u}`, { erase: false }],
  ["users.deactivate", (a) => a.users.deactivate(user, { erase: true }), `POST v1/deactivate/${u}`, { erase: true }],
  ["users.suspend", (a) => a.users.suspend(user, true), `PUT v1/suspend/${u}`, { suspend: true }],
  ["users.suspend", (a) => a.users.suspend(user, false), `PUT v1/suspend/${u}`, { suspend: false }],
  [
    "users.resetPassword",
    (a) => a.users.resetPassword(user, { newPassword: "n3w pass" }),
    `POST v1/reset_password/${u}`,
    { new_password: "n3w pass" },
  ],
  [
    "users.resetPassword",
    (a) => a.users.resetPassword(user, { newPassword: "pw", logoutDevices: false }),
    `POST v1/reset_password/${u}`,
    { new_password: "pw", logout_devices: false },
  ],
  ["users.joinedRooms", (a) => a.users.joinedRooms(user), `GET v1/users/${u}/joined_rooms`, none],
  ["users.login", (a) => a.users.login(user), `POST v1/users/${u}/login`, {}],
  ["users.login", (a) => a.users.login(user, { validUntilMs: 0 }), `POST v1/users/${u}/login`, { valid_until_ms: 0 }],
  ["users.shadowBan", (a) => a.users.shadowBan(user), `POST v1/users/${u}/shadow_ban`, none],
  ["users.shadowUnban", (a) => a.users.shadowUnban(user), `DELETE v1/users/${u}/shadow_ban`, none],
  ["users.whois", (a) => a.users.whois(user), `GET v1/whois/${u}`, none],
  [
    "users.findByExternalId",
    (a) => a.users.findByExternalId("oidc-x", "a/b?c"),
    "GET v1/auth_providers/oidc-x/users/a%2Fb%3Fc",
    none,
  ],
  [
    "users.findByThreepid",
    (a) => a.users.findByThreepid("email", "a+b@x.test"),
    "GET v1/threepid/email/users/a%2Bb%40x.test",
    none,
  ],
  ["devices.list", (a) => a.devices.list(user), `GET v2/users/${u}/devices`, none],
  ["devices.delete", (a) => a.devices.delete(user, ["A", "B"]), `POST v2/users/${u}/delete_devices`, { devices: ["A", "B"] }],
  ["redactions.start", (a) => a.redactions.start(user), `POST v1/user/${u}/redact`, { rooms: [] }],
  [
    "redactions.start",
    (a) => a.redactions.start(user, { rooms: [room], reason: "spam", limit: 50 }),
    `POST v1/user/${u}/redact`,
    { rooms: [room], reason: "spam", limit: 50 },
  ],
  ["redactions.status", (a) => a.redactions.status("Id"), "GET v1/user/redact_status/Id", none],
  ["rooms.list", (a) => a.rooms.list(), "GET v1/rooms", none],
  [
    "rooms.list",
    (a) => a.rooms.list({ from: 1, limit: 2, searchTerm: room, emptyRooms: false, orderBy: "joined_local_members", dir: "b" }),
    `GET v1/rooms?from=1&limit=2&search_term=${r}&empty_rooms=false&order_by=joined_local_members&dir=b`,
    none,
  ],
  ["rooms.get", (a) => a.rooms.get(room), `GET v1/rooms/${r}`, none],
  ["rooms.members", (a) => a.rooms.members(room), `GET v1/rooms/${r}/members`, none],
  ["rooms.state", (a) => a.rooms.state(room), `GET v1/rooms/${r}/state`, none],
  [
    "rooms.state",
    (a) => a.rooms.state(room, { type: "m.room.power_levels" }),
    `GET v1/rooms/${r}/state?type=m.room.power_levels`,
    none,
  ],
  ["rooms.block", (a) => a.rooms.block(room, true), `PUT v1/rooms/${r}/block`, { block: true }],
  ["rooms.block", (a) => a.rooms.block(room, false), `PUT v1/rooms/${r}/block`, { block: false }],
  ["rooms.blockStatus", (a) => a.rooms.blockStatus(room), `GET v1/rooms/${r}/block`, none],
  ["rooms.makeAdmin", (a) => a.rooms.makeAdmin(room), `POST v1/rooms/${r}/make_room_admin`, {}],
  ["rooms.makeAdmin", (a) => a.rooms.makeAdmin(room, { userId: user }), `POST v1/rooms/${r}/make_room_admin`, { user_id: user }],
  [
    "roomMembership.join",
    (a) => a.roomMembership.join("#lobby:example.org", user),
    "POST v1/join/%23lobby%3Aexample.org",
    { user_id: user },
  ],
  ["roomDeletion.start", (a) => a.roomDeletion.start(room), `DELETE v2/rooms/${r}`, { block: false, purge: true }],
  [
    "roomDeletion.start",
    (a) =>
      a.roomDeletion.start(room, {
        newRoomUserId: user,
        roomName: "n",
        message: "m",
        block: true,
        purge: false,
        forcePurge: false,
      }),
    `DELETE v2/rooms/${r}`,
    { new_room_user_id: user, room_name: "n", message: "m", block: true, purge: false },
  ],
  [
    "roomDeletion.run",
    (a) => a.roomDeletion.run(room, { forcePurge: true }),
    `DELETE v1/rooms/${r}`,
    { block: false, purge: true, force_purge: true },
  ],
  ["roomDeletion.status", (a) => a.roomDeletion.status("Id"), "GET v2/rooms/delete_status/Id", none],
  ["roomDeletion.statusByRoom", (a) => a.roomDeletion.statusByRoom(room), `GET v2/rooms/${r}/delete_status`, none],
  ["media.inRoom", (a) => a.media.inRoom(room), `GET v1/room/${r}/media`, none],
  ["media.ofUser", (a) => a.media.ofUser(user), `GET v1/users/${u}/media`, none],
  [
    "media.ofUser",
    (a) => a.media.ofUser(user, { from: 1, limit: 1, orderBy: "media_length", dir: "b" }),
    `GET v1/users/${u}/media?from=1&limit=1&order_by=media_length&dir=b`,
    none,
  ],
  ["media.quarantine", (a) => a.media.quarantine("[::1]:8448", "xyz"), "POST v1/media/quarantine/%5B%3A%3A1%5D%3A8448/xyz", {}],
  ["media.unquarantine", (a) => a.media.unquarantine("x.test", "xyz"), "POST v1/media/unquarantine/x.test/xyz", {}],
  ["media.quarantineInRoom", (a) => a.media.quarantineInRoom(room), `POST v1/room/${r}/media/quarantine`, {}],
  ["media.quarantineOfUser", (a) => a.media.quarantineOfUser(user), `POST v1/user/${u}/media/quarantine`, {}],
  ["media.protect", (a) => a.media.protect("xyz"), "POST v1/media/protect/xyz", {}],
  ["media.delete", (a) => a.media.delete("x.test", "xyz"), "DELETE v1/media/x.test/xyz", {}],
  ["media.deleteByDateOrSize", (a) => a.media.deleteByDateOrSize({ beforeTs: 0 }), "POST v1/media/delete?before_ts=0", {}],
  [
    "media.deleteByDateOrSize",
    (a) => a.media.deleteByDateOrSize({ beforeTs: 1600000000000, sizeGtBytes: 5120, keepProfiles: false }),
    "POST v1/media/delete?before_ts=1600000000000&size_gt=5120&keep_profiles=false",
    {},
  ],
  [
    "media.purgeRemoteCache",
    (a) => a.media.purgeRemoteCache(1609459200000),
    "POST v1/purge_media_cache?before_ts=1609459200000",
    {},
  ],
  [
    "history.purge",
    (a) => a.history.purge(room, { beforeEventId: "$ev:x", deleteLocalEvents: false }),
    `POST v1/purge_history/${r}`,
    { purge_up_to_event_id: "$ev:x" },
  ],
  [
    "history.purge",
    (a) => a.history.purge(room, { beforeTs: 1600000000000, deleteLocalEvents: true }),
    `POST v1/purge_history/${r}`,
    { purge_up_to_ts: 1600000000000, delete_local_events: true },
  ],
  ["history.purgeStatus", (a) => a.history.purgeStatus("Id"), "GET v1/purge_history_status/Id", none],
  ["registrationTokens.list", (a) => a.registrationTokens.list(), "GET v1/registration_tokens", none],
  ["registrationTokens.list", (a) => a.registrationTokens.list({ valid: false }), "GET v1/registration_tokens?valid=false", none],
  ["registrationTokens.get", (a) => a.registrationTokens.get("p~q"), "GET v1/registration_tokens/p~q", none],
  ["registrationTokens.create", (a) => a.registrationTokens.create(), "POST v1/registration_tokens/new", {}],
  [
    "registrationTokens.create",
    (a) => a.registrationTokens.create({ token: "welcome", length: 16, usesAllowed: null, expiryTs: 0 }),
    "POST v1/registration_tokens/new",
    { token: "welcome", length: 16, uses_allowed: null, expiry_time: 0 },
  ],
  [
    "registrationTokens.update",
    (a) => a.registrationTokens.update("pqrs", { expiryTs: null }),
    "PUT v1/registration_tokens/pqrs",
    { expiry_time: null },
  ],
  [
    "registrationTokens.update",
    (a) => a.registrationTokens.update("pqrs", { usesAllowed: 0 }),
    "PUT v1/registration_tokens/pqrs",
    { uses_allowed: 0 },
  ],
  ["registrationTokens.delete", (a) => a.registrationTokens.delete("pqrs"), "DELETE v1/registration_tokens/pqrs", none],
  [
    "serverNotices.send",
    (a) => a.serverNotices.send(user, { content: { msgtype: "m.text", body: "Hi" }, txnId: "t/1" }),
    "PUT v1/send_server_notice/t%2F1",
    { user_id: user, content: { msgtype: "m.text", body: "Hi" } },
  ],
  [
    "serverNotices.send",
    (a) => a.serverNotices.send(user, { content: {}, type: "m.x", stateKey: "", txnId: "1" }),
    "PUT v1/send_server_notice/1",
    { user_id: user, content: {}, type: "m.x", state_key: "" },
  ],
  ["serverVersion.get", (a) => a.serverVersion.get(), "GET v1/server_version", none],
  ["groups.delete", (a) => a.groups.delete("+g:x.test"), "POST v1/delete_group/%2Bg%3Ax.test", none],
];

const client = () => new SynapseAdmin({ baseUrl: origin, token: "s3cret" });

describe("SynapseAdmin", () => {
  it.each(rows)("%s sends $2", async (_call, run, line, body) => {
    const requests = record([200, { answer: 42 }]);
    expect(await run(client())).toEqual({ answer: 42 });
    expect(requests).toHaveLength(1);
    const [method, rest] = line.split(" ");
    expect(requests[0]!.line).toBe(`${method ?? ""} /_synapse/admin/${rest ?? ""}`);
    expect(requests[0]!.body === none ? none : JSON.parse(requests[0]!.body)).toEqual(body);
    expect(requests[0]!.headers["authorization"]).toBe("Bearer s3cret");
    expect(requests[0]!.headers["content-type"]).toBe(body === none ? undefined : "application/json");
  });

  it("is tried here with each of its methods", () => {
    const tried = new Set(rows.map(([call]) => call));
    const generators = new Set(["users.all", "rooms.all", "media.allOfUser"]); // see pages.test.ts
    const methods = Object.entries(client())
      .filter(([name]) => name !== "connection")
      .flatMap(([name, resource]) =>
        Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
          .filter((method) => method !== "constructor")
          .map((method) => `${name}.${method}`),
      );
    expect(methods.filter((method) => !generators.has(method)).sort()).toEqual([...tried].sort());
  });

  it.each(rows)("%s names what it was about when the server says no ($2)", async (_call, run) => {
    record([403, { errcode: "M_FORBIDDEN", error: "You are not a server admin" }]);
    await expect(run(client())).rejects.toMatchObject({
      name: "HttpError",
      status: 403,
      errcode: "M_FORBIDDEN",
      message: "403 M_FORBIDDEN: You are not a server admin",
      purpose: expect.stringMatching(/^[a-z]+(-ban)? \S/) as string,
    });
  });

  it("gives each notice a transaction ID of its own", async () => {
    const requests = record([200, { event_id: "$1" }]);
    const admin = client();
    await admin.serverNotices.send(user, { content: {} });
    await admin.serverNotices.send(user, { content: {} });
    const ids = requests.map(({ line }) => line.replace(/^.*\//, ""));
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it("lets nothing through that would be another endpoint", async () => {
    record();
    const admin = client();
    await expect(async () => admin.users.get("")).rejects.toThrow("an empty value cannot be part of a path");
    await expect(async () => admin.users.get("..")).rejects.toThrow("'..' cannot be part of a path");
    await expect(async () => admin.media.delete("x.test", ".")).rejects.toThrow("'.' cannot be part of a path");
  });

  describe("raw", () => {
    it.each([
      ["get", "v1/rooms?limit=1", undefined, "GET /_synapse/admin/v1/rooms?limit=1", none],
      ["get", "//v1/{x}", undefined, "GET /_synapse/admin/v1/%7Bx%7D", none],
      ["post", "v1/echo", undefined, "POST /_synapse/admin/v1/echo", "{}"],
      ["put", "v1/echo", ' {"k": true} ', "PUT /_synapse/admin/v1/echo", '{"k":true}'],
      ["post", "v1/echo", "", "POST /_synapse/admin/v1/echo", none],
      ["delete", "v1/echo/gone", "{}", "DELETE /_synapse/admin/v1/echo/gone", "{}"],
      ["delete", "v1/echo/gone", undefined, "DELETE /_synapse/admin/v1/echo/gone", none],
    ] as const)("%s %s with %j", async (method, endpoint, body, line, sent) => {
      const requests = record();
      await client().raw(method, endpoint, { body });
      expect(requests).toMatchObject([{ line, headers: { authorization: "Bearer s3cret" } }]);
      expect(requests[0]!.body).toBe(sent);
    });

    it.each(["", "/", "?x", "v1/../../x", "v1/%2e%2E/x", "v1/./x", "v1\\..\\x"])("refuses %j", async (endpoint) => {
      const requests = record();
      await expect(client().raw("get", endpoint)).rejects.toMatchObject({ name: "InvalidValueError" });
      expect(requests).toEqual([]);
    });

    it("leaves tokens in its endpoint out of errors", async () => {
      record([404, { errcode: "M_NOT_FOUND", error: "No such registration token: hush" }]);
      const error: unknown = await client()
        .raw("get", "v1/registration_tokens/hush?access_token=hush")
        .catch((error: unknown) => error);
      expect(error).toMatchObject({ purpose: "GET v1/registration_tokens/<hidden>" });
      expect(String(error)).toBe("HttpError: 404 M_NOT_FOUND: No such registration token: <hidden>");
    });
  });
});
