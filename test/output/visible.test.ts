import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formats } from "../../src/output/index.js";
import { unseen, visible } from "../../src/output/visible.js";
import { anyJson, text } from "./samples.js";

describe("visible", () => {
  it.each([
    ["Łódź 名前 😀", "Łódź 名前 😀"],
    ["👨‍👩‍👧 ❤️ می‌خواهم", "👨‍👩‍👧 ❤️ می‌خواهم"],
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["\x1b[2J\x07\0", "\\x1b[2J\\x07\\x00"],
    ["\x7f\x80\x9b", "\\x7f\\x80\\x9b"],
    ["\u202egpj.exe\u2066", "\\u202egpj.exe\\u2066"],
    ["\u200b\ufeff\xad", "\\u200b\\ufeff\\xad"],
    ["\u{e0041}\u{e0080}\u{e0fff}", "\\u{e0041}\\u{e0080}\\u{e0fff}"],
    ["\u{1bca0}\u{13437}", "\\u{1bca0}\\u{13437}"],
    ["\u845b\u{e0100}", "\u845b\u{e0100}"],
    ["\ud800x\udc00", "\\ud800x\\udc00"],
    ["C:\\new", "C:\\new"],
  ])("shows %j as %j", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

describe.each(formats)("%s", (format) => {
  it("never writes what acts on a terminal", async () => {
    await fc.assert(
      fc.asyncProperty(anyJson, async (data) => {
        expect((await text(format, data)).replaceAll("\n", "")).not.toMatch(unseen);
      }),
    );
  });
});
