import { describe, expect, it } from "vitest";
import { cut, widthOf } from "../../src/output/width.js";
import { size } from "../../src/output/sizes.js";
import { text } from "./samples.js";

const rooms = [
  {
    room_id: "!OGEhHVWSdvArJzumhm:matrix.org",
    name: "Matrix HQ, the room of rooms",
    joined_members: 8326,
    bytes: 1572864,
  },
  { room_id: "!xYvNcQPhnkrdUmYczI:matrix.org", name: null, joined_members: 14, bytes: 512 },
];

describe("human", () => {
  it("makes a table of a list of records", async () => {
    expect(await text("human", rooms, { sizes: ["bytes"] }, { width: 100 })).toBe(
      [
        "room_id                         name                          joined_members    bytes",
        "──────────────────────────────  ────────────────────────────  ──────────────  ───────",
        "!OGEhHVWSdvArJzumhm:matrix.org  Matrix HQ, the room of rooms            8326  1.5 MiB",
        "!xYvNcQPhnkrdUmYczI:matrix.org  -                                         14    512 B",
      ].join("\n"),
    );
  });

  it("cuts words, never an ID, to make the table fit", async () => {
    const human = () => ({ blocks: [{ data: rooms, columns: ["room_id", "name", "joined_members"] }] });
    const table = await text("human", rooms, { human }, { width: 70 });
    expect(table.split("\n")).toContain("!OGEhHVWSdvArJzumhm:matrix.org  Matrix HQ, the room o…            8326");
  });

  it("takes what a field calls an ID for none of its words, though it has blanks", async () => {
    const devices = ["one", "two"].map((which) => ({ device_id: `my very long device name, number ${which}` }));
    for (const { device_id } of devices) expect(await text("human", devices, {}, { width: 20 })).toContain(device_id);
  });

  it("puts the records below each other where a table does not fit", async () => {
    const human = () => ({ blocks: [{ data: rooms, columns: ["room_id", "name", "joined_members"] }] });
    expect(await text("human", rooms, { human }, { width: 60 })).toBe(
      [
        "room_id         !OGEhHVWSdvArJzumhm:matrix.org",
        "name            Matrix HQ, the room of rooms",
        "joined_members  8326",
        "",
        "room_id         !xYvNcQPhnkrdUmYczI:matrix.org",
        "name            -",
        "joined_members  14",
      ].join("\n"),
    );
  });

  it("cuts words of people even where they have no blanks", async () => {
    const data = [{ id: "@a:b.c", displayname: "x".repeat(200) }];
    expect(await text("human", data, {}, { width: 40 })).toBe(
      `id      displayname\n──────  ${"─".repeat(32)}\n@a:b.c  ${"x".repeat(31)}…`,
    );
  });

  it.each([
    { data: { room_id: "!a", name: "x".repeat(200) }, cut: true },
    { data: { id: "!a", name: "x".repeat(200) }, cut: false },
    { data: { id: "!a", token: "x".repeat(200) }, cut: false },
  ])("cuts the name of a room, and no other: $data", async ({ data, cut }) => {
    expect((await text("human", [data], {}, { width: 40 })).includes("x".repeat(200))).toBe(!cut);
  });

  const user = {
    name: "@a:b.c",
    avatar_url: null,
    admin: false,
    devices: ["A", "B"],
    empty: [],
    threepids: [
      { medium: "email", address: "a@b.c" },
      { medium: "msisdn", address: "123" },
    ],
    nested: { a: { b: 1 }, c: "d" },
  };

  it("makes lines of a record, with tables in them", async () => {
    expect(await text("human", user)).toBe(
      [
        "name        @a:b.c",
        "avatar_url  -",
        "admin       false",
        "devices     A",
        "            B",
        "empty       -",
        "threepids   medium  address",
        "            ──────  ───────",
        "            email   a@b.c",
        "            msisdn  123",
        "nested      a  b  1",
        "            c  d",
      ].join("\n"),
    );
  });

  it("puts what is nested below its name on a narrow page", async () => {
    const { name, threepids } = user;
    expect(await text("human", { name, threepids }, {}, { width: 16 })).toBe(
      [
        ...["name       @a:b.c", "threepids", "  medium   email", "  address  a@b.c"],
        ...["", "  medium   msisdn", "  address  123"],
      ].join("\n"),
    );
  });

  it.each<[string, unknown, string]>([
    ["scalars and what is mixed", ["a", null, 1, { b: [1, { c: 2 }] }, ["d"]], "a\n-\n1\nb: [1, {c: 2}]\nd"],
    ["empty records", [{}, {}], "-\n-"],
    ["rows that lack a field", [{ a: 1 }, { constructor: "b" }], "a  constructor\n─  ───────────\n1  -\n-  b"],
    ["nested cells", [{ a: { b: [1, 2] } }], "a\n─────────\nb: [1, 2]"],
    ["a text", "a\x1b[31m", "a\\x1b[31m"],
    ["a big integer", 12345678901234567890n, "12345678901234567890"],
  ])("shows %s", async (_what, data, expected) => {
    expect(await text("human", data)).toBe(expected);
  });

  it("shows blocks with headings, and what to say of empty ones", async () => {
    const human = () => ({
      blocks: [
        { heading: "Rooms\x07", data: [{ id: 1 }] },
        { heading: "Users", data: [] },
        { data: [], empty: "no media" },
      ],
    });
    expect(await text("human", 0, { human })).toBe("Rooms\\x07\nid\n──\n 1\n\nUsers\n(none)\n\nno media");
  });

  it("shows one record with the columns of its block, also those it lacks", async () => {
    const human = () => ({ blocks: [{ data: { a: 1, b: 2 }, columns: ["b", "c"] }] });
    expect(await text("human", 0, { human })).toBe("b  2\nc  -");
  });

  it("has colour only on a page with colour", async () => {
    expect(await text("human", [{ id: 1 }], {}, { colour: true })).toBe("\x1b[1mid\x1b[22m\n──\n 1");
    expect(await text("human", { id: 1 }, {}, { colour: true })).toBe("\x1b[1mid\x1b[22m  1");
  });

  it("keeps columns in line beside wide characters", async () => {
    expect(
      await text("human", [
        { a: "名前", b: 1 },
        { a: "👨‍👩‍👧", b: 2 },
        { a: "é", b: 3 },
        { a: "e\u0301", b: 4 },
      ]),
    ).toBe(["a     b", "────  ─", "名前  1", "👨‍👩‍👧    2", "é     3", "e\u0301     4"].join("\n"));
  });
});

