import { Aborted, messageOf, UsageError } from "./errors.js";
import type { Io } from "./io.js";

export interface Question {
  message: string;
  /** Must not be seen while it is typed. */
  hidden?: boolean;
  default?: string;
  /** What spares the question, for whom it cannot reach. */
  instead: string;
}

/** Asks a person: on a terminal, elsewhere by reading lines of stdin. */
export class Prompter {
  readonly #io: Io;
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
    const answer = await this.text({ message: `${message} [y/N]`, instead: "--batch answers yes" });
    return /^\s*(y|yes|t|true|on|1)\s*$/i.test(answer);
  }

  /** @throws Aborted when nobody can answer */
  async text(question: Question): Promise<string> {
    this.#io.watchSignals(); // a terminal is left as it was
    const { ask } = await import("./ask.js");
    const { stdin, stderr } = this.#io;
    // What must not be seen needs more of a terminal than a file on stderr.
    const isUnseen = question.hidden === true && stdin.isTTY === true && stderr.isTTY !== true;
    const terminal = this.#stdinTaken || isUnseen ? await this.#io.openTerminal() : undefined;
    if (terminal === undefined) {
      if (this.#stdinTaken)
        throw new Aborted(`stdin holds the data and there is no terminal to ask on; ${question.instead}`);
      return ask(question, { input: stdin, output: stderr }, this.#io);
    }
    try {
      return await ask(question, terminal, this.#io);
    } finally {
      terminal.close();
    }
  }

  /** What a script pipes in place of an answer; undefined where there is nothing. */
  async piped(): Promise<string | undefined> {
    return this.attended || this.#stdinTaken ? undefined : this.nextLine();
  }

  /**
   * The next line of stdin, undefined at its end. What follows it is not waited for.
   *
   * @throws UsageError
   */
  async nextLine(): Promise<string | undefined> {
    this.#io.watchSignals(); // it may be a secret: SIGQUIT would write it to a core file
    const { readLine } = await import("./read-line.js");
    const line = await readLine(this.#io.stdin).catch((error: unknown) => {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`stdin: ${messageOf(error)}`);
    });
    if (line?.text.includes("\ufffd") === true) throw new UsageError("stdin: it is not UTF-8");
    return line?.text.replace(/\r$/, "");
  }
}
