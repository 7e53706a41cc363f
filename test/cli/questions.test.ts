import { PassThrough, Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/cli/errors.js";
import { writeResult } from "../../src/cli/print.js";
import { readLine } from "../../src/cli/read-line.js";
import { memoryIo, synadm } from "../helpers/synadm.js";

describe("a line of an answer", () => {
  const text = async (input: Readable) => (await readLine(input))?.text;

  it("leaves what follows it for the next question, however it is cut", async () => {
    for (const size of [1, 2, 5, 100]) {
      const all = Buffer.from("\ufeffäöü\n\nzwei\r\nlast");
      const input = new PassThrough();
      for (let at = 0; at < all.length; at += size) input.write(all.subarray(at, at + size));
      input.end();
      const lines = [];
      for (let line = await text(input); line !== undefined; line = await text(input)) lines.push(line);
      expect({ size, lines }).toEqual({ size, lines: ["äöü", "", "zwei\r", "last"] });
      expect(await text(input)).toBeUndefined();
    }
  });

  it("that never ends is given up at 1 MiB", async () => {
    let given = 0;
    const endless = new Readable({
      read() {
        given += 65536;
        this.push(Buffer.alloc(65536));
      },
    });
    await expect(readLine(endless)).rejects.toThrow(UsageError);
    expect(given).toBeLessThan(2 ** 21);
  });

  it("that cannot be read is the stream's error", async () => {
    const broken = new Readable({ read: () => undefined });
    const line = readLine(broken);
    broken.destroy(new Error("EIO"));
    await expect(line).rejects.toThrow("EIO");
    expect(await readLine(broken)).toBeUndefined();
  });
});

it("names --batch only for what it answers", async () => {
  for (const argv of [["user", "password", "alice"], ["config"]]) {
    const { code, stderr } = await synadm(argv);
    expect({ code, stderr }).toEqual({ code: 5, stderr: expect.not.stringContaining("answers yes") as string });
  }
});

it.each([
  "group delete +friends:example.test",
  "media delete --before 2021-01-01",
  "media purge --before 2021-01-01",
  "regtok delete abcd",
  "user password alice",
  "user modify --password-prompt alice",
])("asks nothing where there is no token to go on with: %s", async (line) => {
  const config = { base_url: "http://synapse.test" };
  const { code, stderr } = await synadm(line.split(" "), { config, stdin: "y\ny\n" });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringMatching(/^synadm: no access token is configured[^\n]*\n$/) as string,
  });
});

it("with --batch shows no question", async () => {
  const { stderr } = await synadm(["--batch", "matrix", "raw", "-p", "client/versions"]);
  expect(stderr).toBe("synadm: --batch asks nothing: give --token or MTOKEN\n");
});

it.each([
  ["many chunks", Array.from({ length: 100 }, () => "x".repeat(16384))],
  ["one long chunk", ["x".repeat(2 ** 20 + 1)]],
])("%s of a result leave room for signals", async (_name, chunks) => {
  const io = memoryIo({});
  const written: string[] = [];
  const stdout = {
    write(text: string, done?: () => void) {
      written.push(text);
      done?.();
    },
  };
  const whole = writeResult({ ...io, stdout }, chunks);
  await setImmediate();
  expect(written.join("").length).toBeLessThan(100_000);
  await whole;
  expect(written.join("")).toBe(`${chunks.join("")}\n`);
});

it("a result is not cut within a character", async () => {
  const io = memoryIo({});
  const written: Buffer[] = [];
  const stdout = {
    write(text: string, done?: () => void) {
      written.push(Buffer.from(text));
      done?.();
    },
  };
  const text = `x${"😀".repeat(100_000)}`;
  await writeResult({ ...io, stdout }, [text]);
  expect(Buffer.concat(written).toString() === `${text}\n`).toBe(true);
});
