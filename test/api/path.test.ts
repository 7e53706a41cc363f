import { describe, expect, expectTypeOf, it } from "vitest";
import { path, rawPath, Secret, type Path } from "../../src/api/index.js";

describe("path", () => {
  it("alone makes a path", () => {
    expectTypeOf<ReturnType<typeof path>>().toExtend<Path>();
    expectTypeOf<Pick<Path, "encoded" | "shown" | "secrets">>().not.toExtend<Path>(); // it only looks like one
  });

  it.each([
    ["!'()*", "%21%27%28%29%2A"],
    ["a/b", "a%2Fb"],
    ["100%", "100%25"],
    ["%2F", "%252F"],
    ["a?b#c", "a%3Fb%23c"],
    ["a b+c&d=e", "a%20b%2Bc%26d%3De"],
    ["a\\b", "a%5Cb"],
    ["{x}", "%7Bx%7D"],
    ["Łódź 🦊", "%C5%81%C3%B3d%C5%BA%20%F0%9F%A6%8A"],
    ["...", "..."],
    [".a", ".a"],
    ["%2e%2e", "%252e%252e"],
    ["a\r\nHost: x", "a%0D%0AHost%3A%20x"],
    ["-_.~", "-_.~"],
  ])("makes one segment of %j", (text, segment) => {
    expect(path`v1/${text}/x`.encoded).toBe(`v1/${segment}/x`);
    expect(decodeURIComponent(segment)).toBe(text);
  });

  it.each(["", ".", "..", "\ud800"])("refuses %j", (text) => {
    expect(() => path`v1/${text}`).toThrow(expect.objectContaining({ name: "InvalidValueError" }) as Error);
  });

  it.each([undefined, null, {}])("refuses what is no text: %j", (hole) => {
    const text = hole as string; // JavaScript has no types to say so
    expect(() => path`v1/${text}`).toThrow(expect.objectContaining({ name: "InvalidValueError" }) as Error);
  });

  it("shows no secrets", () => {
    const { encoded, shown } = path`v1/tokens/${new Secret("a/b")}/${"c"}`;
    expect({ encoded, shown }).toEqual({ encoded: "v1/tokens/a%2Fb/c", shown: "v1/tokens/<hidden>/c" });
  });

  it("tells its secrets, as they are and as they are sent", () => {
    expect(path`v1/tokens/${new Secret("to.ken$&")}`.secrets).toEqual(["to.ken%24%26", "to.ken$&"]);
    expect(path`v1/${"a"}`.secrets).toEqual([]);
  });
});

describe("rawPath", () => {
  it.each([
    ["v1/rooms?limit=1", "v1/rooms?limit=1"],
    ["/v1/{x}/%21a", "v1/{x}/%21a"],
    ["v1/rooms?x=../..", "v1/rooms?x=../.."],
    ["v1\\x", "v1%5Cx"],
  ])("takes %j as %j", (text, encoded) => expect(rawPath(text).encoded).toBe(encoded));

  it.each([
    ["v1/registration_tokens/hush?a=1", "v1/registration_tokens/<hidden>?a=1"],
    ["v1//registration_tokens//hush", "v1//registration_tokens//<hidden>"],
    ["v1/registration%5Ftokens/hush", "v1/registration%5Ftokens/<hidden>"],
    ["v1/registration_tokens/new", "v1/registration_tokens/new"],
    ["v1/registration_tokens?valid=true", "v1/registration_tokens?valid=true"],
  ])("shows %j as %j", (text, shown) => expect(rawPath(text).shown).toBe(shown));
});
