import { openSync, writeSync } from "node:fs";
import type { Logger } from "../api/log.js";
import { visible } from "../output/visible.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";

/** Says on stderr what `-v` and `-vv` ask for, and everything in the file of `--log-file`. */
export function loggerFor({ globals, io }: Context): Logger {
  const file = globals.logFile === undefined ? undefined : appendTo(globals.logFile);
  const lines = (text: string) =>
    text
      .split("\n")
      .map((line) => `${visible(line)}\n`)
      .join("");
  const say = (level: number, text: string) => {
    if (globals.verbose >= level) io.stderr.write(lines(text));
    file?.(`${new Date(io.now()).toISOString()} ${lines(text)}`);
  };
  return {
    info: (text) => say(1, text),
    debug: (text) => {
      if (globals.verbose >= 2 || file) say(2, text());
    },
  };
}

/** Written at once, so that the last line before a crash is there. */
function appendTo(path: string): (text: string) => void {
  try {
    const file = openSync(path, "a", 0o600);
    return (text) => void writeSync(file, text);
  } catch (error) {
    throw new UsageError(`--log-file: ${error instanceof Error ? error.message : String(error)}`);
  }
}
