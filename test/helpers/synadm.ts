import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { run } from "../../src/cli/program.js";
import type { Io } from "../../src/cli/io.js";

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export interface World {
  /** Lines of the configuration file; null: there is none. Default: a token for `http://synapse.test`. */
  config?: Readonly<Record<string, string | number | boolean>> | string | null;
  /** What is piped into stdin. */
  stdin?: string;
  /** A person sits there: stdin is a terminal, and `stdin` what is typed. */
  attended?: boolean;
  env?: Readonly<Record<string, string>>;
  home?: string;
  /** Milliseconds since the epoch. */
  now?: number;
  /** Columns of a terminal on stdout; without it, stdout is a pipe. */
  columns?: number;
}

export const defaultConfig = {
  user: "admin",
  token: "s3cret",
  base_url: "http://synapse.test",
  homeserver: "example.test",
  format: "yaml",
} as const;

/** Runs a command line in this process: a real configuration file in a fresh home, streams in memory. */
export async function synadm(argv: readonly string[], world: World = {}): Promise<Result> {
  const home = world.home ?? (await mkdtemp(join(tmpdir(), "synadm-test-")));
  const config = world.config === undefined ? defaultConfig : world.config;
  const path = join(home, "synadm.yaml");
  if (config !== null) {
    const text =
      typeof config === "string"
        ? config
        : Object.entries(config)
            .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
            .join("");
    await writeFile(path, text, { mode: 0o600 });
  }
  const io = memoryIo({ ...world, home });
  const code = await run(config === null || argv.includes("-c") ? argv : ["-c", path, ...argv], io);
  return { code, stdout: io.stdout.text, stderr: io.stderr.text };
}

/** Streams in memory; stdin is no terminal unless `attended`. */
export function memoryIo(world: World): Io & { stdout: Memory; stderr: Memory } {
  const stdin = Object.assign(new PassThrough(), { isTTY: world.attended === true });
  stdin.end(world.stdin ?? "");
  return {
    stdin,
    stdout: new Memory(world.columns),
    stderr: new Memory(undefined),
    openTerminal: () => Promise.resolve(undefined),
    env: { NO_COLOR: "1", ...world.env },
    home: world.home ?? "/nowhere",
    now: () => world.now ?? Date.now(),
    sleep: () => Promise.resolve(),
    lastWords: new Set(),
    watchSignals: () => undefined,
    onContinue: () => () => undefined,
    onExit: () => () => undefined,
  };
}

class Memory extends Writable {
  text = "";
  readonly isTTY: boolean;
  readonly columns?: number;

  constructor(columns: number | undefined) {
    super({ decodeStrings: false });
    this.isTTY = columns !== undefined;
    if (columns !== undefined) this.columns = columns;
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk;
    done();
  }
}
