import { homedir } from "node:os";
import { exitCodes } from "./cli/errors.js";
import type { Io, Terminal } from "./cli/io.js";
import { run } from "./cli/program.js";

/** Node sets a stream up when it is first looked at, and what is not needed costs start-up time. */
const io: Io = {
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return listening(process.stdout);
  },
  get stderr() {
    return listening(process.stderr);
  },
  openTerminal,
  env: process.env,
  home: process.env["HOME"] ?? homedir(),
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A reader that went away is noticed where the result is written; without a listener it would be a crash. */
function listening(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (stream.listenerCount("error") === 0) stream.on("error", () => undefined);
  return stream;
}

/** Where stdin is a pipe, the person still sits at the terminal that the process belongs to. */
async function openTerminal(): Promise<Terminal | undefined> {
  const [{ openSync }, { ReadStream, WriteStream }] = await Promise.all([import("node:fs"), import("node:tty")]);
  try {
    const input = new ReadStream(openSync("/dev/tty", "r"));
    const output = new WriteStream(openSync("/dev/tty", "w"));
    return { input, output, close: () => [input, output].forEach((stream) => void stream.destroy()) };
  } catch {
    return undefined;
  }
}

const signals = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated, SIGHUP: exitCodes.hungUp };
for (const [signal, code] of Object.entries(signals)) process.once(signal, () => process.exit(code));

void run(process.argv.slice(2), io).then((code) => void (process.exitCode = code));
