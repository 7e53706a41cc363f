import { closeSync, fstatSync, openSync, readSync, realpathSync, statSync } from "node:fs";

const maxBytes = 2 ** 20;

/**
 * Reads a small file, or what another process has ready, such as `/dev/fd/63`. A byte order mark is no part of the
 * text.
 *
 * @throws Error when it is larger than a small file, or a named pipe: opening one waits, and no Ctrl-C ends that
 */
export function readSmallFile(path: string): { text: string; exposed: boolean } {
  if (isNamedPipe(path)) throw new Error("it is a named pipe");
  const file = openSync(path, "r"); // Node's promises for files take longer to load than to read it
  try {
    const buffer = Buffer.allocUnsafe(maxBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(file, buffer, length, buffer.length - length, null);
    if (length > maxBytes) throw new Error("it is larger than 1 MiB");
    const stat = fstatSync(file);
    const text = buffer.toString("utf8", 0, length).replace(/^\ufeff/, "");
    return { text, exposed: stat.isFile() && (stat.mode & 0o077) !== 0 };
  } finally {
    closeSync(file);
  }
}

/** A pipe without a name, which another process writes to, has no real path. */
function isNamedPipe(path: string): boolean {
  if (!statSync(path).isFIFO()) return false;
  try {
    return statSync(realpathSync(path)).isFIFO();
  } catch {
    return false;
  }
}
