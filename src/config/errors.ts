/** Something is wrong with the configuration; the message says which key of which source. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
}
/** No access token from anywhere: nothing is wrong yet, something is missing. */
export class NoTokenError extends ConfigError {
  override readonly name = "NoTokenError";
}
