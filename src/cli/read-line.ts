import type { Readable } from "node:stream";
import { UsageError } from "./errors.js";

const maxBytes = 2 ** 20;

export interface Line {
  text: string;
  /** The byte that ended it; undefined where the input did. */
  end: number | undefined;
}

/**
 * Reads a line and leaves what follows it in the stream, which rests until the next one is wanted. A byte order mark, as
 * some editors write it, is no part of the text.
 *
 * @param ends the bytes that end a line
 * @returns undefined when the input is at its end
 * @throws UsageError when the line never ends; what the stream says when it cannot be read
 */
export function readLine(input: Readable, ends: readonly number[] = [lineFeed]): Promise<Line | undefined> {
  if (input.readableEnded || input.destroyed) return Promise.resolve(undefined);
  const bytes: Buffer[] = [];
  let length = 0;
  const line = (end?: number): Line => ({ text: new TextDecoder().decode(Buffer.concat(bytes)), end });
  return new Promise<Line | undefined>((resolve, reject) => {
    const take = (chunk: Buffer) => {
      const at = chunk.findIndex((byte) => ends.includes(byte));
      bytes.push(at < 0 ? chunk : chunk.subarray(0, at));
      length += bytes.at(-1)?.length ?? 0;
      if (length > maxBytes) stop(() => reject(new UsageError("stdin: a line of it is longer than 1 MiB")));
      else if (at >= 0) stop(() => resolve(line(chunk[at])), chunk.subarray(at + 1));
    };
    const end = () => stop(() => resolve(length > 0 ? line() : undefined));
    const fail = (error: Error) => stop(() => reject(error));
    const stop = (settle: () => void, rest?: Buffer) => {
      input.off("data", take).off("end", end).off("error", fail).pause();
      if (rest !== undefined && rest.length > 0) input.unshift(rest);
      settle();
    };
    input.on("data", take).on("end", end).on("error", fail).resume();
  });
}

export const lineFeed = 10;
