import { Command, Option } from "./command.js";
import { UsageError } from "./errors.js";
import { formatNamed, formats, type Format } from "../output/index.js";

/** What the global options say, wherever on the command line they stand. */
export interface Globals {
  /** How many `-v`. */
  verbose: number;
  /** Answer yes to every question. */
  batch: boolean;
  output: Format | undefined;
  configFile: string | undefined;
  timeout: string | undefined;
  insecure: boolean;
  caFile: string | undefined;
  logFile: string | undefined;
}

export const noGlobals = (): Globals => ({
  verbose: 0,
  batch: false,
  output: undefined,
  configFile: undefined,
  timeout: undefined,
  insecure: false,
  caFile: undefined,
  logFile: undefined,
});

interface GlobalOption {
  short?: string;
  long: string;
  also?: readonly string[];
  value?: string;
  description: string;
  set: (globals: Globals, value: string) => void;
}

const options: readonly GlobalOption[] = [
  {
    short: "-v",
    long: "--verbose",
    description: "say on stderr what is asked of the homeserver; -vv: with headers and bodies, secrets blanked",
    set: (globals) => void (globals.verbose += 1),
  },
  {
    long: "--batch",
    also: ["--yes", "--no-confirm", "--non-interactive", "--scripting"],
    description: "ask nothing, take every question for answered with yes; points in time stay numbers",
    set: (globals) => void (globals.batch = true),
  },
  {
    short: "-o",
    long: "--output",
    value: "<format>",
    description: `${formats.join(", ")}, or the first letter of one; default: format in the configuration`,
    set: (globals, value) => {
      const format = formatNamed(value);
      if (format === undefined && value !== "")
        throw new UsageError(`--output must be one of ${formats.join(", ")}, not '${value}'`);
      globals.output = format;
    },
  },
  {
    short: "-c",
    long: "--config-file",
    value: "<path>",
    description: "default: ~/.config/synadm.yaml",
    set: (globals, value) => {
      if (value === "") throw new UsageError("--config-file must not be empty");
      globals.configFile = value;
    },
  },
  {
    long: "--timeout",
    value: "<seconds>",
    description: "how long one try of a request may take, also a slow one, for this call (default: 30, slow ones: 300)",
    set: (globals, value) => void (globals.timeout = value),
  },
  {
    long: "--insecure",
    description: "do not check the homeserver's certificate, for this call",
    set: (globals) => void (globals.insecure = true),
  },
  {
    long: "--ca-file",
    value: "<path>",
    description: "trust the certificates in this PEM file too, for this call",
    set: (globals, value) => void (globals.caFile = value),
  },
  {
    long: "--log-file",
    value: "<path>",
    description: "append what -vv would say to a file that only you can read",
    set: (globals, value) => void (globals.logFile = value),
  },
];

/** Declares the global options at the root, where help shows them. */
export function addGlobalOptions(root: Command, globals: Globals): void {
  for (const { short, long, also = [], value, description, set } of options) {
    const flags = [short, long].filter(Boolean).join(", ") + (value === undefined ? "" : ` ${value}`);
    const option = new Option(flags, description, { also });
    root.addOption(option).on(`option:${option.name()}`, (text: string) => set(globals, text));
  }
}

/**
 * Takes them after the command as well, hidden, in each spelling that the command has no use of its own for.
 *
 * @param args what was typed: to declare an option takes time, and what is not there needs none
 */
export function acceptGlobalOptions(command: Command, globals: Globals, args: readonly string[]): void {
  for (const { short, long, also = [], value, set } of options) {
    for (const flag of [short, long, ...also]) {
      if (flag === undefined || !args.some((arg) => mayHold(arg, flag)) || command.find(flag) !== undefined) continue;
      const option = new Option(value === undefined ? flag : `${flag} ${value}`, "", {
        key: `global ${flag}`,
      }).hideHelp();
      option.negate = false; // commander would give `--no-confirm` a value before anybody typed it
      command.addOption(option).on(`option:${option.name()}`, (text: string) => set(globals, text));
    }
  }
  // Only for the command that is named: a group has dozens.
  command.hook("preSubcommand", (_group, inner) => {
    if (inner instanceof Command) acceptGlobalOptions(inner, globals, args);
  });
}

/** `--output=json` holds `--output`; short ones may stand together, and their values with them: `-do json`, `-ojson`. */
function mayHold(arg: string, flag: string): boolean {
  if (flag.startsWith("--")) return arg === flag || arg.startsWith(`${flag}=`);
  return /^-[^-]/.test(arg) && arg.includes(flag.slice(1));
}
