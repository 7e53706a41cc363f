import { HttpError, InvalidValueError, NetworkError } from "../api/errors.js";
import { ConfigError } from "../config/errors.js";
import { visible } from "../output/visible.js";
import { hintFor } from "./hints.js";

/** Documented in `synadm --help`. */
export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 2,
  noAnswer: 3,
  partly: 4,
  aborted: 5,
  bug: 70,
  notWritten: 74,
  hungUp: 129,
  interrupted: 130,
  quit: 131,
  terminated: 143,
} as const;

/** The command line is wrong; nothing was changed. */
export class UsageError extends Error {}

/** The person said no, or nobody could be asked. */
export class Aborted extends Error {}

/** Ctrl-C at a question. */
export class Interrupted extends Error {}

/** Ctrl-\ at a question. */
export class Quit extends Error {}

/** The result could not be written. */
export class OutputError extends Error {
  constructor(
    readonly closed: boolean,
    reason: string,
  ) {
    super(`cannot write the result: ${reason}`);
  }
}

/** The homeserver answered, and what was wanted is not done: the job it ran failed, or there was nothing to do it to. */
export class JobFailed extends Error {}

/** Some of several items failed. The result, which names them, is printed already. */
export class PartialFailure extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof HttpError || error instanceof JobFailed) return exitCodes.refused;
  if (error instanceof UsageError || error instanceof ConfigError || error instanceof InvalidValueError)
    return exitCodes.usage;
  if (error instanceof NetworkError) return exitCodes.noAnswer;
  if (error instanceof PartialFailure) return error.code;
  if (error instanceof Aborted) return exitCodes.aborted;
  if (error instanceof Interrupted) return exitCodes.interrupted;
  if (error instanceof Quit) return exitCodes.quit;
  if (error instanceof OutputError) return error.closed ? exitCodes.done : exitCodes.notWritten;
  return exitCodes.bug;
}

/** What an error says; anything can be thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What went wrong, in a line; text of the homeserver or of the person is made harmless. */
export function reason(error: unknown): string {
  if (error instanceof HttpError || error instanceof NetworkError)
    return visible(`cannot ${error.purpose}: ${error.message}`);
  return visible(messageOf(error));
}

/** The lines for stderr. */
export function report(error: unknown, debug: boolean): string {
  const hint = hintFor(error);
  const isBug = exitCodeOf(error) === exitCodes.bug;
  const message = isBug ? `this is a bug in synadm: ${reason(error)}` : reason(error);
  return [
    `synadm: ${message}\n`,
    ...(hint === undefined ? [] : [`hint: ${hint}\n`]),
    ...(isBug ? [`hint: ${debug ? "" : "add -vv to see where; "}please report it\n`] : []),
    ...(debug && error instanceof Error ? framesOf(error).map((frame) => `${visible(frame)}\n`) : []),
  ].join("");
}

/** Where it was thrown. The message, which the stack begins with, is said already and may have lines of its own. */
function framesOf({ name, message, stack = "" }: Error): string[] {
  const after = stack.indexOf(message) + message.length;
  return [name, ...stack.slice(after).split("\n").slice(1)];
}
