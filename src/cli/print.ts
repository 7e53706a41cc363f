import { render, type Format, type Page, type View } from "../output/index.js";
import { OutputError } from "./errors.js";
import { write, type Io, type Output } from "./io.js";

/** For an answer whose empty object says that it is done: people read this sentence in its place. */
export function said(sentence = "done"): View<object> {
  return { human: (data) => ({ blocks: [{ data, empty: sentence }] }) };
}

/** Writes one document to stdout, and its notes to stderr. */
export async function printDocument<T>(io: Io, format: Format, data: T, view: View<T>, page: Page): Promise<void> {
  const { chunks, notes } = await render(format, data, view, page);
  await writeResult(io, chunks);
  for (const note of notes) io.stderr.write(`${note}\n`);
}

/** @throws OutputError when stdout is closed or its disk is full */
export async function writeResult(io: Io, chunks: Iterable<string>): Promise<void> {
  try {
    await writeLine(io.stdout, chunks);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("E")) throw error;
    throw new OutputError(
      code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED",
      error instanceof Error ? error.message : code,
    );
  }
}

/** Writes what may be long, and a line end, so that a signal can come in between. */
export async function writeLine(output: Output, chunks: Iterable<string>): Promise<void> {
  let isFirst = true;
  for (const chunk of pieces(chunks)) {
    if (chunk === "") continue;
    if (!isFirst) await signals();
    isFirst = false;
    await write(output, chunk);
  }
  await write(output, "\n");
}

/** What is written at once keeps signals waiting until a slow reader has taken it. */
function* pieces(chunks: Iterable<string>): Generator<string> {
  for (const chunk of chunks) yield* chunk.length > 32768 ? (chunk.match(/[^]{1,32768}/gu) ?? []) : [chunk];
}

/** Lets Node see to signals, which it does not while a write is done at once, or anything else. */
export function signals(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
