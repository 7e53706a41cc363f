import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anyJson, text } from "./samples.js";

describe("json", () => {
  it("indents by four, in the order sent, with text as it is", async () => {
    const data = { name: "Łódź", list: [1, [2]], empty: [{}, []], no: null, yes: true };
    expect(await text("json", data)).toBe(
      [
        "{",
        '    "name": "Łódź",',
        '    "list": [',
        "        1,",
        "        [",
        "            2",
        "        ]",
        "    ],",
        '    "empty": [',
        "        {},",
        "        []",
        "    ],",
        '    "no": null,',
        '    "yes": true',
        "}",
      ].join("\n"),
    );
  });
});

describe("minified", () => {
  it.each<[string, unknown]>([
    ['{"a":[1,{"b":"c"}],"d":{}}', { a: [1, { b: "c" }], d: {} }],
    ["[[],[[]]]", [[], [[]]]],
    ['"text"', "text"],
    ["12345678901234567890", 12345678901234567890n],
    ["-1180591620717411303424", -(2n ** 70n)],
    ["1e999", Infinity],
    ["-0.0", -0],
    ["5.902958103587057e+20", 2 ** 69],
    ['{"__proto__":1}', JSON.parse('{"__proto__": 1}')],
    ['"\\u001b\\u007f\\u009b\\u202e\\ufeff"', "\x1b\x7f\x9b\u202e\ufeff"],
    ['"\\udb40\\udc41\\ud800😀"', "\u{e0041}\ud800😀"],
  ])("writes %s", async (expected, data) => {
    expect(await text("minified", data)).toBe(expected);
  });
});

describe.each(["json", "minified"] as const)("%s", (format) => {
  it("is read back", async () => {
    await fc.assert(
      fc.asyncProperty(anyJson, async (data) => {
        expect(JSON.parse(await text(format, data))).toEqual(withoutBig(data));
      }),
      { numRuns: 500 },
    );
  });
});

describe("a long list", () => {
  const items = Array.from({ length: 120 }, (_, at): unknown => ({ at, rooms: [`!${at}:t`], none: {} }));
  const odd: [unknown, string][] = [
    [2n ** 70n, "1180591620717411303424"],
    ["東京 😀", '"東京 😀"'],
    ["a\u202eb", '"a\\u202eb"'],
  ];

  it.each([
    ["as it is", (list: unknown[]) => list],
    ["in a record", (list: unknown[]) => ({ before: 1, list, after: [] })],
    ["in a list", (list: unknown[]) => [[list], list]],
  ])("%s is written as JavaScript would, whatever is somewhere in it", async (_where, around) => {
    const steps = { json: 4, minified: 0 } as const;
    for (const place of [undefined, 0, 49, 50, 119]) {
      for (const [value, literal] of odd) {
        const whole = around(items.map((item, at) => (at === place ? value : item)));
        const plain = around(items.map((item, at) => (at === place ? "odd" : item)));
        for (const format of ["json", "minified"] as const)
          expect(await text(format, whole)).toBe(
            JSON.stringify(plain, null, steps[format]).replaceAll('"odd"', literal),
          );
      }
    }
  });
});

/** What JSON.parse makes of it: it has no big integers. */
function withoutBig(data: unknown): unknown {
  if (typeof data === "bigint") return Number(data);
  if (Array.isArray(data)) return data.map(withoutBig);
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, withoutBig(value)]));
}
