import { render, type Format, type Page, type View } from "../output/index.js";
import { OutputError } from "./errors.js";
import { write, type Io } from "./io.js";

/** For an answer whose empty object says that it is done. */
export const doneView: View<object> = { human: (data) => ({ blocks: [{ data, empty: "done" }] }) };

/** Writes one document to stdout, and its notes to stderr. */
export async function printDocument<T>(io: Io, format: Format, data: T, view: View<T>, page: Page): Promise<void> {
  const { chunks, notes } = await render(format, data, view, page);
  await writeResult(io, chunks);
  for (const note of notes) io.stderr.write(`${note}\n`);
}

/** @throws OutputError when stdout is closed or its disk is full */
export async function writeResult(io: Io, chunks: Iterable<string>): Promise<void> {
  try {
    for (const chunk of chunks) if (chunk !== "") await write(io.stdout, chunk);
    await write(io.stdout, "\n");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("E")) throw error;
    throw new OutputError(
      code === "EPIPE" || code === "ERR_STREAM_DESTROYED",
      error instanceof Error ? error.message : code,
    );
  }
}