describe("widthOf", () => {
  it.each([
    ["", 0],
    ["abc", 3],
    ["Łódź", 4],
    ["e\u0301", 1],
    ["名前", 4],
    ["ｱ", 1],
    ["Ａ", 2],
    ["한국", 4],
    ["😀🎉", 4],
    ["👨‍👩‍👧‍👦", 2],
    ["🇵🇱", 2],
    ["❤️", 2],
    ["❤", 1],
    ["1️⃣", 2],
    ["─…•", 3],
  ])("of %j is %d", (text, width) => {
    expect(widthOf(text)).toBe(width);
  });
});

describe("cut", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abcd", 3, "ab…"],
    ["a bcd", 3, "a…"],
    ["名前名", 4, "名…"],
    ["👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 5, "👨‍👩‍👧👨‍👩‍👧…"],
  ])("%j to %d", (text, width, expected) => {
    expect(cut(text, width)).toBe(expected);
  });
});

describe("size", () => {
  it.each<[number | bigint, string]>([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1.0 KiB"],
    [1572864, "1.5 MiB"],
    [1048575, "1.0 MiB"],
    [-2048, "-2.0 KiB"],
    [Infinity, "1e999"],
    [5 * 2 ** 40, "5.0 TiB"],
  ])("of %d is %s", (bytes, expected) => {
    expect(size(bytes)).toBe(expected);
  });

  it("takes big integers", () => {
    expect(size(2n ** 63n)).toBe("8.0 EiB");
  });
});
