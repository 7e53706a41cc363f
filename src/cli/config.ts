import { InvalidArgumentError } from "commander";
import { formatNamed, formats, type Format } from "../output/index.js";
import { Option, type Command } from "./command.js";
import { configure, type Given } from "./configurator.js";
import type { Context } from "./context.js";
import { countTyped, eitherOr } from "./options.js";

interface ConfigOptions extends Given {
  tokenStdin?: boolean;
}

export function register(command: Command, ctx: Context): void {
  command
    .description(
      "Make or change the configuration file. Asks for what is needed, not for ca_file, token_file and token_command, and suggests what is given here, else what the file " +
        "says, else the default; with --batch nothing is asked, and only what should change needs to be given.",
    )
    .option("-u, --user <user-id>", "localpart or full Matrix ID of the admin account")
    .option(
      "-t, --token <text>",
      "its access token; other users of this machine can see it while this runs: better use one of the next three",
    )
    .option("--token-stdin", "read the access token from the first line of stdin")
    .option("--token-file <path>", "file whose first line is the access token, instead of keeping it here")
    .option("--token-command <command>", "shell command that prints the access token, such as 'pass matrix/admin'")
    .option(
      "-b, --base-url <url>",
      "where the homeserver is, without the paths below; with protocol unix the path of its socket",
    )
    .addOption(new Option("--protocol <protocol>", "unix speaks HTTP over a socket").choices(["http", "unix"]))
    .option("-p, --admin-path <path>", "path of the admin API")
    .option("-m, --matrix-path <path>", "path of the client-server API")
    .option("-w, --timeout <seconds>", "how long one try of a request may take (default: 30)")
    .addOption(
      new Option(
        "-o, --output <format>",
        `how results are printed: ${formats.join(", ")}, or the first letter of one`,
      ).argParser(outputFormat),
    )
    .addOption(
      new Option(
        "-d, --server-discovery <way>",
        "how to find the homeserver's name when it does not tell itself",
      ).choices(["well-known", "dns"]),
    )
    .option(
      "-n, --homeserver <name>",
      "the homeserver's own name, the part of Matrix IDs after the colon; auto-retrieval asks for it when needed",
    )
    .addOptions(
      eitherOr(
        "sslVerify",
        ["-i, --ssl-verify", "check certificates (default)"],
        ["--no-ssl-verify", "do not check certificates; a server in between can then read the token"],
      ),
    )
    .option("--ca-file <path>", "PEM file with certificates to trust beside those of Node and of the system")
    .action(async ({ tokenStdin, ...given }: ConfigOptions) => {
      countTyped(
        { ...given, tokenStdin },
        { token: "--token", tokenStdin: "--token-stdin", tokenFile: "--token-file", tokenCommand: "--token-command" },
        { min: 0, max: 1 },
      );
      const token = tokenStdin === true ? await ctx.firstLineOfStdin() : given.token;
      const { written, format } = await configure(ctx, { ...given, ...(token === undefined ? {} : { token }) });
      ctx.globals.output ??= format;
      await ctx.print(written);
    })
    .examples(
      "synadm config",
      "pass matrix/admin | synadm --batch config --user admin --token-stdin --base-url https://matrix.example.org",
      "synadm --batch config --protocol unix --base-url /run/matrix-synapse/main.sock --token-file /etc/synadm.token",
    );
}

function outputFormat(text: string): Format {
  const named = formatNamed(text);
  if (named === undefined) throw new InvalidArgumentError(`It must be one of ${formats.join(", ")}.`);
  return named;
}
