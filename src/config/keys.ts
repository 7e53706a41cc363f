import { ConfigError } from "./errors.js";

/** Everything that can be configured, resolved: flag, else environment, else file, else default. */
export interface Config {
  user: string | undefined;
  token: string | undefined;
  token_file: string | undefined;
  token_command: string | undefined;
  protocol: "http" | "unix";
  base_url: string;
  admin_path: string;
  matrix_path: string;
  /** Seconds. */
  timeout: number;
  format: string;
  homeserver: string;
  server_discovery: "well-known" | "dns";
  ssl_verify: boolean;
  ca_file: string | undefined;
}

export type ConfigKey = keyof Config;

interface Key<T> {
  /** Text as it stands in the file, the environment or a flag. Throws ConfigError. */
  parse(text: string): T;
  default: T;
}

const text: Key<string | undefined> = { parse: (value) => value, default: undefined };

function textWithDefault(fallback: string): Key<string> {
  return { parse: (value) => value, default: fallback };
}

/** Where an API is, below `base_url`. */
function path(fallback: string): Key<string> {
  return {
    default: fallback,
    parse: (value) => {
      if (/[?#]/.test(value)) throw new ConfigError(`must be a path, without ? and #, not '${value}'`);
      return value;
    },
  };
}

function oneOf<const T extends string>(first: T, ...rest: T[]): Key<T> {
  const values = [first, ...rest];
  return {
    default: first,
    parse: (value) => {
      const found = values.find((v) => v === value);
      if (found === undefined) throw new ConfigError(`must be ${values.join(" or ")}, not '${value}'`);
      return found;
    },
  };
}

/** Keys, values and defaults are the original's; `token_file`, `token_command` and `ca_file` are new. */
export const keys: { readonly [K in ConfigKey]: Key<Config[K]> } = {
  user: text,
  token: {
    default: undefined,
    parse: (value) => {
      const token = value.trim();
      // Node refuses such a header, and says the header's value in its error.
      if (!/^[\x21-\x7e]+$/.test(token)) throw new ConfigError("must be printable ASCII without blanks");
      return token;
    },
  },
  token_file: text,
  token_command: text,
  protocol: oneOf("http", "unix"),
  base_url: textWithDefault("http://localhost:8008"),
  admin_path: path("/_synapse/admin"),
  matrix_path: path("/_matrix"),
  timeout: { default: 30, parse: seconds },
  format: textWithDefault("yaml"),
  homeserver: {
    default: "auto-retrieval",
    parse: (value) => {
      if (/[^\w.:[\]-]/.test(value))
        throw new ConfigError(`must be a server name, such as example.org, not '${value}'`);
      return value;
    },
  },
  server_discovery: oneOf("well-known", "dns"),
  ssl_verify: { default: true, parse: yamlBoolean },
  ca_file: text,
};

export const configKeys = Object.keys(keys) as readonly ConfigKey[]; // `keys` has exactly these

/** setTimeout takes 2^31 ms at the most and fires at once beyond. */
const maxSeconds = 2_147_483;

export function seconds(value: string): number {
  const number = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || number <= 0 || number > maxSeconds) {
    throw new ConfigError(`must be a number of seconds above 0 and up to ${maxSeconds}, not '${value}'`);
  }
  return number;
}

/** YAML 1.1's words for true and false, since the original's files are YAML 1.1. */
function yamlBoolean(value: string): boolean {
  if (/^(y|yes|true|on)$/i.test(value)) return true;
  if (/^(n|no|false|off)$/i.test(value)) return false;
  const advice = value.includes("/") ? "; certificates to trust are named by ca_file" : "";
  throw new ConfigError(`must be true or false, not '${value}'${advice}`);
}
