import { fstatSync, statSync, writeSync } from "node:fs";
import type { Output } from "./io.js";

/** A terminal, also one that is gone; all else is a file, a pipe, a socket, or a device such as `/dev/null`. */
export function isTerminalDevice(descriptor: number): boolean {
  const stat = fstatSync(descriptor);
  const other = rdevOfNull();
  return stat.isCharacterDevice() && other !== undefined && kindOf(stat.rdev) !== kindOf(other);
}

function kindOf(rdev: number): number {
  return rdev & ~0xff;
}

/** A sandbox may hide it. */
function rdevOfNull(): number | undefined {
  try {
    return statSync("/dev/null").rdev;
  } catch {
    return undefined;
  }
}

/** What a reader may be slow to take from. */
export function isPipeOrSocket(descriptor: number): boolean {
  const stat = fstatSync(descriptor);
  return stat.isFIFO() || stat.isSocket();
}

export function isDirectory(descriptor: number): boolean {
  return fstatSync(descriptor).isDirectory();
}

/**
 * An open file, pipe or socket that is written to at once: Node's stream for it takes 3 ms to load and to set up. A
 * reader who takes his time holds up the whole process, signal handlers too.
 */
export function directOutput(descriptor: number): Output {
  return {
    write(text, done) {
      void writeWhole(descriptor, text).then(
        () => done?.(),
        (error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
      );
    },
  };
}

async function writeWhole(descriptor: number, text: string): Promise<void> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      // Whoever it is shared with made it non-blocking, and its reader is behind.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
