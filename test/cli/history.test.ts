import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const admin = "/_synapse/admin/v1";
const room = "!a:example.test";
const encoded = "%21a%3Aexample.test";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const json = ["--batch", "-o", "minified"];
const now = Date.UTC(2024, 5, 15, 12);

describe("history purge", () => {
  it.each([
    { argv: ["-i", "$ev:x"], body: { purge_up_to_event_id: "$ev:x" } },
    { argv: ["-d", "2"], body: { purge_up_to_ts: now - 2 * 86_400_000 } },
    { argv: ["--before-days", "0"], body: { purge_up_to_ts: now } },
    { argv: ["--before", "2021-01-01"], body: { purge_up_to_ts: new Date(2021, 0, 1).getTime() } },
    { argv: ["--before", "12h"], body: { purge_up_to_ts: now - 43_200_000 } },
    { argv: ["--before-ts", "1600000000000"], body: { purge_up_to_ts: 1600000000000 } },
    { argv: ["--before-ts", "0"], body: { purge_up_to_ts: 0 } },
    { argv: ["-i", "$e", "--delete-local"], body: { purge_up_to_event_id: "$e", delete_local_events: true } },
  ])("$argv asks for $body", async ({ argv, body }) => {
    synapse().post(`${admin}/purge_history/${encoded}`, body).reply(200, { purge_id: "P" });
    const result = await synadm([...json, "history", "purge", ...argv, room], { now });
    expect(result).toEqual({ code: 0, stdout: `{"purge_id":"P"}\n`, stderr: "" });
  });

  it("takes an alias, shows the room, asks, and says how to follow the job", async () => {
    synapse().get("/_matrix/client/v3/directory/room/%23a%3Aexample.test").reply(200, { room_id: room });
    synapse()
      .get(`${admin}/rooms/${encoded}`)
      .reply(200, { room_id: room, name: "Lobby\u001b[2J", canonical_alias: null, joined_members: 12 });
    synapse().post(`${admin}/purge_history/${encoded}`).reply(200, { purge_id: "P" });
    const argv = ["-o", "human", "history", "purge", "--before", "2021-01-01", "--delete-local", "#a:example.test"];
    const { code, stdout, stderr } = await synadm(argv, { stdin: "y\n" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "purge_id  P\n" });
    expect(stderr).toContain("Lobby\\x1b[2J");
    expect(stderr).toContain(
      `Erase all events, those of local users too, before 2021-01-01 00:00:00 +10:30 in ${room} for good? [y/N]`,
    );
    expect(stderr).toContain("synadm history purge-status P");
  });

  it.each(["n\n", ""])("does nothing after %j", async (stdin) => {
    synapse().get(`${admin}/rooms/${encoded}`).reply(200, { room_id: room, name: "Lobby" });
    const { code, stdout, stderr } = await synadm(["history", "purge", "-i", "$e", room], { stdin });
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain(`Erase remote users' events before event $e in ${room}`);
  });

  it("a room that cannot be shown is a warning, and the server decides", async () => {
    synapse().get(`${admin}/rooms/${encoded}`).reply(404, { errcode: "M_NOT_FOUND", error: "Room not found" });
    synapse().post(`${admin}/purge_history/${encoded}`).reply(404, { errcode: "M_NOT_FOUND", error: "no event" });
    const { code, stdout, stderr } = await synadm(["-o", "m", "history", "purge", "-d", "1", room], { stdin: "y\n" });
    expect({ code, stdout }).toEqual({ code: 1, stdout: `{"errcode":"M_NOT_FOUND","error":"no event"}\n` });
    expect(stderr).toContain(`warning: cannot get ${room}: 404 M_NOT_FOUND: Room not found`);
  });

  it.each([
    { argv: [room], says: "one of these is needed" },
    { argv: ["-i", "$e", "-d", "1", room], says: "exclude each other: --before-event-id, --before-days" },
    { argv: ["--before", "2021-01-01", "--before-ts", "0", room], says: "exclude each other" },
    { argv: ["-i", "", room], says: "is no event ID" },
    { argv: ["-i", "abc", room], says: "must be quoted" },
    { argv: ["--before-ts", "1600000000", room], says: "looks like seconds" },
    { argv: ["--before", "2021-02-30", room], says: "not in the calendar" },
    { argv: ["-d", "1"], says: "missing required argument" },
    { argv: ["-d", "1", ""], says: "neither a room ID" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["--batch", "history", "purge", ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("history purge-status", () => {
  const status = (reply: object, code = 200) => synapse().get(`${admin}/purge_history_status/P%2F1`).reply(code, reply);

  it.each(["active", "complete"])("%s is exit 0", async (said) => {
    status({ status: said, extra: 1 });
    const result = await synadm([...json, "history", "purge-status", "P/1"]);
    expect(result).toEqual({ code: 0, stdout: `{"status":"${said}","extra":1}\n`, stderr: "" });
  });

  it("failed without a reason is said to be so", async () => {
    status({ status: "failed" });
    const { stderr } = await synadm(["history", "purge-status", "P/1"]);
    expect(stderr).toBe("synadm: purge P/1 failed: the homeserver does not say why\n");
  });

  it("failed is exit 1, with the answer and the reason", async () => {
    status({ status: "failed", error: "disk\u0007 full" });
    const { code, stdout, stderr } = await synadm([...json, "history", "purge-status", "P/1"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ status: "failed", error: "disk\u0007 full" });
    expect(stderr).toBe("synadm: purge P/1 failed: disk\\x07 full\n");
  });

  it("an unknown purge is exit 1", async () => {
    status({ errcode: "M_NOT_FOUND", error: "not found" }, 404);
    expect(await synadm([...json, "history", "purge-status", "P/1"])).toMatchObject({ code: 1 });
  });
});
