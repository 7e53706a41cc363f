import { resolve } from "node:path";
import {
  ConfigError,
  configKeys,
  keys,
  parseValue,
  seconds,
  withoutFinalSlashes,
  type ConfigKey,
} from "../config/index.js";
import { readConfigFile } from "../config/file.js";
import { checkWritable, writeConfigFile } from "../config/write-file.js";
import { formatNamed, formats, type Format } from "../output/index.js";
import type { Context } from "./context.js";
import { messageOf, UsageError } from "./errors.js";

/** What was given as options of `synadm config`. */
export interface Given {
  user?: string;
  token?: string;
  tokenFile?: string;
  tokenCommand?: string;
  baseUrl?: string;
  protocol?: string;
  adminPath?: string;
  matrixPath?: string;
  timeout?: string;
  output?: string;
  serverDiscovery?: string;
  homeserver?: string;
  sslVerify?: boolean;
  caFile?: string;
}

/** In the order in which they are asked for, the original's: answers may come from a script. */
const questions: readonly { key: ConfigKey; message: string; hidden?: boolean; optional?: boolean }[] = [
  { key: "user", message: "User name of the admin account", optional: true },
  { key: "token", message: "Its access token", hidden: true },
  { key: "protocol", message: "Protocol: http (also https) or unix" },
  { key: "base_url", message: "Base URL of the homeserver, or path of its socket" },
  { key: "admin_path", message: "Path of the admin API" },
  { key: "matrix_path", message: "Path of the client-server API" },
  { key: "format", message: `Output format: ${formats.join(", ")}` },
  { key: "timeout", message: "Time-out in seconds" },
  { key: "homeserver", message: "The homeserver's own name" },
  { key: "ssl_verify", message: "Check certificates" },
  { key: "server_discovery", message: "Way to find the homeserver's name: well-known or dns" },
];

/**
 * Asks for what is not settled, checks everything, writes the file.
 *
 * @returns what stands in the file now, without the access token
 */
export async function configure(
  ctx: Context,
  given: Given,
): Promise<{ written: Record<string, unknown>; format: Format }> {
  if (!ctx.globals.batch) checkGiven(given);
  const path = ctx.configPath;
  if (!ctx.globals.batch) checkWritable(path);
  const file = readConfigFile(path)?.values ?? new Map<string, string>();
  const values = new Map<ConfigKey, string>();
  for (const key of configKeys) {
    const text = fromOptions(given, key) ?? file.get(key) ?? defaultText(key);
    if (text !== undefined) values.set(key, text);
  }
  const source = tokenKeys.find((key) => fromOptions(given, key) !== undefined);
  if (source !== undefined) onlySource(values, source);

  const hasOtherSource = values.has("token_file") || values.has("token_command");
  if (!ctx.globals.batch) for (const question of questions) await settle(ctx, values, question, hasOtherSource);
  if (!tokenKeys.some((key) => values.has(key))) {
    throw new UsageError("no access token: give --token-stdin, --token-file, --token-command or --token");
  }
  const parsed = new Map([...values].map(([key, text]) => [key, parseNamed(key, text, values)] as const));
  writeConfigFile(path, Object.fromEntries(configKeys.map((key) => [key, parsed.get(key) ?? null])));
  ctx.note(`wrote ${path}`);
  parsed.delete("token");
  return { written: Object.fromEntries(parsed), format: formatNamed(String(parsed.get("format"))) ?? "yaml" };
}

const tokenKeys = ["token", "token_file", "token_command"] as const;

/** A token that is given replaces the other ways to get one, which would otherwise outrank it or lie idle. */
function onlySource(values: Map<ConfigKey, string>, source: (typeof tokenKeys)[number]): void {
  for (const key of tokenKeys) if (key !== source) values.delete(key);
}

function fromOptions(given: Given, key: ConfigKey): string | undefined {
  if (key === "ssl_verify") return given.sslVerify?.toString();
  if (key === "format") return given.output;
  const option = key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  const text = new Map<string, string | boolean | undefined>(Object.entries(given)).get(option)?.toString();
  return text && (key === "token_file" || key === "ca_file") ? fromAnywhere(text) : text;
}

/** A path as it is meant here: a job of cron or systemd starts in another folder. */
function fromAnywhere(path: string): string {
  try {
    return /^~(\/|$)/.test(path) ? path : resolve(path);
  } catch (error) {
    throw new UsageError(`'${path}': ${messageOf(error)}`); // the current folder is gone
  }
}

/** Before the first question: nobody should type answers for nothing. */
function checkGiven(given: Given): void {
  // For which protocol it is may be answered later.
  const protocol = given.protocol ?? (/^~?\//.test(given.baseUrl ?? "") ? "unix" : "http");
  for (const key of configKeys) {
    const text = fromOptions(given, key);
    if (text !== undefined) parseNamed(key, text, new Map([["protocol", protocol]]));
  }
}

function defaultText(key: ConfigKey): string | undefined {
  return keys[key].default?.toString();
}

/** Asks for one value until it is one. */
async function settle(
  ctx: Context,
  values: Map<ConfigKey, string>,
  { key, message, hidden = false, optional = false }: (typeof questions)[number],
  hasOtherSource: boolean,
): Promise<void> {
  const present = values.get(key);
  const keeps = present !== undefined || (key === "token" && hasOtherSource);
  for (;;) {
    const question = hidden && keeps ? `${message} (empty: stays as it is)` : message;
    const answer = (
      await ctx.prompter.text({
        message: question,
        hidden,
        instead: "--batch config takes the values as options",
        ...(hidden || present === undefined ? {} : { default: present }),
      })
    ).trim();
    if (answer === "" && (keeps || optional)) return;
    try {
      parseNamed(key, answer, values);
      values.set(key, answer);
      if (key === "token") onlySource(values, key);
      return;
    } catch (error) {
      if (!(error instanceof ConfigError) || !ctx.prompter.attended) throw error;
      ctx.note(error.message);
    }
  }
}

/** Reads a value as the configuration would, and says which key is wrong. */
function parseNamed(
  key: ConfigKey,
  text: string,
  values: ReadonlyMap<ConfigKey, string>,
): string | number | boolean | undefined {
  try {
    if (text === "") throw new ConfigError("must not be empty");
    if (key === "format") {
      const format = formatNamed(text);
      if (format === undefined) throw new ConfigError(`must be one of ${formats.join(", ")}, not '${text}'`);
      return format;
    }
    if (key === "timeout") return seconds(text);
    if (key === "base_url") return baseUrl(text, values.get("protocol") === "unix");
    return parseValue(key, text);
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${key} ${error.message}`) : error;
  }
}

/** Without a slash at its end: the original, which reads the same file, puts paths behind it as it stands. */
function baseUrl(text: string, unix: boolean): string {
  if (unix ? !text.startsWith("/") && !text.startsWith("~/") : !/^https?:\/\/[^\s/]/i.test(text)) {
    throw new ConfigError(unix ? "must be the full path of a socket" : "must start with http:// or https://");
  }
  const checked = withoutFinalSlashes(parseValue("base_url", text));
  if (unix) return checked;
  if (!URL.canParse(text)) throw new ConfigError("must be a URL");
  const { username, password } = new URL(text);
  if (username !== "" || password !== "") throw new ConfigError("must not hold a user name or password");
  return checked;
}
