import { constants } from "node:fs";
import { lstat, mkdir, open, readFile, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { dump, FAILSAFE_SCHEMA, load, Type, YAMLException, DEFAULT_SCHEMA } from "js-yaml";
import { ConfigError } from "./errors.js";

/** What the file says, key by key: the text of each plain value, before anybody takes `0123` for a number. */
export type FileValues = ReadonlyMap<string, string>;

export interface ConfigFile {
  values: FileValues;
  /** Others than the owner may read it. */
  exposed: boolean;
}

const nothing = new Type("tag:yaml.org,2002:null", {
  kind: "scalar",
  resolve: (text: string | null) => text === null || /^(~|null|)$/i.test(text),
  construct: () => null,
});
/** Every plain value stays text: each key knows how to read its own. */
const textSchema = FAILSAFE_SCHEMA.extend({ implicit: [nothing] });

/** YAML 1.1's booleans, so that a key we do not know keeps its value when the file is written again. */
const bool = new Type("tag:yaml.org,2002:bool", {
  kind: "scalar",
  resolve: (text: string) => /^(yes|no|true|false|on|off)$/i.test(text),
  construct: (text: string) => /^(yes|true|on)$/i.test(text),
  predicate: (value) => typeof value === "boolean",
  represent: (value) => JSON.stringify(value),
});
const yaml11 = DEFAULT_SCHEMA.extend({ implicit: [bool] });

/** @returns undefined when there is no such file */
export async function readConfigFile(path: string): Promise<ConfigFile | undefined> {
  let text: string;
  let mode: number;
  try {
    [text, { mode }] = await Promise.all([readFile(path, "utf8"), stat(path)]);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw new ConfigError(`cannot read ${path}: ${reason(error)}`);
  }
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(parseMap(text, path, textSchema))) {
    if (value === null || value === "") continue; // the original writes nulls for what was left empty
    values.set(key, typeof value === "string" ? value : "\0"); // lists and maps: no key of ours takes one
  }
  return { values, exposed: (mode & 0o077) !== 0 };
}

/**
 * Writes `changes` into the file and keeps what else is in it. All or nothing, and readable by the owner alone from its
 * first byte: a new file takes the old one's place.
 *
 * @param changes `null` takes a key out
 */
export async function writeConfigFile(
  path: string,
  changes: Readonly<Record<string, string | number | boolean | null>>,
): Promise<void> {
  try {
    // A link, as dotfile managers make them, stays one: its target is replaced.
    const target = await realpath(path).catch(() => resolve(path));
    const old = await readFile(target, "utf8").catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return "";
      throw error;
    });
    const merged = new Map(Object.entries(parseMap(old, path, yaml11)));
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) merged.delete(key);
      else merged.set(key, value);
    }
    await replace(target, dump(Object.fromEntries(merged), { schema: yaml11, quotingType: "'", lineWidth: -1 }));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`cannot write ${path}: ${reason(error)}`);
  }
}

async function replace(target: string, text: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const existing = await lstat(target).catch(() => undefined);
  if (existing && !existing.isFile()) throw new ConfigError(`cannot write ${target}: it is no regular file`);
  const temporary = join(dirname(target), `.${basename(target)}.${globalThis.crypto.randomUUID()}`);
  const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
    await rename(temporary, target);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

function parseMap(text: string, path: string, schema: typeof yaml11): Record<string, unknown> {
  let data: unknown;
  try {
    data = load(text, { schema, json: true }); // json: as PyYAML, the last of equal keys counts
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Its message quotes the file around the mistake, which may be the token.
    const line = error.mark as { line: number } | undefined;
    throw new ConfigError(`${path} is not YAML: ${error.reason}${line ? ` in line ${line.line + 1}` : ""}`);
  }
  if (data === null || data === undefined) return {};
  if (typeof data !== "object" || Array.isArray(data))
    throw new ConfigError(`${path} must hold keys and values, such as 'token: ...'`);
  return Object.fromEntries(Object.entries(data));
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z]+: /, "").replace(/, \w+ '.*$/s, "") : String(error);
}
