import { needsServerName } from "../api/mxid.js";
import { ConfigError, keys } from "../config/index.js";
import { Option, type Command } from "./command.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import { countTyped, userIdHelp } from "./options.js";
import { rawBody, rawOptions, type RawOptions } from "./raw.js";

interface LoginOptions {
  password?: string;
  passwordStdin?: boolean;
}

interface MatrixRawOptions extends RawOptions {
  token?: string;
  prompt?: boolean;
}

export function register(matrix: Command, ctx: Context): void {
  matrix
    .command("login")
    .summary("Log in with a password and print the access token.")
    .description(
      "Log in with a password and print the answer, with an access token. Every login adds a session, named " +
        "'synadm matrix login command', to the account's devices; the token is valid until that ends. No configured " +
        "token is needed or sent: this is a way to get the first one.",
    )
    .argument("<user-id>", userIdHelp)
    .option(
      "-p, --password <text>",
      "other users of this machine can see it while this runs (default: it is asked for)",
    )
    .option("--password-stdin", "read the password from the first line of stdin")
    .action(async (user: string, options: LoginOptions) => {
      countTyped(options, { password: "--password", passwordStdin: "--password-stdin" }, { min: 0, max: 1 });
      const client = await ctx.matrix({ token: null }); // no password is asked for where the configuration is wrong
      const name = await loginName(ctx, user);
      const password = await passwordFor(ctx, name, options);
      await ctx.print(
        await client.login({ user: name, password, initialDeviceDisplayName: "synadm matrix login command" }),
      );
    })
    .examples("synadm matrix login admin", "pass matrix/admin | synadm -o json matrix login admin --password-stdin");

  matrix
    .command("raw")
    .summary("Send any request to the Matrix APIs.")
    .description(
      "Send any request to the Matrix APIs and print the answer. Nothing is asked before a change. The access token is " +
        "what --prompt asks for, else --token, else the environment variable MTOKEN, else the configured one; with " +
        "another user's token this acts as that user.",
    )
    .argument(
      "<endpoint>",
      "path below the Matrix path, with its query string, such as client/versions; encode what needs it",
    )
    .addOptions(rawOptions())
    .addOption(
      new Option(
        "-t, --token <text>",
        "access token for this call; other users of this machine can see it while this runs: better use MTOKEN or --prompt",
      ).conflicts("prompt"),
    )
    .option("-p, --prompt", "ask for the access token")
    .action(async (endpoint: string, options: MatrixRawOptions) => {
      const body = await rawBody(ctx, options);
      const client = await ctx.matrix({ token: await tokenFor(ctx, options) });
      await ctx.print(await client.raw(options.method, endpoint, { body }));
    })
    .examples(
      "synadm matrix raw client/versions",
      "read -rs MTOKEN && export MTOKEN && synadm matrix raw client/v3/account/whoami",
    );
}

/** A localpart is completed where that costs nothing; the homeserver does it, too. */
async function loginName(ctx: Context, text: string): Promise<string> {
  const { homeserver } = await ctx.config();
  return needsServerName(text) && homeserver === "auto-retrieval" ? text.replace(/^@|:$/g, "") : ctx.userId(text);
}

async function passwordFor(ctx: Context, user: string, { password, passwordStdin }: LoginOptions): Promise<string> {
  const text =
    passwordStdin === true
      ? await ctx.firstLineOfStdin()
      : (password ?? (await ctx.askSecret(`Password of ${user}`, "--password-stdin or --password")));
  if (text === "") throw new UsageError("the password is empty");
  return text;
}

/** `undefined` stands for the configured one. */
async function tokenFor(ctx: Context, { token, prompt }: MatrixRawOptions): Promise<string | undefined> {
  if (prompt === true) {
    // A script with --batch pipes it.
    const piped = ctx.globals.batch ? await ctx.prompter.piped() : undefined;
    const typed = piped ?? (await ctx.askSecret("Access token", "--token or MTOKEN"));
    return checked("the access token", typed);
  }
  if (token !== undefined) return checked("--token", token);
  const fromEnvironment = ctx.io.env["MTOKEN"];
  return fromEnvironment ? checked("MTOKEN", fromEnvironment) : undefined;
}

function checked(name: string, token: string): string {
  try {
    return keys.token.parse(token) ?? "";
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(`${name} ${error.message}, and not empty`) : error;
  }
}
