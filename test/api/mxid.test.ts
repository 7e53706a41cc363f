import { describe, expect, it } from "vitest";
import {
  isRoomAlias,
  isRoomId,
  isServerName,
  isUserId,
  mediaId,
  needsServerName,
  userId,
} from "../../src/api/index.js";

const server = "example.org";

describe("userId", () => {
  it.each([
    ["alice", "@alice:example.org"],
    ["@alice", "@alice:example.org"],
    ["@spam2", "@spam2:example.org"],
    ["alice:", "@alice:example.org"],
    ["@alice:", "@alice:example.org"],
    ["a.b-c=d_e/f+1", "@a.b-c=d_e/f+1:example.org"],
    ["Alice!", "@Alice!:example.org"],
    ["@!odd#$%&'()*", "@!odd#$%&'()*:example.org"],
    ["+49301234", "@+49301234:example.org"],
    ["@a@b", "@a@b:example.org"],
  ])("completes %j", (text, id) => {
    expect(needsServerName(text)).toBe(true);
    expect(userId(text, server)).toBe(id);
  });

  it.each([
    "@alice:other.test",
    "@Alice!+~:other.test",
    "@a.b-c=d_e/f:example.test",
    "@a:localhost:8448",
    "@a:[::1]:8448",
    "@a:[2001:DB8::1]",
    "@a:10.0.0.1:443",
    "@a:my_host",
    "@Łukasz:example.org", // Synapse let such in by federation
    "@müller+日本:example.org",
    `@${"a".repeat(245)}:x.test.y`,
  ])("leaves %j as it is", (id) => {
    expect(needsServerName(id)).toBe(false);
    expect(userId(id, "")).toBe(id);
    expect(isUserId(id)).toBe(true);
  });

  it.each([
    ["", "is empty"],
    ["@", "full Matrix ID"],
    [":", "full Matrix ID"],
    ["@:example.org", "no localpart between its @ and the colon"],
    [" alice", "blank"],
    ["alice ", "blank"],
    ["alice\n", "blank"],
    ["@alice:example.org\n", "blank"],
    ["\n@alice:example.org", "blank"],
    ["@al ice:example.org", "blank"],
    ["alice\u0000", "control"],
    ["alice\u001b[1m", "control"],
    ["alice\u00a0", "blank"],
    ["Łukasz", "full Matrix ID"],
    ["@Łukasz", "full Matrix ID"],
    ["@Łu kasz:example.org", "blank"],
    ["@Łu\u0085kasz:example.org", "control"],
    ["alice:example.org", "starts with @, as @alice:example.org"],
    ["@alice:exa/mple.org", "full Matrix ID"],
    ["@alice:example.org:port", "full Matrix ID"],
    ["@alice:[::1", "full Matrix ID"],
    ["@alice::8448", "full Matrix ID"],
    ["!room:example.org", "room ID"],
    ["#room:example.org", "room alias"],
    ["#room", "room alias"],
    ["!room", "room ID"],
    [`@${"a".repeat(250)}:x.test`, "longer than 255 bytes"],
  ])("says why %j is no user", (text, why) => {
    expect(() => needsServerName(text)).toThrow(why);
    expect(() => userId(text, server)).toThrow(expect.objectContaining({ name: "InvalidValueError" }) as Error);
  });

  it.each(["", "None\n", "a b", "x/y"])("does not make an ID with the server name %j", (name) => {
    expect(() => userId("alice", name)).toThrow("is no server name");
  });

  it("does not make an ID that is too long", () => {
    expect(userId("a".repeat(255 - "@:example.org".length), server)).toHaveLength(255);
    expect(() => userId("a".repeat(256 - "@:example.org".length), server)).toThrow("longer than 255 bytes");
  });
});

describe("isServerName", () => {
  it.each([
    ["example.org", true],
    ["example.org:8448", true],
    ["[::1]:8448", true],
    ["1.2.3.4", true],
    ["", false],
    ["example.org:", false],
    ["example.org:123456", false],
    ["::1", false],
    ["[x]", false],
    ["exämple.org", false],
    ["example.org\n", false],
  ])("%j: %s", (text, is) => expect(isServerName(text)).toBe(is));
});

describe("rooms", () => {
  it.each([
    ["!abc:example.org", true],
    ["!abc:[::1]:8448", true],
    ["!AbC-_dEf0123456789abcdefghijklmnopqrstuvwxyzA", true], // version 12
    ["!Łódź:example.org", true],
    ["!", false],
    ["!:example.org", false],
    ["!abc:", false],
    ["!a c:example.org", false],
    ["!abc:example.org\n", false],
    ["#abc:example.org", false],
    ["abc", false],
    ["", false],
  ])("isRoomId %j: %s", (text, is) => expect(isRoomId(text)).toBe(is));

  it.each([
    ["#abc:example.org", true],
    ["#zażółć/gęślą:example.org:8448", true],
    ["#abc", false],
    ["#:example.org", false],
    ["#a c:example.org", false],
    ["!abc:example.org", false],
    [`#${"ż".repeat(130)}:example.org`, false], // characters fit, bytes do not
  ])("isRoomAlias %j: %s", (text, is) => expect(isRoomAlias(text)).toBe(is));
});

describe("mediaId", () => {
  it.each([
    ["AbC_-123", { mediaId: "AbC_-123" }],
    ["2021-01-01_x.y", { mediaId: "2021-01-01_x.y" }],
    ["mxc://example.org/AbC", { serverName: "example.org", mediaId: "AbC" }],
    ["mxc://[::1]:8448/AbC", { serverName: "[::1]:8448", mediaId: "AbC" }],
  ])("reads %j", (text, parts) => expect(mediaId(text)).toEqual(parts));

  it.each([
    "",
    "example.org/AbC",
    "mxc://example.org",
    "mxc://example.org/",
    "mxc:///AbC",
    "mxc://example.org/a/b",
    "mxc://example.org/AbC?width=1",
    "mxc://exa mple/AbC",
    "MXC://example.org/AbC",
    "https://example.org/AbC",
    "Ab C",
    "AbC\n",
  ])("refuses %j", (text) => expect(() => mediaId(text)).toThrow("is no media"));
});
