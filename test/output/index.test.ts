import { describe, expect, it } from "vitest";
import { type Format, formatNamed, formats, render } from "../../src/output/index.js";
import { page, text } from "./samples.js";

describe("formatNamed", () => {
  it.each(formats)("knows %s and its first letter", (format) => {
    expect(formatNamed(format)).toBe(format);
    expect(formatNamed(format.charAt(0))).toBe(format);
  });

  it.each(["", "x", "jso", "JSON", "constructor"])("does not know %j", (name) => {
    expect(formatNamed(name)).toBeUndefined();
  });
});

describe("render", () => {
  const data = { users: [{ name: "@a:b.c" }], total: 1 };
  const view = { human: ({ users, total }: typeof data) => ({ blocks: [{ data: users }], notes: [`${total}\x07`] }) };

  it("takes the view's blocks and notes for people", async () => {
    const { chunks, notes } = await render("human", data, view, page);
    expect([...chunks].join("")).toBe("name\n──────\n@a:b.c");
    expect(notes).toEqual(["1\\x07"]);
  });

  it.each<Format>(["yaml", "json", "minified", "pprint"])("gives %s the whole data and no notes", async (format) => {
    const { chunks, notes } = await render(format, data, view, page);
    expect([...chunks].join("")).toMatch(/users[^]*@a:b\.c/);
    expect([...chunks].join("")).not.toMatch(/\n$/);
    expect(notes).toEqual([]);
  });

  it.each<[Format, unknown, string]>([
    ["yaml", [], "[]"],
    ["yaml", {}, "{}"],
    ["json", [], "[]"],
    ["json", {}, "{}"],
    ["minified", null, "null"],
    ["pprint", null, "None"],
    ["human", [], "(none)"],
    ["human", {}, "(none)"],
    ["human", null, "(none)"],
  ])("never gives nothing: %s of %j", async (format, empty, expected) => {
    expect(await text(format, empty)).toBe(expected);
  });

  it.each(formats)("makes %s of a long list while it is taken", async (format) => {
    const users = Array.from({ length: 5000 }, (_, at) => ({ name: `@user${at}:example.org`, admin: false }));
    const { chunks } = await render(format, { users }, { human: () => ({ blocks: [{ data: users }] }) }, page);
    const lengths = [...chunks].map(({ length }) => length);
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths)).toBeLessThan(40000);
  });

  it.each(formats)("leaves out of %s what is undefined", async (format) => {
    expect(await text(format, { a: undefined, b: [{ c: undefined, d: 1 }] })).toBe(
      await text(format, { b: [{ d: 1 }] }),
    );
  });
});
