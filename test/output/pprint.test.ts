import { describe, expect, it } from "vitest";
import { text } from "./samples.js";

const long = "x".repeat(50);

describe("pprint", () => {
  // The expected texts are what pprint.pprint of Python 3 writes.
  it.each<[string, unknown, string[]]>([
    ["on one line what fits", { b: [1, null], a: { c: true } }, ["{'a': {'c': True}, 'b': [1, None]}"]],
    ["80 columns", [long, "y".repeat(22)], [`['${long}', '${"y".repeat(22)}']`]],
    ["81 columns", [long, "y".repeat(23)], [`['${long}',`, ` '${"y".repeat(23)}']`]],
    [
      "what does not fit below each other",
      { b: [{ name: long, list: [1, 2, 3], big: 2n ** 70n }, false], a: 1 },
      [
        "{'a': 1,",
        " 'b': [{'big': 1180591620717411303424,",
        "        'list': [1, 2, 3],",
        `        'name': '${long}'},`,
        "       False]}",
      ],
    ],
    ["a field named __proto__", JSON.parse('{"__proto__": 1}'), ["{'__proto__': 1}"]],
  ])("writes %s", async (_what, data, expected) => {
    expect(await text("pprint", data)).toBe(expected.join("\n"));
  });

  it.each<[string, unknown]>([
    ["'Łódź 😀 名前'", "Łódź 😀 名前"],
    [`"it's"`, "it's"],
    [String.raw`'it\'s "so"'`, `it's "so"`],
    [String.raw`'\\n\n\r\t\x00\x1b\x7f\x85\xa0'`, "\\n\n\r\t\0\x1b\x7f\x85\xa0"],
    [String.raw`'\u202e\u2028\ufeff\ud800\U000e0041'`, "\u202e\u2028\ufeff\ud800\u{e0041}"],
    ["1e+21", 1e21],
    ["-0.0", -0],
    ["-1e999", -Infinity],
    ["[[], {}]", [[], {}]],
  ])("writes %s", async (expected, data) => {
    expect(await text("pprint", data)).toBe(expected);
  });
});
