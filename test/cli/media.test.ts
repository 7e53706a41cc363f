import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const admin = "/_synapse/admin/v1";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const json = ["--batch", "-o", "minified"];
const now = Date.UTC(2024, 5, 15, 12);
const day = 86_400_000;
const local = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime();

const file = {
  media_id: "AbCdEfGhIjKlMnOpQrStUvWx",
  media_type: "image/png",
  media_length: 1536,
  upload_name: "cat\u001b[31m.png",
  created_ts: local(2024, 0, 2, 3, 4, 5),
  last_access_ts: null,
  quarantined_by: "@admin:example.test",
  safe_from_quarantine: true,
};

describe("media list", () => {
  it.each([
    { argv: [], query: { from: "0", limit: "100" } },
    { argv: ["-f", "5", "-l", "2"], query: { from: "5", limit: "2" } },
    { argv: ["-s", "media_length"], query: { from: "0", limit: "100", order_by: "media_length" } },
    { argv: ["-s", "created_ts", "-R"], query: { from: "0", limit: "100", order_by: "created_ts", dir: "b" } },
    // A19: Synapse's own order is newest first, so the other way round is f
    { argv: ["--reverse"], query: { from: "0", limit: "100", dir: "f" } },
  ])("of a user: $argv asks for $query", async ({ argv, query }) => {
    synapse().get(`${admin}/users/%40alice%3Aexample.test/media`).query(query).reply(200, { media: [], total: 0 });
    const result = await synadm([...json, "media", "list", "-u", "alice", ...argv]);
    expect(result).toEqual({ code: 0, stdout: `{"media":[],"total":0}\n`, stderr: "" });
  });

  it("--all puts the pages together", async () => {
    const page = (from: string) =>
      synapse()
        .get(/\/media$/)
        .query({ from, limit: "1" });
    page("0").reply(200, { media: [{ media_id: "a" }], total: 2, next_token: 1 });
    page("1").reply(200, { media: [{ media_id: "b" }], total: 2 });
    const { stdout } = await synadm([...json, "media", "list", "-u", "alice", "-l", "1", "--all"]);
    expect(JSON.parse(stdout)).toEqual({ media: [{ media_id: "a" }, { media_id: "b" }], total: 2 });
  });

  it("for people, fits 80 columns, with sizes and dates", async () => {
    synapse()
      .get(/\/media/)
      .query(true)
      .reply(200, { media: [file], total: 3, next_token: 1 });
    const { stdout, stderr } = await synadm(["-o", "human", "media", "list", "-u", "alice"]);
    expect(stdout).toContain("AbCdEfGhIjKlMnOpQrStUvWx");
    expect(stdout).toContain("1.5 KiB");
    expect(stdout).toContain("2024-01-02 03:04:05 +10:30");
    expect(stdout).toContain("cat\\x1b[31m.png");
    expect(stdout).toContain("quarantined, protected");
    expect(stderr).toBe("1 to 1 of 3\nmore: --from 1, or --all\n");
  });

  it.each([
    { flag: "--timestamp", shows: file.created_ts },
    { flag: "--dt", shows: "2024-01-02 03:04:05 +10:30" },
  ])("$flag decides how points in time look", async ({ flag, shows }) => {
    synapse()
      .get(/\/media/)
      .query(true)
      .reply(200, { media: [file], total: 1 });
    const { stdout } = await synadm(["-o", "json", "media", "list", "-u", "alice", flag]);
    expect(JSON.parse(stdout)).toEqual({ media: [{ ...file, created_ts: shows }], total: 1 });
  });

  it("of a room, given by its alias, is one piece", async () => {
    const media = { local: ["mxc://example.test/a"], remote: ["mxc://far.test/b", "mxc://far.test/c"], extra: 1 };
    const room = () => {
      synapse().get("/_matrix/client/v3/directory/room/%23a%3Aexample.test").reply(200, { room_id: "!a:example.test" });
      synapse().get(`${admin}/room/%21a%3Aexample.test/media`).reply(200, media);
    };
    room();
    const machine = await synadm([...json, "media", "list", "-r", "#a:example.test", "--sort", "media_id", "-l", "3"]);
    expect(JSON.parse(machine.stdout)).toEqual(media);
    expect(machine.stderr).toBe("a room's media come in one piece: --limit, --sort did nothing\n");
    room();
    const human = await synadm(["-o", "human", "media", "list", "-r", "#a:example.test"]);
    expect(human.stdout).toBe("local\nmxc://example.test/a\n\nremote\nmxc://far.test/b\nmxc://far.test/c\n");
    expect(human.stderr).toMatch(/^1 local, 2 remote/);
  });

  it.each([
    { argv: [], says: "one of these is needed: --room-id, --user-id" },
    // A21: the user was silently left out
    { argv: ["-r", "!a:b.c", "-u", "alice"], says: "exclude each other: --room-id, --user-id" },
    { argv: ["-u", ""], says: "is no user" },
    { argv: ["-u", "two words"], says: "is no user" },
    { argv: ["-r", ""], says: "neither a room ID" },
    { argv: ["-u", "alice", "-s", "colour"], says: "Allowed choices" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["media", "list", ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("media quarantine and unquarantine", () => {
  it.each([
    { argv: ["-i", "abc"], path: "media/quarantine/example.test/abc" },
    { argv: ["-i", "abc", "-s", "far.test:8448"], path: "media/quarantine/far.test%3A8448/abc" },
    { argv: ["-i", "mxc://far.test/abc"], path: "media/quarantine/far.test/abc" },
    { argv: ["-U", "mxc://far.test/abc"], path: "media/quarantine/far.test/abc" },
    { argv: ["-U", "mxc://far.test/abc", "-s", "far.test"], path: "media/quarantine/far.test/abc" },
    { argv: ["-r", "!a:example.test"], path: "room/%21a%3Aexample.test/media/quarantine" },
    { argv: ["-u", "alice"], path: "user/%40alice%3Aexample.test/media/quarantine" },
  ])("quarantine $argv posts to $path, without a question", async ({ argv, path }) => {
    synapse().post(`${admin}/${path}`, {}).reply(200, { num_quarantined: 4 });
    const result = await synadm(["-o", "minified", "media", "quarantine", ...argv], { attended: true });
    expect(result).toEqual({ code: 0, stdout: `{"num_quarantined":4}\n`, stderr: "" });
  });

  it.each([
    { argv: ["-i", "abc"], path: "example.test/abc" },
    { argv: ["-i", "abc", "-s", "far.test"], path: "far.test/abc" },
    { argv: ["-U", "mxc://far.test/abc"], path: "far.test/abc" },
    { argv: ["-U", "mxc://far.test/abc", "-i", "abc"], path: "far.test/abc" },
  ])("unquarantine $argv posts to $path", async ({ argv, path }) => {
    synapse().post(`${admin}/media/unquarantine/${path}`, {}).reply(200, {});
    expect(await synadm([...json, "media", "unquarantine", ...argv])).toEqual({ code: 0, stdout: "{}\n", stderr: "" });
  });

  it.each([
    { argv: ["quarantine"], says: "one of these is needed" },
    { argv: ["quarantine", "-i", "a", "-r", "!b:c.d"], says: "exclude each other: --media-id, --room-id" },
    { argv: ["quarantine", "-u", ""], says: "is no user" },
    { argv: ["quarantine", "-i", ""], says: "is no media" },
    { argv: ["quarantine", "-U", "abc"], says: "--mxc-uri must be a URI" },
    { argv: ["quarantine", "-U", "https://far.test/abc"], says: "is no media" },
    { argv: ["quarantine", "-i", "abc", "-s", ""], says: "is no server name" },
    // A20: called the media ID missing; and the URI silently won
    { argv: ["quarantine", "-r", "!a:b.c", "-s", "far.test"], says: "--server-name goes with --media-id only" },
    { argv: ["quarantine", "-u", "alice", "-s", "far.test"], says: "--server-name goes with --media-id only" },
    { argv: ["quarantine", "-U", "mxc://far.test/abc", "-s", "near.test"], says: "one and the same file" },
    { argv: ["unquarantine"], says: "one of these is needed" },
    { argv: ["unquarantine", "-s", "far.test"], says: "one of these is needed" },
    { argv: ["unquarantine", "-i", "abd", "-U", "mxc://far.test/abc"], says: "one and the same file" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["media", ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("media protect", () => {
  it.each(["abc", "mxc://example.test/abc"])("%s", async (media) => {
    synapse().post(`${admin}/media/protect/abc`, {}).reply(200, {});
    expect(await synadm(["-o", "h", "media", "protect", media])).toEqual({ code: 0, stdout: "done\n", stderr: "" });
  });

  it("refuses another server's file, which might have the ID of a local one", async () => {
    const { code, stderr } = await synadm(["media", "protect", "mxc://far.test/abc"]);
    expect(code).toBe(2);
    expect(stderr).toContain("file of another server");
  });
});

describe("media delete", () => {
  const deleted = { deleted_media: ["abc"], total: 1 };

  it.each(["abc", "mxc://example.test/abc"])("deletes %s when that is confirmed", async (media) => {
    synapse().delete(`${admin}/media/example.test/abc`).reply(200, deleted);
    const { code, stdout, stderr } = await synadm(["-o", "m", "media", "delete", "-i", media], { stdin: "y\n" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `{"deleted_media":["abc"],"total":1}\n` });
    expect(stderr).toBe("Delete mxc://example.test/abc for good? [y/N] \n");
  });

  it.each([
    { argv: ["-d", "30"], query: { before_ts: String(now - 30 * day) } },
    { argv: ["-d", "0"], query: { before_ts: String(now) } },
    { argv: ["-b", "2021-01-01"], query: { before_ts: String(local(2021, 0, 1)) } },
    { argv: ["--before", "2021-01-01 10:20:30"], query: { before_ts: String(local(2021, 0, 1, 10, 20, 30)) } },
    { argv: ["--before", "2021-01-01T10:20:30Z"], query: { before_ts: String(Date.UTC(2021, 0, 1, 10, 20, 30)) } },
    { argv: ["--before", "2w"], query: { before_ts: String(now - 14 * day) } },
    { argv: ["-t", "1600000000000"], query: { before_ts: "1600000000000" } },
    { argv: ["-t", "0"], query: { before_ts: "0" } },
    { argv: ["-t", "0", "--size", "5"], query: { before_ts: "0", size_gt: "5120" } },
    { argv: ["-t", "0", "--kib", "5"], query: { before_ts: "0", size_gt: "5120" } },
    { argv: ["-t", "0", "--delete-profiles"], query: { before_ts: "0", keep_profiles: "false" } },
    { argv: ["-t", "0", "--all"], query: { before_ts: "0", keep_profiles: "false" } },
  ])("$argv asks for $query", async ({ argv, query }) => {
    synapse().post(`${admin}/media/delete`, {}).query(query).reply(200, deleted);
    const { code, stdout } = await synadm([...json, "media", "delete", ...argv], { now });
    expect({ code, stdout }).toEqual({ code: 0, stdout: `{"deleted_media":["abc"],"total":1}\n` });
  });

  it.each([
    { stdin: "n\n", says: "not confirmed" },
    { stdin: "", says: "nobody answered" },
  ])("says which day it comes to, and does nothing after $stdin", async ({ stdin, says }) => {
    const argv = ["media", "delete", "-d", "30", "--size", "5", "--all"];
    const { code, stdout, stderr } = await synadm(argv, { stdin, now });
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("larger than 5 KiB last accessed before 2024-05-16 21:30:00 +09:30");
    expect(stderr).toContain("avatars included");
    expect(stderr).toContain(says);
  });

  it("says the day under -v, too", async () => {
    synapse().post(`${admin}/media/delete`).query(true).reply(200, deleted);
    const { stderr } = await synadm(["-v", ...json, "media", "delete", "-b", "2021-01-01"]);
    expect(stderr).toContain("up to 2021-01-01 00:00:00 +10:30\n");
  });

  it.each([
    { argv: [], says: "one of these is needed" },
    { argv: ["-i", "a", "-d", "1"], says: "exclude each other: --media-id, --before-days" },
    { argv: ["-b", "2021-01-01", "-t", "0"], says: "exclude each other: --before, --before-ts" },
    { argv: ["-i", "a", "--size", "1"], says: "do not go with --media-id" },
    { argv: ["-i", "a", "--all"], says: "do not go with --media-id" },
    { argv: ["-i", ""], says: "is no media" },
    { argv: ["-i", "mxc://far.test/a"], says: "file of another server" },
    { argv: ["--size", "1"], says: "one of these is needed" },
    { argv: ["-d", "1", "--size", "9007199254740991"], says: "whole number from 0 to 8796093022207" },
    { argv: ["-d", "-1"], says: "whole number" },
    { argv: ["-d", "99999"], says: "before 1970" },
    { argv: ["-t", "1600000000"], says: "looks like seconds" },
    { argv: ["-b", "yesterday"], says: "no point in time" },
  ])("refuses $argv", async ({ argv, says }) => {
    const { code, stdout, stderr } = await synadm(["--batch", "media", "delete", ...argv], { now });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });

  it("C1: an unknown file is exit 1", async () => {
    synapse().delete(/.*/).reply(404, { errcode: "M_NOT_FOUND", error: "Unknown media" });
    const { code, stdout } = await synadm([...json, "media", "delete", "-i", "abc"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `{"errcode":"M_NOT_FOUND","error":"Unknown media"}\n` });
  });

  // So Synapse answers where it cannot remove the file, and nothing is wrong with it where many are looked for.
  it("a file that was not deleted is exit 1, with the answer", async () => {
    const nothing = { deleted_media: [], total: 0 };
    synapse().delete(/.*/).reply(200, nothing);
    expect(await synadm([...json, "media", "delete", "-i", "abc"])).toEqual({
      code: 1,
      stdout: `${JSON.stringify(nothing)}\n`,
      stderr: "synadm: mxc://example.test/abc was not deleted; why: the homeserver's log\n",
    });
    synapse().post(`${admin}/media/delete`).query(true).reply(200, nothing);
    expect(await synadm([...json, "media", "delete", "-d", "30"])).toMatchObject({ code: 0 });
  });
});

describe("media purge", () => {
  it.each([
    { argv: ["-d", "30"], before: now - 30 * day },
    { argv: ["-b", "2021-01-01"], before: local(2021, 0, 1) },
    { argv: ["-t", "1600000000000"], before: 1600000000000 },
    // B8: crashed
    { argv: ["--before-ts", "0"], before: 0 },
  ])("$argv, without a question where nobody sits", async ({ argv, before }) => {
    synapse().post(`${admin}/purge_media_cache`, {}).query({ before_ts: before }).reply(200, { deleted: 10 });
    const result = await synadm(["-o", "m", "media", "purge", ...argv], { now });
    expect(result).toEqual({ code: 0, stdout: `{"deleted":10}\n`, stderr: "" });
  });

  it("D6: asks on a terminal", async () => {
    const world = { attended: true, now, stdin: "n\n" };
    const { code, stderr } = await synadm(["media", "purge", "-d", "30"], world);
    expect(code).toBe(5);
    expect(stderr).toContain("last accessed before 2024-05-16 21:30:00 +09:30? [y/N]");
    synapse().post(`${admin}/purge_media_cache`).query(true).reply(200, { deleted: 1 });
    expect(await synadm(["media", "purge", "-d", "30"], { ...world, stdin: "y\n" })).toMatchObject({ code: 0 });
  });

  it.each([[[]], [["-d", "1", "-t", "0"]]])("refuses %j", async (argv) => {
    expect(await synadm(["media", "purge", ...argv])).toMatchObject({ code: 2, stdout: "" });
  });
});
