import { FAILSAFE_SCHEMA, load, Type, YAMLException, type Schema } from "js-yaml";
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
const mergeKey = new Type("tag:yaml.org,2002:merge", {
  kind: "scalar",
  resolve: (text: string | null) => text === "<<",
});
/** Every plain value stays text: each key knows how to read its own. */
const textSchema = FAILSAFE_SCHEMA.extend({ implicit: [nothing, mergeKey] });

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

/** @throws ConfigError that says where the mistake is, and nothing of what stands there */
export function parseMap(text: string, path: string, schema: Schema): Record<string, unknown> {
  if (text.includes("\ufffd")) throw new ConfigError(`${path} is not UTF-8`); // or was made of what was not
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

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^[A-Z]+: /, "").replace(/, \w+ '.*$/s, "") : String(error);
}
