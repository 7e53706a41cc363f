import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DEFAULT_SCHEMA, dump, Type } from "js-yaml";
import { ConfigError } from "./errors.js";
import { hasCode, parseMap, reason } from "./file.js";
import { readSmallFile } from "./small-file.js";

/** YAML 1.1's booleans, so that a key we do not know keeps its value when the file is written again. */
const bool = new Type("tag:yaml.org,2002:bool", {
  kind: "scalar",
  resolve: (text: string) => /^(yes|no|true|false|on|off)$/i.test(text),
  construct: (text: string) => /^(yes|true|on)$/i.test(text),
  predicate: (value) => typeof value === "boolean",
  represent: (value) => JSON.stringify(value),
});
const yaml11 = DEFAULT_SCHEMA.extend({ implicit: [bool] });

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
    const target = targetOf(path);
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

/**
 * Nobody should type answers for nothing.
 *
 * @throws ConfigError when {@link writeConfigFile} could not write there, as far as that can be told before
 */
export function checkWritable(path: string): void {
  try {
    const target = targetOf(path);
    fileAt(target);
    let folder = dirname(target);
    while (!existsSync(folder)) folder = dirname(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`cannot write ${path}: ${reason(error)}; -c names another file, and SYNADM_TOKEN needs none`);
  }
}

/** A link, as dotfile managers make them, stays one: its target is replaced, or made where there is none yet. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error; // a link to itself
  }
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? targetOf(resolve(realpathSync(dirname(path)), readlinkSync(path))) : resolve(path);
}

/** What a new file would replace; a device or a folder is not replaced. */
function fileAt(target: string): Stats | undefined {
  const old = lstatSync(target, { throwIfNoEntry: false });
  if (old?.isFile() === false) throw new ConfigError(`cannot write ${target}: it is no regular file`);
  return old;
}

function replace(target: string, text: string): void {
  makeFolder(dirname(target));
  const old = fileAt(target);
  const temporary = join(dirname(target), `.${basename(target)}.${globalThis.crypto.randomUUID()}`);
  const file = openSync(temporary, "wx", 0o600);
  try {
    try {
      // For root, who would take the file away from the person whose configuration it is.
      if (old !== undefined && old.uid !== fstatSync(file).uid) fchownSync(file, old.uid, old.gid);
      fchmodSync(file, 0o600); // a umask may take away what the owner needs
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

/** Node's own way of making all that is missing never ends where a folder takes no more, as those below `/proc`. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { mode: 0o700 });
  chmodSync(path, 0o700);
}
