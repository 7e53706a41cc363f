import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { directOutput, isTerminalDevice } from "../../src/cli/direct-output.js";
import { write } from "../../src/cli/io.js";

const open: number[] = [];
afterEach(() => open.splice(0).forEach(closeSync));

function opened(path: string, flags: string | number): number {
  const descriptor = openSync(path, flags);
  open.push(descriptor);
  return descriptor;
}

const fresh = (name: string) => join(mkdtempSync(join(tmpdir(), "synadm-out-")), name);

describe("direct output", () => {
  it("writes text as UTF-8", async () => {
    const path = fresh("file");
    const output = directOutput(opened(path, "w"));
    await write(output, "Łódź ");
    await write(output, "😀\n");
    expect(readFileSync(path, "utf8")).toBe("Łódź 😀\n");
  });

  it("waits for a reader who is behind", async () => {
    const path = fresh("pipe");
    execFileSync("mkfifo", [path]);
    const pipe = opened(path, constants.O_RDWR | constants.O_NONBLOCK);
    const filler = fill(pipe);
    const written = write(directOutput(pipe), "the end");
    let read = "";
    while (!read.endsWith("the end")) {
      const buffer = Buffer.alloc(65536);
      read += buffer.toString("latin1", 0, readSync(pipe, buffer));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await written;
    expect(read).toBe("x".repeat(filler) + "the end");
  });

  it("tells a failure", async () => {
    await expect(write(directOutput(opened("/dev/full", "w")), "text")).rejects.toThrow("ENOSPC");
  });
});

/** Writes to a pipe until it takes no more; returns how much it took. */
function fill(pipe: number): number {
  for (let size = 0; ;) {
    try {
      size += writeSync(pipe, "x".repeat(4096));
    } catch {
      return size;
    }
  }
}

it("knows a terminal from other devices and files", () => {
  expect(isTerminalDevice(opened("/dev/ptmx", "r+"))).toBe(true);
  expect(isTerminalDevice(opened("/dev/full", "w"))).toBe(false);
  expect(isTerminalDevice(opened("/dev/null", "w"))).toBe(false);
  expect(isTerminalDevice(opened(fresh("file"), "w"))).toBe(false);
});
