import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { built } from "./build.js";

/** The built command line, as an argument list for a shell or `spawn`. */
export const executable = [process.execPath, join(built, "synadm.cjs")] as const;

/** A fresh home with a configuration file that only its owner can read. */
export function homeWith(config: Readonly<Record<string, string | number | boolean>> | undefined): string {
  const home = mkdtempSync(join(tmpdir(), "synadm-home-"));
  if (config) {
    const lines = Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
    writeFileSync(join(home, "synadm.yaml"), lines.join(""), { mode: 0o600 });
  }
  return home;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Started {
  /** As typed by a shell script: `synadm` stands for the built command line. */
  shell: string;
  home: string;
  stdin?: string;
  env?: Readonly<Record<string, string>>;
}

/** Runs a shell line in a process of its own, without a terminal. */
export function inShell({ shell, home, stdin = "", env = {} }: Started): Promise<Ended> {
  // setsid: no controlling terminal, whatever the tests are started from.
  const child = spawn("setsid", ["-w", "bash", "-c", withFunction(shell)], {
    env: environment(home, env),
    stdio: "pipe",
  });
  child.stdin.on("error", () => undefined).end(stdin);
  const ended = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (ended.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (ended.stderr += text));
  return new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal, ...ended })));
}

/** A shell line on a pseudo-terminal, made by util-linux's `script`. */
export class OnTerminal {
  screen = "";
  readonly #child;
  readonly #closed: Promise<number | null>;
  #changed: () => void = () => undefined;

  constructor({ shell, home, env = {} }: Omit<Started, "stdin">) {
    const line = `stty cols 80 rows 24; ${withFunction(shell)}`;
    this.#child = spawn("script", ["-qefc", `bash -c ${quoted(line)}`, "/dev/null"], {
      env: { ...environment(home, env), TERM: "xterm", SHELL: "/bin/bash" },
      stdio: "pipe",
    });
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.screen += text;
      this.#changed();
    });
    this.#closed = new Promise((resolve) => this.#child.on("close", resolve));
  }

  /** Waits until the text is there, then types. */
  async answer(see: string, keys: string | Buffer): Promise<void> {
    const from = this.#seen;
    const deadline = Date.now() + 10_000;
    while (!this.screen.slice(from).includes(see)) {
      if (Date.now() > deadline)
        throw new Error(`waited for ${JSON.stringify(see)}, saw ${JSON.stringify(this.screen)}`);
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
        setTimeout(resolve, 100);
      });
    }
    this.#seen = this.screen.length;
    this.#child.stdin.write(keys);
  }

  #seen = 0;

  /** As when a window is shut or a connection is lost. */
  hangUp(): void {
    this.#child.kill("SIGKILL");
  }

  async end(): Promise<{ code: number | null; screen: string }> {
    const code = await this.#closed;
    return { code, screen: this.screen };
  }
}

/** Whether this machine has what `OnTerminal` needs. */
export const hasTerminal = spawnSync("script", ["--version"]).status === 0;

function environment(home: string, env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], TZ: process.env["TZ"], LANG: "C.UTF-8", HOME: home, ...env };
}

function withFunction(shell: string): string {
  return `synadm() { ${executable.map(quoted).join(" ")} -c "$HOME/synadm.yaml" "$@"; }; ${shell}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
