import type { Interface } from "node:readline";
import { visible } from "../output/visible.js";
import { Aborted, Interrupted } from "./errors.js";
import type { Io, Terminal } from "./io.js";

export interface Question {
  message: string;
  /** Must not be seen while it is typed. */
  hidden?: boolean;
  default?: string;
}

/** Asks a person: on a terminal with inquirer, elsewhere by reading lines of stdin. */
export class Prompter {
  readonly #io: Io;
  #lines: AsyncIterator<string> | undefined;
  #reader: Interface | undefined;
  /** Set where stdin holds the data of the command. */
  #stdinTaken = false;

  constructor(io: Io) {
    this.#io = io;
  }

  /** Whether somebody sits there who would see a question that the original never asked. */
  get attended(): boolean {
    return this.#io.stdin.isTTY === true && !this.#stdinTaken;
  }

  /** From now on, questions go to the terminal itself. */
  takeStdin(): void {
    this.#stdinTaken = true;
  }

  /** @throws Aborted when nobody can answer */
  async yes(message: string): Promise<boolean> {
    const answer = await this.#ask({ message: `${message} [y/N]` });
    return /^\s*(y|yes|t|true|on|1)\s*$/i.test(answer);
  }

  /** @throws Aborted when nobody can answer */
  text(question: Question): Promise<string> {
    return this.#ask(question);
  }

  /** Lets go of stdin, or the process would wait for it. */
  close(): void {
    this.#reader?.close();
    if (this.#reader) this.#io.stdin.pause();
  }

  async #ask(question: Question): Promise<string> {
    this.#io.watchSignals(); // a terminal is left as it was
    if (!this.#stdinTaken) {
      const { stdin, stderr } = this.#io;
      if (stdin.isTTY === true) {
        // inquirer moves the cursor, also where that ends up in a file
        if (stderr.isTTY === true || question.hidden === true) return askWithInquirer(question, stdin, stderr);
      }
      return this.#askByLine(question);
    }
    const terminal = await this.#io.openTerminal();
    if (terminal === undefined)
      throw new Aborted("stdin holds the data and there is no terminal to ask on; --batch answers yes");
    try {
      return await askOnTerminal(question, terminal);
    } finally {
      terminal.close();
    }
  }

  async #askByLine({ message, default: preset }: Question): Promise<string> {
    this.#io.stderr.write(`${visible(message)}${preset === undefined ? "" : ` (${visible(preset)})`} `);
    const { createInterface } = await import("node:readline");
    this.#reader ??= createInterface({ input: this.#io.stdin, crlfDelay: Infinity });
    this.#lines ??= this.#reader[Symbol.asyncIterator]();
    const next = await this.#lines.next().catch((error: unknown) => {
      throw new Aborted(`nobody answered: stdin cannot be read: ${error instanceof Error ? error.message : "?"}`);
    });
    if (this.#io.stdin.isTTY !== true) this.#io.stderr.write("\n");
    if (next.done === true) throw new Aborted("nobody answered: stdin is at its end; --batch answers yes");
    return next.value === "" ? (preset ?? "") : next.value;
  }
}

function askOnTerminal(question: Question, { input, output }: Terminal): Promise<string> {
  return askWithInquirer(question, input, output);
}

async function askWithInquirer(
  { message, hidden, default: preset }: Question,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  const { createPromptModule } = (await import("inquirer")).default;
  // At Ctrl-D readline lets go of its input, and inquirer would wait for ever.
  const ended = new AbortController();
  const end = () => ended.abort();
  input.once("pause", end);
  const prompt = createPromptModule({ input, output, signal: ended.signal });
  try {
    const { answer } = await prompt<{ answer: string }>([
      {
        ...(hidden === true ? { type: "password", toggleMask: false } : { type: "input" }),
        name: "answer",
        message: visible(message),
        ...(preset === undefined ? {} : { default: visible(preset) }),
      },
    ]);
    return answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new Interrupted("interrupted");
    if (ended.signal.aborted) throw new Aborted("nobody answered");
    throw error;
  } finally {
    input.removeListener("pause", end);
  }
}
