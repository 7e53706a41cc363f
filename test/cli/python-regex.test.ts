import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/errors.js";
import { userPattern } from "../../src/cli/python-regex.js";

// What Python 3.11's re.match says of each.
describe("userPattern, as Python's re.match", () => {
  it.each([
    ["@spam", "@spam1:example.org", true],
    ["spam", "@spam1:example.org", false],
    [".*spam", "@not.spam:example.org", true],
    ["@spam[0-9]:", "@spam12:example.org", false],
    ["@spam$", "@spam:example.org", false],
    ["@a|@b", "@b:example.org", true],
    ["@a|b", "@xb:example.org", false],
    ["^@a", "@a:example.org", true],
    ["@A", "@a:example.org", false],
    ["(?i)@A", "@a:example.org", true],
    ["(?i)(?s)@A", "@a:example.org", true],
    [String.raw`\@a\:x\-y\.z`, "@a:x-y.z", true],
    [String.raw`@a\.b`, "@axb:x", false],
    ["@{x}", "@{x}:y", true],
    ["@x{2}:", "@xx:y", true],
    ["@x{2,}?:", "@xxx:y", true],
    ["@x{ 2}", "@x{ 2}", true],
    ["@[]x]+:", "@]x:y", true],
    ["@[^]x]+:", "@]:y", false],
    ["@[[:]", "@[", true],
    [String.raw`@[\w.-]+:`, "@a.b-c:y", true],
    [String.raw`@[\]\-x]+:`, "@]-x:y", true],
    ["@]}", "@]}", true],
    [String.raw`@(\w)\1+:`, "@aaa:y", true],
    [String.raw`@(\w)\1+:`, "@aab:y", false],
    [String.raw`@(?:(a|b)\1)+:`, "@aabb:y", true],
    [String.raw`@\x61\u0062:`, "@ab:y", true],
    ["@(?!admin).*:", "@admin:y", false],
    ["@.*(?<!bot):", "@bob:y", true],
    ["@(?=a)a/b", "@a/b:y", true],
  ])("%s on %s: %s", (expression, id, matches) => {
    const pattern = userPattern(expression);
    expect([pattern.test(id), pattern.test(id)]).toEqual([matches, matches]);
  });

  it.each([
    ["", "matches every account"],
    ["(?i)", "matches every account"],
    ["(?P<name>a)", "(?P<"],
    ["(?P=name)", "(?P="],
    ["(?<name>a)", "(?<n"],
    ["a(?i)", "(?i)"],
    ["(?i:a)", "(?i:"],
    ["(?x)a", "(?x)"],
    ["(?#c)a", "(?#c"],
    ["(?>a)", "(?>a"],
    ["(a)(?(1)b)", "(?(1"],
    [String.raw`\A@a`, String.raw`\A`],
    [String.raw`@a\Z`, String.raw`\Z`],
    [String.raw`@\p{L}`, String.raw`\p`],
    [String.raw`@\N{DIGIT ONE}`, String.raw`\N`],
    [String.raw`@\k<a>`, String.raw`\k`],
    [String.raw`@\x6`, String.raw`\x`],
    [String.raw`@[\A]`, String.raw`\A`],
    [String.raw`@\0`, String.raw`\0`],
    [String.raw`@\101`, String.raw`\0 or \123`],
    ["@a{,3}", "{,n}"],
    ["@a{,}", "{,n}"],
    [String.raw`(a)?\1`, "must have matched"],
    [String.raw`(a)*\1`, "must have matched"],
    [String.raw`(a){0,2}\1`, "must have matched"],
    [String.raw`(a)|\1`, "must have matched"],
    [String.raw`(?:(a)|b)\1`, "must have matched"],
    [String.raw`(?:(a)|b\1)+`, "must have matched"],
    [String.raw`(?!(a))\1`, "must have matched"],
    [String.raw`(a)(?<=\1)`, "must have matched"],
    [String.raw`\1(a)`, "must have matched"],
  ])("refuses %s, which Python takes for something else or not at all", (expression, words) => {
    expect(() => userPattern(expression)).toThrow(UsageError);
    expect(() => userPattern(expression)).toThrow(words);
  });

  it.each(["(", "a)|(b", "[", "[]", "[^]", "[z-a]", "*", "a**", "a++", "a{2,1}", "\\", String.raw`[\w-z]`])(
    "B12: refuses %s, which is none",
    (expression) => {
      expect(() => userPattern(expression)).toThrow(UsageError);
      expect(() => userPattern(expression)).toThrow(`'${expression}' is no regular expression`);
    },
  );
});
