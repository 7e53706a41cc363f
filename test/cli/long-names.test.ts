import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const words = [
  "x".repeat(256),
  "東京開発者コミュニティの雑談部屋（誰でも参加できます）",
  "a name with blanks ".repeat(10),
];

const user = "@somebody.with.a.longish.name:example.test";
const roomId = `!${"r".repeat(43)}`;
const seen = 1600000000000;

/** Each with a row of which the words come from strangers, and what must stand in its line. */
const tables: { argv: string[]; path: string; reply: (words: string) => object; whole: readonly string[] }[] = [
  {
    argv: ["user", "list"],
    path: "/_synapse/admin/v2/users",
    reply: (displayname) => ({ users: [{ name: user, displayname, last_seen_ts: seen }], total: 1 }),
    whole: [user, "2020-09-13"],
  },
  {
    argv: ["room", "list"],
    path: "/_synapse/admin/v1/rooms",
    reply: (name) => ({
      rooms: [{ room_id: roomId, name, joined_members: 12345, joined_local_members: 2345 }],
      offset: 0,
      total_rooms: 1,
    }),
    whole: [roomId, "12345", "2345"],
  },
  {
    argv: ["room", "list", "--sort", "canonical_alias"],
    path: "/_synapse/admin/v1/rooms",
    reply: (name) => ({
      rooms: [{ room_id: "!abc:example.test", name, canonical_alias: "#lobby:example.test" }],
      offset: 0,
      total_rooms: 1,
    }),
    whole: ["!abc:example.test", "#lobby:example.test"],
  },
  {
    argv: ["user", "whois", user],
    path: `/_synapse/admin/v1/whois/${encodeURIComponent(user)}`,
    reply: (user_agent) => ({
      user_id: user,
      devices: { "": { sessions: [{ connections: [{ ip: "192.168.100.200", last_seen: seen, user_agent }] }] } },
    }),
    whole: ["192.168.100.200"],
  },
  {
    argv: ["user", "prune-devices", "--list-only", "--min-surviving", "0", user],
    path: `/_synapse/admin/v2/users/${encodeURIComponent(user)}/devices`,
    reply: (display_name) => ({ devices: [{ device_id: "ABCDEFGHIJ", display_name, last_seen_ts: seen }], total: 1 }),
    whole: ["ABCDEFGHIJ"],
  },
  {
    argv: ["user", "media", user],
    path: `/_synapse/admin/v1/users/${encodeURIComponent(user)}/media`,
    reply: (upload_name) => ({
      media: [
        {
          media_id: "m".repeat(24),
          media_length: 1_048_000,
          created_ts: seen,
          upload_name,
          quarantined_by: null,
          safe_from_quarantine: false,
        },
      ],
      total: 1,
    }),
    whole: ["m".repeat(24), "1023.4 KiB"],
  },
];

describe("words of strangers", () => {
  it.each(tables.flatMap((table) => words.map((text) => ({ ...table, text }))))(
    "of any length leave $argv a table of 80 columns: $text",
    async ({ argv, path, reply, text, whole }) => {
      nock("http://synapse.test").get(path).query(true).reply(200, reply(text));
      const { stdout, code } = await synadm(["-o", "human", ...argv], { columns: 80 });
      expect(code).toBe(0);
      const lines = stdout.trimEnd().split("\n");
      expect(lines).toHaveLength(3);
      expect(lines[1]).toMatch(/^[─ ]{1,80}$/);
      expect(lines[2]).toContain("…");
      for (const part of whole) expect(lines[2]).toContain(part);
    },
  );

  it("cut no Matrix ID, which an account has for its name", async () => {
    const id = `@${"a".repeat(100)}:example.test`;
    nock("http://synapse.test")
      .get("/_synapse/admin/v2/users")
      .query(true)
      .reply(200, { users: [{ name: id, displayname: "A" }], total: 1 });
    const { stdout } = await synadm(["-o", "human", "user", "list"], { columns: 80 });
    expect(stdout).toContain(id);
  });
});
