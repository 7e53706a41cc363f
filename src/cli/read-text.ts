import { createReadStream } from "node:fs";
import { messageOf, UsageError } from "./errors.js";

/** Synapse takes a fifth of it in one request. */
const maxMiB = 64;

/**
 * Reads text that is sent on. Bytes that are not UTF-8 would be sent as U+FFFD: a password that nobody can type, a notice
 * that nobody can read.
 *
 * @param name what it is called in errors
 * @throws UsageError
 */
export async function readText(input: AsyncIterable<unknown>, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of input) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
      chunks.push(bytes);
      length += bytes.length;
      if (length > maxMiB * 2 ** 20) throw new Error(`it is larger than ${maxMiB} MiB`);
    }
    return decode(Buffer.concat(chunks));
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
}

/** The same of a file. */
export function readTextFile(path: string, name: string): Promise<string> {
  return readText(chunksOf(path), name);
}

async function* chunksOf(path: string): AsyncGenerator {
  yield* createReadStream(path); // which throws at once where no file can have that name
}

/** A byte order mark, as some editors write it, is no part of the text. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8");
  }
}
