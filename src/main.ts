import { createReadStream } from "node:fs";
import { userInfo } from "node:os";
import { isAbsolute } from "node:path";
import { isatty } from "node:tty";
import { directOutput, isDirectory, isPipeOrSocket, isTerminalDevice } from "./cli/direct-output.js";
import { exitCodes, report } from "./cli/errors.js";
import type { Io, Terminal } from "./cli/io.js";
import { run } from "./cli/program.js";

// Where Node finds both, it says so on stderr and goes by FORCE_COLOR, also by an empty one. Here NO_COLOR counts more.
if (process.env["NO_COLOR"]) delete process.env["FORCE_COLOR"];
else delete process.env["NO_COLOR"];
if (process.env["FORCE_COLOR"] === "") delete process.env["FORCE_COLOR"];

// The C library takes a file, too; Node silently goes by UTC, or by a zone without summer time.
const zone = process.env["TZ"]?.replace(/^:?(\/usr\/share\/zoneinfo\/)?(posix\/)?/, "");
if (zone === "/etc/localtime") delete process.env["TZ"];
else if (zone !== undefined && zone !== process.env["TZ"]) process.env["TZ"] = zone;

/** As long as it ends the program without us, as it does with help, a signal does so in the middle of a write, too. */
let watching = false;

/** Whether a question has a terminal of its own. */
let asking = false;

/** stderr, once something was to be said there. */
let spoken: NodeJS.WriteStream | undefined;

/** Node sets a stream up when it is first looked at, and what is not needed costs start-up time. */
const io: Io = {
  get stdin() {
    // Node takes a directory for an input that is at its end: an empty body would be sent.
    return isDirectory(0) ? createReadStream("", { fd: 0 }) : process.stdin;
  },
  get stdout() {
    return isTerminalDevice(1) || (watching && isPipeOrSocket(1)) ? listening(process.stdout) : directOutput(1);
  },
  get stderr() {
    return (spoken = listening(process.stderr));
  },
  openTerminal,
  env: process.env,
  home: homeOfUser(),
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  lastWords: new Set(),
  watchSignals() {
    if (watching) return;
    watching = true;
    for (const [signal, code] of Object.entries(signals)) process.once(signal, () => end(code));
    process.once("SIGINT", interrupt);
  },
  onContinue(listener) {
    process.on("SIGCONT", listener);
    return () => process.removeListener("SIGCONT", listener);
  },
  onExit(listener) {
    process.on("exit", listener);
    return () => process.removeListener("exit", listener);
  },
};

const signals = {
  SIGTERM: exitCodes.terminated,
  SIGHUP: exitCodes.hungUp,
  SIGQUIT: exitCodes.quit,
};

function end(code: number): never {
  sayLastWords();
  return leave(code);
}

/**
 * A shell ends its loop where Ctrl-C ended the program, and goes on where the program came to an end by itself. A person
 * who is being asked something may have a terminal that Node has to leave as it was.
 */
function interrupt(): never {
  sayLastWords();
  const isRaw = isatty(0) && process.stdin.isRaw;
  if ([0, 1, 2].some(isatty) && !asking && !isRaw) {
    process.removeAllListeners("SIGINT");
    process.kill(process.pid, "SIGINT");
  }
  return leave(exitCodes.interrupted); // as the first process of a container, which no signal ends
}

function sayLastWords(): void {
  for (const say of io.lastWords) io.stderr.write(say());
}

/** What is still open, such as a pipe on stdin that nobody closes, does not hold up the end. */
function finish(code: number): void {
  if (spoken === undefined) leave(code);
  else spoken.write("", () => leave(code));
}

/** Node aborts where it is to leave a terminal as it was and that is gone. To a shell the signal says what 129 does. */
function leave(code: number): never {
  if ([0, 1, 2].some((descriptor) => isTerminalDevice(descriptor) && !isatty(descriptor))) {
    process.removeAllListeners("SIGHUP");
    process.kill(process.pid, "SIGHUP");
  }
  process.exit(code);
}

/** Never the folder that one happens to be in. A service may run as a user that nobody knows, who has no home. */
function homeOfUser(): string {
  const { HOME: home = "" } = process.env;
  if (isAbsolute(home)) return home;
  try {
    return userInfo().homedir;
  } catch {
    return "/";
  }
}

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
    asking = true;
    const close = () => {
      asking = false;
      for (const stream of [input, output]) stream.destroy();
    };
    return { input, output, close };
  } catch {
    return undefined;
  }
}

/** Node itself would print an error with all that hangs on it, such as a request with its headers. */
function crash(error: unknown): never {
  io.stderr.write(report(error, true));
  return end(exitCodes.bug);
}
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);
// Nothing is waited for any more, and there is no result: that is no success.
process.once("beforeExit", () => crash(new Error("it came to its end without a result")));

/** npm only warns of it; what is missing would show later, in the middle of a command. */
function tooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < 20 || (major === 20 && minor < 19);
}

const { node } = process.versions;
if (tooOld(node)) {
  io.stderr.write(`synadm: it needs Node 20.19 or later, and this is ${node}\n`);
  finish(exitCodes.usage);
} else {
  void run(process.argv.slice(2), io).then(finish);
}
