import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { parse } from "lossless-json";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";
import { homeWith, inShell } from "../helpers/process.js";
import { thorough } from "../helpers/thorough.js";
import { misread, python, type Document } from "../output/python.js";
import { closeAll, serve, serveText } from "./servers.js";

beforeAll(() => nock.restore());
afterEach(closeAll);
afterAll(() => nock.activate());

const run = (baseUrl: string, argv: readonly string[]) =>
  synadm(argv, {
    config: null,
    home: "/nonexistent",
    env: { SYNADM_TOKEN: "tok", SYNADM_BASE_URL: baseUrl, SYNADM_HOMESERVER: "example.test" },
  });

const formats = ["json", "minified", "yaml", "pprint", "human"] as const;

/** JSON as a server sends it, written without `JSON.stringify`, which has no word for some of it. */
const scalars = [
  "9223372036854775807",
  "-9223372036854775808",
  "123456789012345678901234567890",
  "9007199254740993",
  "1e400",
  "-1e400",
  "-0",
  "-0.0",
  "1e-400",
  "1E5",
  "0.1",
  "1e22",
  "12345678901234567890.5",
  "true",
  "null",
  '""',
  '"no"',
  '"1_000"',
  '"~"',
  '"2020-01-01"',
  '"\\ud800"',
  '"\\u0000\\u001b[31m\\u202e\\u2028\\ud83d\\ude00"',
  '"Łódź 日本 👩‍👩‍👧"',
  '"a\\nb\\n"',
  "[]",
  "{}",
];
const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(...scalars),
    fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => JSON.stringify(text)),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
    fc
      .array(
        fc.tuple(
          fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "", "1", "y", "a"), fc.string()),
          tie("value"),
        ),
        {
          maxLength: 4,
        },
      )
      .map((fields) => `{${fields.map(([key, value]) => `${JSON.stringify(key)}: ${value}`).join(", ")}}`),
  ),
})).value;

/** As the client reads it, with integers whole. */
function valueOf(text: string): unknown {
  return parse(text, null, {
    parseNumber: (digits) =>
      /^-?\d+$/.test(digits) && !Number.isSafeInteger(Number(digits)) ? BigInt(digits) : Number(digits),
    onDuplicateKey: ({ newValue }) => newValue,
  });
}

const commands: readonly { argv: readonly string[]; answer: (value: string) => string }[] = [
  { argv: ["raw", "x"], answer: (value) => value },
  {
    argv: ["room", "state", "!a:example.test"],
    answer: (value) => `{"state": [{"type": "x", "state_key": "", "content": {"value": ${value}}}]}`,
  },
  {
    argv: ["user", "details", "@a:example.test"],
    answer: (value) => `{"name": "@a:example.test", "unknown": ${value}}`,
  },
];

describe("what the server sends is what is printed", () => {
  /** Runs each command in each format; JSON is compared here, the rest is for Python to read. */
  async function documents(value: string): Promise<Document[]> {
    const found: Document[] = [];
    for (const { argv, answer } of commands) {
      const baseUrl = await serveText(answer(value));
      const data = valueOf(answer(value));
      for (const format of formats) {
        const { code, stdout, stderr } = await run(baseUrl, ["-o", format, ...argv]);
        expect({ code, stderr: format === "human" ? "" : stderr, value }).toEqual({ code: 0, stderr: "", value });
        if (format === "json" || format === "minified") expect(valueOf(stdout)).toEqual(data);
        else if (format !== "human") found.push({ format, text: stdout, data });
      }
    }
    return found;
  }

  let made: Promise<Document[][]> | undefined;
  const forPython = () => (made ??= Promise.all([...scalars, ...fc.sample(json, thorough ? 100 : 10)].map(documents)));

  it("whatever it is", async () => {
    await forPython();
  });

  it.skipIf(!python)(
    "and read by Python as such (skipped where it or PyYAML is absent)",
    async () => {
      expect(misread((await forPython()).flat())).toEqual([]);
    },
    20_000,
  );

  it("also where a key comes twice: the last counts, with huge numbers near and without", async () => {
    for (const other of ["1", "9223372036854775807"]) {
      const { stdout } = await run(await serveText(`{"b": ${other}, "a": 1, "a": 2}`), ["-o", "m", "raw", "x"]);
      expect(stdout).toBe(`{"b":${other},"a":2}\n`);
    }
  });

  it("also with bytes that are no text: they alone are lost", async () => {
    const baseUrl = await serve((_request, response) => {
      response.end(Buffer.from([...Buffer.from('{"a":"x'), 0xff, 0xc3, ...Buffer.from('y"}')]));
    });
    const { stdout, code } = await run(baseUrl, ["-o", "m", "raw", "x"]);
    expect({ stdout, code }).toEqual({ stdout: '{"a":"x\ufffd\ufffdy"}\n', code: 0 });
  });

  it("also a text of millions of characters", async () => {
    const text = "a👩\u001b".repeat(thorough ? 2_500_000 : 250_000);
    const baseUrl = await serveText(JSON.stringify({ text }));
    const { code, stdout } = await run(baseUrl, ["-o", "m", "raw", "x"]);
    expect({ code, same: (JSON.parse(stdout) as { text: string }).text === text }).toEqual({
      code: 0,
      same: true,
    });
  });
});

