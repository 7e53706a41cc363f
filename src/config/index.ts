import { join } from "node:path";
import { ConfigError } from "./errors.js";
import { configKeys, keys, type Config, type ConfigKey } from "./keys.js";

export type { FileValues } from "./file.js";
export { ConfigError, NoTokenError } from "./errors.js";
export { configKeys, keys, seconds, type Config, type ConfigKey } from "./keys.js";

/** The environment variable of a key. */
export function variable(key: ConfigKey): string {
  return `SYNADM_${key.toUpperCase()}`;
}

/** `~/.config/synadm.yaml`, where the original has it. */
export function defaultConfigPath(home: string): string {
  return join(home, ".config", "synadm.yaml");
}

export interface Sources {
  /** Values of global flags. */
  flags: Partial<Record<ConfigKey, string>>;
  environment: Readonly<Record<string, string | undefined>>;
  file: ReadonlyMap<string, string>;
  /** For messages. */
  filePath: string;
}

/**
 * Takes each key from the first source that has it. Of `token`, `token_file` and `token_command`, one that a stronger
 * source gives also outranks the other two of a weaker source.
 *
 * @throws ConfigError that names the key and where its value comes from
 */
export function resolveConfig(sources: Sources): Config {
  const layers: { value: (key: ConfigKey) => string | undefined; name: (key: ConfigKey) => string }[] = [
    { value: (key) => sources.flags[key], name: (key) => `--${key.replaceAll("_", "-")}` },
    { value: (key) => sources.environment[variable(key)] || undefined, name: variable },
    { value: (key) => sources.file.get(key), name: (key) => `${key} in ${sources.filePath}` },
  ];
  const tokenLayer = layers.find(({ value }) => tokenKeys.some((key) => value(key) !== undefined));
  const read = <K extends ConfigKey>(key: K): Config[K] => {
    const layer = tokenKeys.includes(key) ? tokenLayer : layers.find(({ value }) => value(key) !== undefined);
    const text = layer?.value(key);
    if (layer === undefined || text === undefined) return keys[key].default;
    try {
      return parseValue(key, text);
    } catch (error) {
      throw error instanceof ConfigError ? new ConfigError(`${layer.name(key)} ${error.message}`) : error;
    }
  };
  return Object.fromEntries(configKeys.map((key) => [key, read(key)])) as { [K in ConfigKey]: Config[K] };
}

/** `~/x` as a shell would read it. */
export function expandHome(path: string, home: string): string {
  return path === "~" || path.startsWith("~/") ? home + path.slice(1) : path;
}

/** A URL that paths are put behind, or the path of a socket, which is no folder. */
export function withoutFinalSlashes(base: string): string {
  return base.replace(/(?<=.)\/+$/, "");
}

/** Reads a value from wherever it stands. Throws ConfigError. */
export function parseValue<K extends ConfigKey>(key: K, text: string): Config[K] {
  if (text === "\0") throw new ConfigError("must be a single value");
  // The end of a line comes with a token that `echo` wrote, or an editor on Windows.
  if (/[\0\r\n]/.test(key === "token" ? text.trim() : text) && key !== "token_command")
    throw new ConfigError("must be one line");
  return keys[key].parse(text);
}

const tokenKeys: readonly ConfigKey[] = ["token", "token_file", "token_command"];
