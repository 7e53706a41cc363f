import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { dump, FAILSAFE_SCHEMA, load, Type, YAMLException, DEFAULT_SCHEMA } from "js-yaml";
import { ConfigError } from "./errors.js";
import { readSmallFile } from "./small-file.js";

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
export function readConfigFile(path: string): ConfigFile | undefined {
  let file: ReturnType<typeof readSmallFile>;
  try {
    file = readSmallFile(path);
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return undefined; // a service's home may be /dev/null
    throw new ConfigError(`cannot read ${path}: ${reason(error)}`);
  }
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(parseMap(file.text, path, textSchema))) {
    if (value === null || value === "") continue; // the original writes nulls for what was left empty
    values.set(key, typeof value === "string" ? value : "\0"); // lists and maps: no key of ours takes one
  }
  return { values, exposed: file.exposed };
}

/**
 * Writes `changes` into the file and keeps what else is in it. All or nothing, and readable by the owner alone from its
 * first byte: a new file takes the old one's place.
 *
 * @param changes `null` takes a key out
 */
export function writeConfigFile(
  path: string,
  changes: Readonly<Record<string, string | number | boolean | null>>,
): void {
  try {
    // A link, as dotfile managers make them, stays one: its target is replaced.
    const target = existsSync(path) ? realpathSync(path) : resolve(path);
    const old = existsSync(target) ? readSmallFile(target).text : "";
    const merged = new Map(Object.entries(parseMap(old, path, yaml11)));
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) merged.delete(key);
      else merged.set(key, value);
    }
    // Quoted, text is text for YAML 1.1 and 1.2 alike.
    replace(target, dump(Object.fromEntries(merged), { schema: yaml11, forceQuotes: true, lineWidth: -1 }));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`cannot write ${path}: ${reason(error)}`);
  }
}

function replace(target: string, text: string): void {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  if (existsSync(target) && !lstatSync(target).isFile())
    throw new ConfigError(`cannot write ${target}: it is no regular file`);
  const temporary = join(dirname(target), `.${basename(target)}.${globalThis.crypto.randomUUID()}`);
  const file = openSync(temporary, "wx", 0o600);
  try {
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

function parseMap(text: string, path: string, schema: typeof yaml11): Record<string, unknown> {
  let data: unknown;
  try {
    data = load(text, { schema, json: true }); // json: as PyYAML, the last of equal keys counts
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // Its message quotes the file around the mistake, and its reason the name of an alias or tag: either may be the token.
    const mark = error.mark as { line: number } | undefined; // its type forgets that a file can be wrong as a whole
    const what = error.reason.replace(/\s*["<!*&].*$/s, "");
    throw new ConfigError(`${path} is not YAML: ${what}${mark ? ` in line ${mark.line + 1}` : ""}`);
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
