import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { text } from "./samples.js";

const lines = (...lines: string[]) => lines.join("\n");

describe("yaml", () => {
  it.each<[string, unknown, string]>([
    [
      "a record with keys sorted and lists flush with their key",
      { total: 1, users: [{ name: "@a:b.c", admin: true, tags: ["x", []] }], next: null },
      lines("next: null", "total: 1", "users:", "- admin: true", "  name: '@a:b.c'", "  tags:", "  - x", "  - []"),
    ],
    ["a list", [1, [2, [3]], { a: { b: {} } }, []], lines("- 1", "- - 2", "  - - 3", "- a:", "    b: {}", "- []")],
    [
      "keys by code point",
      { "😀": 1, "\uffee": 2, b: 3, B: 4, a: 5 },
      lines("B: 4", "a: 5", "b: 3", "\uffee: 2", "😀: 1"),
    ],
    ["several lines", { topic: "a\n  b\n\nc" }, lines("topic: |-", "  a", "    b", "", "  c")],
    ["several lines in a list", { l: [["a\nb"]] }, lines("l:", "- - |-", "    a", "    b")],
    ["text with a final newline", { topic: "a\n" }, 'topic: "a\\n"'],
    ["a very long key", { ["k".repeat(1025)]: [1] }, lines(`? ${"k".repeat(1025)}`, ": - 1")],
    [
      "a list of records below a very long key",
      [{ ["k".repeat(1025)]: [{ a: 1, b: [2] }], c: 3 }],
      lines("- c: 3", `  ? ${"k".repeat(1025)}`, "  : - a: 1", "      b:", "        - 2"),
    ],
    ["a field named __proto__", JSON.parse('{"__proto__": {"a": 1}}'), lines("__proto__:", "  a: 1")],
    ["a key that is no string elsewhere", { yes: 1, "1": 2, "": 3 }, lines("'': 3", "'1': 2", "'yes': 1")],
  ])("writes %s", async (_what, data, expected) => {
    expect(await text("yaml", data)).toBe(expected);
  });

  it.each(["text", "Łódź 😀", "127.0.0.1", "a b", "a:b", "a#b", "it's", "mxc://a/b", "1.2.3", "\xa1", "nobody"])(
    "leaves %j without quotes",
    async (string) => {
      expect(await text("yaml", string)).toBe(string);
    },
  );

  it.each([
    ..."yes No ON off y N true Null ~ = << <".split(" "),
    ..."012 0o7 0x1f 1e3 1_000 1:30 +1 -1 .5 5. 1.5 2001-01-01 .inf -.INF .nan 12e03".split(" "),
    ...["", " ", " a", "a ", "- x", "a: b", "a:", "a #b", "#a", "@a", "!a", "&a", "*a", "...", "---", "? x", "{", "%a"],
  ])("puts single quotes around %j", async (string) => {
    expect(await text("yaml", string)).toBe(`'${string}'`);
  });

  it.each([
    ["''' it''s: so'", "' it's: so"],
    [String.raw`"\u001b\n\r\t\u0000\"\\"`, '\x1b\n\r\t\0"\\'],
    [String.raw`"\x7f\x85\u2028\u202e\ufeff\ud800\ufffe\U000e0041"`, "\x7f\x85\u2028\u202e\ufeff\ud800\ufffe\u{e0041}"],
  ])("writes %s", async (expected, string) => {
    expect(await text("yaml", string)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ["12345678901234567890", 12345678901234567890n],
    ["1.0e+21", 1e21],
    ["1.0e-7", 1e-7],
    ["-1.5e+300", -1.5e300],
    ["-0.0", -0],
    [".inf", Infinity],
    ["-.inf", -Infinity],
    ["0.1", 0.1],
    ["false", false],
  ])("writes %s", async (expected, data) => {
    expect(await text("yaml", data)).toBe(expected);
  });
});

describe("a long list", () => {
  const items = Array.from({ length: 120 }, (_, at): unknown => ({ rooms: [`!${at}:t`], at }));

  it("is one list, whatever is somewhere in it", async () => {
    for (const odd of [0, 49, 50, 119]) {
      const data = items.map((item, at) => (at === odd ? { ["k".repeat(1025)]: [[1], "a\nb"] } : item));
      expect(load(await text("yaml", data))).toEqual(data);
      expect(load(await text("yaml", { data, end: 1 }))).toEqual({ data, end: 1 });
    }
  });
});