describe("nesting", () => {
  const shapes: readonly [string, (depth: number) => string][] = [
    ["lists", (depth) => "[".repeat(depth) + "]".repeat(depth)],
    ["objects", (depth) => '{"a":'.repeat(depth) + "1" + "}".repeat(depth)],
    ["both, with huge numbers", (depth) => '[{"a":'.repeat(depth / 2) + "9223372036854775807" + "}]".repeat(depth / 2)],
  ];

  it.each(shapes)("of %s is printed as deep as servers go", async (_name, nested) => {
    const text = nested(500);
    const baseUrl = await serveText(text);
    for (const format of formats) {
      const { code, stdout } = await run(baseUrl, ["-o", format, "-vv", "raw", "x"]);
      expect({ format, code }).toEqual({ format, code: 0 });
      if (format === "minified") expect(stdout.trim()).toBe(text);
    }
  });

  it.each(shapes)("of %s without end is no answer", async (_name, nested) => {
    for (const depth of [1002, 10_000, 1_000_000]) {
      const baseUrl = await serveText(nested(depth));
      for (const format of formats) {
        const { code, stdout, stderr } = await run(baseUrl, ["-o", format, "raw", "x", "-vv"]);
        expect({ depth, code, stdout }).toEqual({ depth, code: 3, stdout: "" });
        expect(stderr).toContain("synadm: cannot GET x: 200 with JSON nested deeper than 1000 levels\n");
      }
    }
  });

  it("at the limit is no bug", async () => {
    for (const [, nested] of shapes) {
      const { code, stderr } = await run(await serveText(nested(1000)), ["-o", "m", "-vv", "raw", "x"]);
      expect({ code, stderr: stderr.includes("bug") }).toEqual({ code: 0, stderr: false });
    }
  });

  it("in a text is none", async () => {
    const text = JSON.stringify({ a: "[{".repeat(5000), b: '\\"[\\\\'.repeat(2000), c: "\\" });
    const { code, stdout } = await run(await serveText(text), ["-o", "m", "raw", "x"]);
    expect({ code, same: stdout.trim() === text }).toEqual({ code: 0, same: true });
  });

  it("in an error leaves it an error", async () => {
    const { code, stdout, stderr } = await run(await serveText("[".repeat(100_000), 400), ["raw", "x", "-vv"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("synadm: cannot GET x: 400");
  });
});

/** How else an answer may be packed; the built program has a slimmer HTTP library. */
describe("an answer of the built program", () => {
  const value = { text: "Łódź 👩‍👩‍👧", n: 1 };
  const text = JSON.stringify(value);
  const plain = { "Content-Type": "application/json" };

  it.each<[string, Record<string, string>, string | Buffer]>([
    ["gzip", { ...plain, "Content-Encoding": "gzip" }, gzipSync(text)],
    ["deflate", { ...plain, "Content-Encoding": "deflate" }, deflateSync(text)],
    ["brotli", { ...plain, "Content-Encoding": "br" }, brotliCompressSync(text)],
    ["not compressed, it says", { ...plain, "Content-Encoding": "identity" }, text],
    ["text/plain", { "Content-Type": "text/plain" }, text],
    ["no type at all", {}, text],
    ["another charset, wrongly", { "Content-Type": "application/json; charset=iso-8859-1" }, text],
    ["a byte order mark", plain, `\ufeff${text}`],
    ["blanks around", plain, `\r\n\t ${text} \n\n`],
  ])("%s", async (_name, headers, bytes) => {
    const baseUrl = await serve((_request, response) => {
      response.writeHead(200, headers);
      // In two chunks, cut within a character.
      const all = Buffer.from(bytes);
      response.write(all.subarray(0, 11), () => void setTimeout(() => response.end(all.subarray(11)), 20));
    });
    const home = homeWith({ token: "tok", base_url: baseUrl });
    const { stdout, stderr, code } = await inShell({ shell: "synadm -o m raw x", home });
    expect({ stdout, stderr, code }).toEqual({ stdout: `${text}\n`, stderr: "", code: 0 });
  });

  it.each<[string, Record<string, string>, Buffer, RegExp]>([
    ["is not what it says", { "Content-Encoding": "gzip" }, Buffer.from("no gzip"), /cannot be unpacked/],
    [
      "ends in the middle",
      { "Content-Encoding": "gzip" },
      gzipSync(text).subarray(0, 20),
      /unpacked|broke off|not JSON/,
    ],
    ["is UTF-16", plain, Buffer.from(text, "utf16le"), /not JSON/],
    ["is no text", plain, Buffer.from([0xff, 0xfe, 0, 1, 2]), /not JSON/],
  ])("that %s is none", async (_name, headers, bytes, says) => {
    const baseUrl = await serve((_request, response) => {
      response.writeHead(200, headers);
      response.end(bytes);
    });
    const home = homeWith({ token: "tok", base_url: baseUrl });
    const { stdout, stderr, code } = await inShell({ shell: "synadm -o m raw x", home });
    expect({ stdout, code }).toEqual({ stdout: "", code: 3 });
    expect(stderr).toMatch(says);
  });

  it.each([
    ["minified", thorough ? 100_000 : 10_000],
    ["human", thorough ? 20_000 : 2_000],
  ] as const)("with many rows is there in time: %s", { timeout: 30_000 }, async (format, total) => {
    const users = Array.from({ length: total }, (_, n) => ({
      ...{
        name: `@user${n}:example.test`,
        displayname: `Użytkownik ${n} \u001b[31m`,
        admin: 0,
        creation_ts: 1.6e12 + n,
      },
      ...{ deactivated: 0, is_guest: 0, user_type: null, avatar_url: "", shadow_banned: 0, locked: false },
    }));
    const baseUrl = await serveText(JSON.stringify({ users, total }));
    const home = homeWith({ token: "tok", base_url: baseUrl });
    const began = performance.now();
    const { stdout, stderr, code } = await inShell({ shell: `synadm -o ${format} user list | tail -c 2000`, home });
    expect({ stderr: format === "human" ? "" : stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(stdout).toContain(`@user${total - 1}:`);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
