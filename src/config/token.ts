import { ConfigError, NoTokenError } from "./errors.js";
import { readSmallFile } from "./small-file.js";
import { expandHome } from "./index.js";
import { keys, type Config } from "./keys.js";

/**
 * The access token: `token`, else the first line of `token_file`, else the first line that `token_command` prints.
 *
 * @throws NoTokenError when none of the three is configured
 */
export async function readToken({ token, token_file, token_command }: Config, home: string): Promise<string> {
  if (token !== undefined) return token;
  if (token_file !== undefined) return check("token_file", firstLineOf(expandHome(token_file, home)));
  if (token_command !== undefined) return check("token_command", await run(token_command));
  throw new NoTokenError("no access token is configured");
}

function check(key: string, text: string): string {
  const line = (text.split(/\r?\n/, 1)[0] ?? "").trim();
  if (line === "") throw new ConfigError(`${key}: its first line is empty`);
  try {
    return keys.token.parse(line) ?? "";
  } catch (error) {
    throw error instanceof ConfigError ? new ConfigError(`${key}: its first line ${error.message}`) : error;
  }
}

function firstLineOf(path: string): string {
  try {
    return readSmallFile(path).text;
  } catch (error) {
    const why = error instanceof Error ? ("code" in error ? String(error.code) : error.message) : String(error);
    throw new ConfigError(`token_file: cannot read ${path}: ${why}`);
  }
}

const maxLength = 2 ** 20;

/**
 * Its questions (a passphrase) and complaints go to the terminal that ours go to. What is piped into stdin is for us: data,
 * or answers.
 */
async function run(command: string): Promise<string> {
  const [{ spawn }, { isatty }] = await Promise.all([import("node:child_process"), import("node:tty")]);
  const child = spawn(command, { shell: true, stdio: [isatty(0) ? "inherit" : "ignore", "pipe", "inherit"] });
  let output = "";
  const how = await new Promise<string | undefined>((resolve) => {
    // What it has left in the background may hold its stdout open, or still write the rest of the line.
    let quiet: NodeJS.Timeout | undefined;
    const goOn = () => {
      clearTimeout(quiet);
      if (child.exitCode !== 0 || output === "") return;
      if (output.includes("\n")) resolve(undefined);
      else quiet = setTimeout(resolve, 1000, undefined);
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      if (output.length > maxLength) child.stdout.destroy(); // which ends what writes to it
      goOn();
    });
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => {
      if (code === 0) goOn();
      else resolve(`it ended with ${signal ?? `exit code ${code}`}`);
    });
    child.on("close", () => resolve(undefined));
  });
  child.stdout.destroy();
  if (output.length > maxLength) throw new ConfigError("token_command: it prints more than a token");
  if (how !== undefined) throw new ConfigError(`token_command: ${how}`);
  return output;
}
