import { describe, expect, it } from "vitest";
import { parseJson, writeJson } from "../../src/api/index.js";

describe("parseJson", () => {
  it.each<[string, unknown]>([
    ['{"depth":9223372036854775807}', { depth: 9223372036854775807n }],
    ['{"depth":-9223372036854775808}', { depth: -9223372036854775808n }],
    ["[9007199254740991,9007199254740992]", [9007199254740991, 9007199254740992n]],
    ['{"a":1,"a":2}', { a: 2 }],
    ['{"a":1,"a":12345678901234567}', { a: 12345678901234567n }],
    ['["1234567890123456789"]', ["1234567890123456789"]],
    ["[ -12345678901234567]", [-12345678901234567n]],
    ["12345678901234567", 12345678901234567n],
    ["[0.12345678901234567890]", [0.12345678901234568]],
    ["[1e3, 1.0, -0.5]", [1000, 1, -0.5]],
    ["null", null],
    ['"\\u0141\\ud83e\\udd8a"', "Ł🦊"],
  ])("reads %s", (text, value) => expect(parseJson(text)).toEqual(value));

  it.each(['{"__proto__":{"x":1}}', '{"__proto__":{"x":1},"n":12345678901234567}'])(
    "takes %s for a key like any other",
    (text) => {
      const value = parseJson(text) as object;
      expect(Object.keys(value)[0]).toBe("__proto__");
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(value).not.toHaveProperty("x");
      expect(writeJson(value)).toBe(text);
    },
  );

  it.each(["", "<html>", "{", "[1,]", "{'a':1}", "NaN", "1234567890123456x", "[12345678901234567,]"])(
    "refuses %j",
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});

describe("writeJson", () => {
  it.each<[unknown, string]>([
    [{ a: 1, b: undefined, c: null }, '{"a":1,"c":null}'],
    [{ a: 9223372036854775807n, b: undefined, c: ["ü\n"] }, '{"a":9223372036854775807,"c":["ü\\n"]}'],
  ])("writes %o", (value, text) => expect(writeJson(value)).toBe(text));
});
