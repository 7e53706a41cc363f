import { existsSync } from "node:fs";
import { ConfigError, resolveConfig, type Config, type ConfigKey } from "../config/index.js";
import { readConfigFile } from "../config/file.js";
import { formatNamed, formats } from "../output/index.js";
import type { Context } from "./context.js";
import { shellWord } from "./shell.js";

/** Reads the configuration from everywhere it may stand. */
export function loadConfig(ctx: Context): Config {
  const { io, configPath } = ctx;
  const file = readConfigFile(configPath);
  if (file?.exposed === true) {
    const token = file.values.has("token") ? ", and the access token in it" : "";
    ctx.warning(`others can read ${configPath}${token}: chmod 600 ${shellWord(configPath)}`);
  }
  const config = resolveConfig({
    flags: configFlags(ctx),
    environment: io.env,
    file: file?.values ?? new Map<string, string>(),
    filePath: configPath,
  });
  const willBeMade = ctx.canConfigure && !namesToken(config); // as soon as its token is missed
  if (file === undefined && !willBeMade) refuseMissingFile(ctx);
  if (formatNamed(config.format) === undefined)
    throw new ConfigError(`format must be one of ${formats.join(", ")}, not '${config.format}'`);
  return config;
}

/**
 * A file that is named must be there, or what was meant for its homeserver would go to another.
 *
 * @throws ConfigError
 */
export function refuseMissingFile(ctx: Context): void {
  const { globals, configPath } = ctx;
  if (globals.configFile === undefined || existsSync(configPath)) return;
  throw new ConfigError(`there is no ${configPath}; make it with: ${configCommand(ctx)}`);
}

function namesToken({ token, token_file, token_command }: Config): boolean {
  return [token, token_file, token_command].some((source) => source !== undefined);
}

/** What makes the file that this call would read. */
export function configCommand({ globals, configPath }: Context): string {
  return globals.configFile === undefined ? "synadm config" : `synadm -c ${shellWord(configPath)} config`;
}

function configFlags({ globals }: Context): Partial<Record<ConfigKey, string>> {
  return {
    ...(globals.timeout === undefined ? {} : { timeout: globals.timeout }),
    ...(globals.insecure ? { ssl_verify: "false" } : {}),
    ...(globals.caFile === undefined ? {} : { ca_file: globals.caFile }),
  };
}
