import { constants, fstatSync, openSync, writeSync } from "node:fs";
import type { Logger } from "../api/log.js";
import { visible } from "../output/visible.js";
import type { Context } from "./context.js";
import { messageOf, UsageError } from "./errors.js";
import { shellWord } from "./shell.js";

/** Says on stderr what `-v` and `-vv` ask for, and everything in the file of `--log-file`. */
export function loggerFor(ctx: Context): Logger {
  const { globals, io } = ctx;
  const file = globals.logFile === undefined ? undefined : appendTo(globals.logFile, ctx);
  const lines = (text: string) =>
    text
      .split("\n")
      .map((line) => `${visible(line)}\n`)
      .join("");
  const say = (level: number) => (text: () => string) => {
    const shown = globals.verbose >= level;
    if (!shown && file === undefined) return;
    const said = lines(text());
    if (shown) io.stderr.write(said);
    file?.(`${new Date(io.now()).toISOString()} ${said}`);
  };
  return { info: say(1), debug: say(2) };
}

/** `a`, and it does not wait for somebody to read a named pipe. */
const append = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Written at once, so that the last line before a crash is there. */
function appendTo(path: string, ctx: Context): (text: string) => void {
  let file: number;
  try {
    file = openSync(path, append, 0o600);
  } catch (error) {
    throw new UsageError(`--log-file: ${messageOf(error)}`);
  }
  const stat = fstatSync(file);
  if (stat.isFile() && (stat.mode & 0o077) !== 0)
    ctx.warning(`others can read ${path}, and what you do in it: chmod 600 ${shellWord(path)}`);
  let isWritable = true;
  let leftMs = patienceMs;
  return (text) => {
    if (!isWritable) return;
    try {
      leftMs = writeWhole(file, text, leftMs);
    } catch (error) {
      // Half of the changes made would be worse than no log of them.
      isWritable = false;
      ctx.warning(`the log ends here: ${path}: ${messageOf(error)}`);
    }
  };
}

/** How long in all a reader of a pipe may keep the program waiting. */
const patienceMs = 1000;

/**
 * Waits for a reader who is behind, and for nothing else meanwhile.
 *
 * @returns what is left of the patience
 */
function writeWhole(file: number, text: string, leftMs: number): number {
  let rest = Buffer.from(text);
  for (;;) {
    try {
      rest = rest.subarray(writeSync(file, rest));
      if (rest.length === 0) return leftMs;
    } catch (error) {
      const isBehind = error instanceof Error && "code" in error && error.code === "EAGAIN";
      if (!isBehind || leftMs <= 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10); // a nap
      leftMs -= 10;
    }
  }
}
