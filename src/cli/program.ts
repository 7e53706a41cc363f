import { CommanderError } from "commander";
import { HttpError } from "../api/errors.js";
import { visible } from "../output/visible.js";
import { Command } from "./command.js";
import { Context } from "./context.js";
import { exitCodeOf, exitCodes, OutputError, report, UsageError } from "./errors.js";
import { acceptGlobalOptions, addGlobalOptions, noGlobals } from "./globals.js";
import { columnsOf, type Io } from "./io.js";
import * as media from "./media/index.js";
import { writeResult } from "./print.js";
import * as room from "./room/index.js";
import type { Commands } from "./themes.js";
import * as user from "./user/index.js";
import { version } from "./version.js";

/** One module of commands, loaded when its name is typed; the large ones are lists of such modules. */
interface Group {
  summary: string;
  load: () => Commands | Promise<Commands>;
}

/** Everything that can stand after `synadm`. */
const groups: Readonly<Record<string, Group>> = {
  config: { summary: "Make or change the configuration file.", load: () => import("./config.js") },
  user: {
    summary: "List, look at, change and deactivate accounts, their sessions and media.",
    load: () => user,
  },
  room: {
    summary: "List, look at, block, shut down and erase rooms; make users join them and their admins.",
    load: () => room,
  },
  media: {
    summary: "List, quarantine, protect, delete local media; drop copies of remote ones.",
    load: () => media,
  },
  history: { summary: "Erase old events of a room.", load: () => import("./history.js") },
  regtok: {
    summary: "Make, list, change and delete registration tokens.",
    load: () => import("./regtok.js"),
  },
  notice: { summary: "Send server notices to users.", load: () => import("./notice.js") },
  matrix: { summary: "Log in, and send any request to the Matrix APIs.", load: () => import("./matrix.js") },
  group: { summary: "Delete groups of servers older than Synapse 1.62.", load: () => import("./group.js") },
  version: {
    summary: "Show which version of Synapse the homeserver runs.",
    load: () => import("./version-command.js"),
  },
  raw: { summary: "Send any request to the admin API.", load: () => import("./raw.js") },
};

const exitCodeHelp = `
Exit codes:
  0    done, or help shown            74   the result could not be written
  1    the homeserver refused         129  hung up, the terminal is gone
  2    wrong usage or configuration   130  interrupted
  3    no usable answer               131  quit, as by Ctrl-\\
  4    only some of several items     143  terminated
  5    not confirmed
  70   a bug in synadm

Global options other than --version may also stand after the command, unless it
has an option of that name.
`;

/**
 * Runs one command line.
 *
 * @param argv what was typed after `synadm`
 * @returns the exit code
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const ctx = new Context(io, noGlobals());
  const help: string[] = [];
  try {
    const program = buildProgram(ctx, (text) => help.push(text), argv);
    // What Node puts in place of bytes that are not UTF-8: they would be part of an ID or a password.
    if (argv.some((arg) => arg.includes("\ufffd"))) throw new UsageError("an argument is not UTF-8");
    await program.parseAsync(argv, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    return await conclude(error, ctx, help);
  } finally {
    await ctx.close();
  }
}

/**
 * The tree of commands; the modules of groups are loaded as they are named.
 *
 * @param argv what was typed: a group that it names is the only one that is needed
 */
export function buildProgram(ctx: Context, writeHelp: (text: string) => void, argv: readonly string[] = []): Command {
  const { io, globals } = ctx;
  const program = new Command("synadm")
    .description("The command line for administrators of a Matrix homeserver (Synapse).")
    .usage("[global options] <command> [options]")
    .exitOverride()
    .configureOutput({
      writeOut: writeHelp,
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, writeError) => {
        writeError(
          text
            .trimEnd()
            .replace(/^error: /, "synadm: ")
            .split(/\n(?=(?:\(Did you mean |hint: )[^\n]*$)/) // a line of the message; any other break is what was typed
            .map((line) => `${visible(line)}\n`)
            .join(""),
        );
      },
      getOutHelpWidth: () => columnsOf(io.stdout, io.env),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .enablePositionalOptions()
    .helpCommand(false)
    .version(version, "--version", "show the version of synadm")
    .addHelpText("after", exitCodeHelp);
  addGlobalOptions(program, globals);
  const named = program.firstOperand(argv);
  const needed = Object.entries(groups).filter(
    ([name]) => named === undefined || !Object.hasOwn(groups, named) || name === named,
  );
  for (const [name, { summary }] of needed) program.command(name).description(summary);
  program.hook("preSubcommand", (_root, command) => {
    // What stands behind the group's name: the root knows which global options there have a value.
    const args = program.args.slice(1);
    return loadGroup(command, ctx, args, program.firstOperand(args));
  });
  return program;
}

async function loadGroup(command: unknown, ctx: Context, args: readonly string[], named?: string): Promise<void> {
  if (!(command instanceof Command)) return;
  const group = groups[command.name()];
  if (group === undefined) return;
  command.named = named;
  await (await group.load()).register(command, ctx);
  acceptGlobalOptions(command, ctx.globals, args);
}

/** Loads every group, for the manual and for tests that walk all commands. */
export async function buildWholeProgram(ctx: Context): Promise<Command> {
  const program = buildProgram(ctx, () => undefined);
  for (const command of program.commands) await loadGroup(command, ctx, []);
  return program;
}

async function conclude(error: unknown, ctx: Context, help: readonly string[]): Promise<number> {
  if (error instanceof CommanderError) {
    if (!helpOrVersion.has(error.code)) return exitCodes.usage; // commander said why
    return writeResult(ctx.io, [help.join("").trimEnd()]).then(
      () => exitCodes.done,
      (e: unknown) => conclude(e, ctx, []),
    );
  }
  const debug = ctx.globals.verbose >= 2;
  if (error instanceof OutputError && error.closed) return exitCodes.done;
  if (error instanceof HttpError && error.body !== undefined) {
    // A script that looks at .errcode finds the homeserver's own words; a person has the line on stderr.
    const format = await ctx.format();
    const failure =
      format === "human"
        ? undefined
        : await ctx.print(error.body).then(
            () => undefined,
            (e: unknown) => e,
          );
    if (failure !== undefined) ctx.complain(report(failure, debug));
  }
  ctx.complain(report(error, debug));
  const code = exitCodeOf(error);
  if (code === exitCodes.notWritten || code === exitCodes.bug) for (const say of ctx.io.lastWords) ctx.complain(say());
  return code;
}

const helpOrVersion: ReadonlySet<string> = new Set(["commander.help", "commander.helpDisplayed", "commander.version"]);
