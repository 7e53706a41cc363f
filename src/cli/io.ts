import type { Readable, Writable } from "node:stream";

/** Everything outside of this process that a command line can see or touch, so that a test can stand in for it. */
export interface Io {
  stdin: Input;
  stdout: Output;
  stderr: Writable & Output;
  /** A terminal to ask on where stdin holds the data; undefined where there is none. */
  openTerminal(): Promise<Terminal | undefined>;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  /** Say on stderr what has been done, should a signal or a bug end the program before the result could. */
  lastWords: Set<() => string>;
  /** From now on, a signal that ends the program is told by its exit code, after the last words. */
  watchSignals: () => void;
  /** Calls when the program goes on after a stop, such as Ctrl-Z; what it returns ends that. */
  onContinue: (listener: () => void) => () => void;
  /** Calls when the program ends, also by a signal or a bug; what it does must be done at once. As with `onContinue`. */
  onExit: (listener: () => void) => () => void;
}

export type Input = Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };

/** What is written to; a part of Node's streams. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

export interface Terminal {
  input: Input;
  output: Writable & Output;
  close(): void;
}

/** Columns of an output: those of its terminal, else what `COLUMNS` says. */
export function columnsOf(output: Output, env: Io["env"], otherwise = 80): number {
  const columns = output.columns ?? Number(env["COLUMNS"]);
  return Number.isInteger(columns) && columns > 0 ? columns : otherwise;
}

/** Colour is for terminals; `NO_COLOR` and `FORCE_COLOR` overrule that, unless they are empty. */
export function wantsColour(output: Output, env: Io["env"]): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced) return forced !== "0" && forced !== "false";
  return output.isTTY === true && env["TERM"] !== "dumb";
}

/** Waits until the stream took the text, so that memory stays small and a full disk is noticed. */
export function write(output: Pick<Output, "write">, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    output.write(text, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
