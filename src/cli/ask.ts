import { visible } from "../output/visible.js";
import { Aborted, Interrupted, messageOf, Quit, UsageError } from "./errors.js";
import { wantsColour, write, type Io, type Output, type Terminal } from "./io.js";
import type { Question } from "./prompt.js";
import { lineFeed, readLine } from "./read-line.js";

/** What is asked on: a terminal, or streams of which one or both may be something else. */
export type Place = Pick<Terminal, "input" | "output">;

/**
 * Asks with inquirer where it can move the cursor, elsewhere by line.
 *
 * @throws Aborted when nobody can answer
 */
export async function ask(question: Question, place: Place, io: Io): Promise<string> {
  const { input, output } = place;
  const canDraw = input.isTTY === true && output.isTTY === true && io.env["TERM"] !== "dumb";
  const answer = await (canDraw ? askWithInquirer : askByLine)(question, place, io);
  // What is put in place of bytes that are not UTF-8.
  if (answer.includes("\ufffd")) throw new UsageError("the answer is not UTF-8");
  if (question.hidden === true && input.isTTY === true && /\p{Cc}/u.test(answer))
    throw new UsageError("the answer holds a control character, which nobody saw");
  return answer;
}

async function askByLine(question: Question, { input, output }: Place, io: Io): Promise<string> {
  const { message, default: preset, instead } = question;
  const text = `${visible(message)}${preset === undefined ? "" : ` (${visible(preset)})`} `;
  const isSecret = question.hidden === true && input.isTTY === true;
  const begin = () => {
    if (isSecret) setRaw(input);
    return write(output, text);
  };
  // After a stop, the shell has set the terminal back and has written over the question.
  const forget = input.isTTY === true ? io.onContinue(() => void begin().catch(() => undefined)) : () => undefined;
  try {
    await begin().catch((error: unknown) => {
      throw new Aborted(`the question cannot be shown: ${messageOf(error)}`);
    });
    const line = await readLine(input, isSecret ? rawEnds : undefined).catch((error: unknown) => {
      if (error instanceof UsageError) throw error;
      throw new Aborted(`nobody answered: stdin cannot be read: ${messageOf(error)}`);
    });
    if (isSecret || input.isTTY !== true) output.write("\n");
    if (line?.end === ctrlC) throw new Interrupted("interrupted");
    if (line?.end === ctrlBackslash) throw new Quit("quit");
    if (line === undefined || line.end === ctrlD) throw new Aborted(`nobody answered: stdin is at its end; ${instead}`);
    const answer = isSecret ? edited(line.text) : line.text.replace(/\r$/, "");
    return answer === "" ? (preset ?? "") : answer;
  } finally {
    forget();
    if (isSecret) input.setRawMode?.(false);
  }
}

const ctrlC = 3;
const ctrlD = 4;
const carriageReturn = 13;
const ctrlBackslash = 28;
/** A raw terminal hands these on as they are typed. */
const rawEnds = [ctrlC, ctrlD, lineFeed, carriageReturn, ctrlBackslash];

/** Off first: it may believe that it is. */
function setRaw(input: Place["input"]): void {
  input.setRawMode?.(false);
  input.setRawMode?.(true);
}

/** A raw terminal hands on also what takes characters back: backspace, and Ctrl-U for all. */
function edited(typed: string): string {
  const kept: string[] = [];
  for (const key of typed) {
    if (key === "\u007f" || key === "\b") kept.pop();
    else if (key === "\u0015") kept.length = 0;
    else kept.push(key);
  }
  return kept.join("");
}

/** After a stop, such as Ctrl-Z, the question is asked anew, since the shell has set the terminal back. */
async function askWithInquirer(question: Question, place: Place, io: Io): Promise<string> {
  for (;;) {
    const continued = new AbortController();
    const forget = io.onContinue(() => continued.abort());
    try {
      return await askOnce(question, place, io, continued.signal);
    } catch (error) {
      if (!continued.signal.aborted) throw error;
    } finally {
      forget();
    }
  }
}

async function askOnce(
  { message, hidden, default: preset }: Question,
  { input, output }: Place,
  io: Io,
  signal: AbortSignal,
): Promise<string> {
  const { createPromptModule } = (await import("inquirer")).default;
  // At Ctrl-D readline lets go of its input, and inquirer would wait for ever.
  const ended = new AbortController();
  const end = () => ended.abort();
  input.once("pause", end);
  // With what is typed, inquirer hides the cursor, and shows it again only where it ends by itself.
  const showCursor = () => void output.write("\x1b[?25h");
  const forgetExit = io.onExit(showCursor);
  // A raw terminal hands Ctrl-\ on, and inquirer takes it for a letter.
  const quit = new AbortController();
  const onKey = (_text: string, { sequence }: { sequence?: string }) => {
    if (sequence === "\x1c") quit.abort();
    if (sequence === "\x1a") showCursor(); // Ctrl-Z, on which readline then stops the program
  };
  input.on("keypress", onKey);
  const stops = AbortSignal.any([ended.signal, quit.signal, signal]);
  const prompt = createPromptModule({ input, output, signal: stops });
  try {
    const { answer } = await prompt<{ answer: string }>([
      {
        ...(hidden === true ? { type: "password", toggleMask: false } : { type: "input" }),
        name: "answer",
        message: visible(message),
        theme: await themeFor(output, io.env),
        ...(preset === undefined ? {} : { default: visible(preset) }),
      },
    ]);
    return preset !== undefined && answer === visible(preset) ? preset : answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new Interrupted("interrupted");
    if (quit.signal.aborted) throw new Quit("quit");
    if (ended.signal.aborted) throw new Aborted("nobody answered");
    throw error;
  } finally {
    forgetExit();
    input.removeListener("pause", end);
    input.removeListener("keypress", onKey);
  }
}

/** inquirer's own goes by stdout and by rules of Node's. */
async function themeFor(output: Output, env: Io["env"]): Promise<object> {
  const { Chalk } = await import("chalk");
  const { blue, bold, cyan, dim } = new Chalk({ level: wantsColour(output, env) ? 1 : 0 });
  // Chalk writes all that it is given, and inquirer gives more than the text.
  return {
    prefix: blue("?"),
    style: {
      message: (text: string) => bold(text),
      answer: (text: string) => cyan(text),
      defaultAnswer: (text: string) => dim(`(${text})`),
      help: (text: string) => dim(text),
    },
  };
}
