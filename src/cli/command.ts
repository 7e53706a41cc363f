import * as commander from "commander";

declare module "commander" {
  interface Command {
    /** Not in commander's types: the end of a command line with this in it. */
    unknownOption(flag: string): void;
    /** The same: what was typed where a command is wanted is none. */
    unknownCommand(): void;
  }
}

/** commander's option, and what the original's options need beyond it. */
export class Option extends commander.Option {
  /** Further spellings, such as `--dt` beside `--datetime`. */
  readonly also: readonly string[];
  /** Takes two values: `--threepid MEDIUM ADDRESS`. They reach the parser joined by `pairSeparator`. */
  readonly pair: boolean;
  readonly #key: string | undefined;

  constructor(
    flags: string,
    description: string,
    extra: { key?: string; also?: readonly string[]; pair?: boolean } = {},
  ) {
    super(flags, description);
    this.#key = extra.key;
    this.also = extra.also ?? [];
    this.pair = extra.pair ?? false;
  }

  /** Options that say the same thing in two ways share a key; the one typed last sets it. */
  override attributeName(): string {
    return this.#key ?? super.attributeName();
  }

  spelled(flag: string): boolean {
    return this.short === flag || this.long === flag || this.also.includes(flag);
  }
}

const unknownCode = { code: "commander.unknownOption" };

export const pairSeparator = "\0"; // no argument of a process can hold it

/** commander's command, made of ours all the way down. */
export class Command extends commander.Command {
  override createCommand(name?: string): Command {
    return new Command(name).helpCommand(false); // `--help` is enough
  }

  override createOption(flags: string, description = ""): Option {
    return new Option(flags, description);
  }

  override createHelp(): Help {
    return Object.assign(new Help(), this.configureHelp());
  }

  /** A group without a command shows what there is, and that is no error. */
  override help(): never {
    return super.help();
  }

  /** `--help` behind a slip of the keyboard is no answer to it. */
  override helpInformation(context?: commander.HelpContext): string {
    if (this.commands.length > 0 && this.args[0]?.startsWith("-") === false) this.unknownCommand();
    return super.helpInformation(context);
  }

  /** A registration token or a text may begin with a dash, and must then not be taken for an option. */
  override error(message: string, options?: commander.ErrorOptions): never {
    const unknown = options?.code === unknownCode.code && !message.includes("Did you mean");
    const hint =
      unknown && this.registeredArguments.length > 0 ? "\nhint: a value that begins with a dash is given after --" : "";
    const shown = options?.code === "commander.invalidArgument" ? this.#withoutBundled(message) : message;
    return super.error(shown + hint, options);
  }

  /** In a bundle such as `-pSECRET`, what is taken for the value of another letter may be the secret, too. */
  #withoutBundled(message: string): string {
    return message.replace(/ argument '(.*)' is invalid/s, (whole, value: string) => {
      const isBundled = this.#typed.some(
        (arg) => /^-[^-]/.test(arg) && arg.endsWith(value) && arg.length >= value.length + 2,
      );
      return isBundled ? " argument is invalid" : whole;
    });
  }

  /** Names the option alone: what was typed with it may be a secret. */
  override unknownOption(flag: string): void {
    if (flag === "-help") this.error("error: unknown option '-help'\n(Did you mean --help?)", unknownCode);
    const name = /^--[^=]*|^-./su.exec(flag)?.[0] ?? flag;
    const isKnown = name === "--help" || this.find(name) !== undefined;
    if (isKnown) this.error(`error: option '${name}' takes no value`, { code: "synadm.optionWithoutValue" });
    super.unknownOption(name === "-h" ? "-h\u2026" : name); // alone, it is known
  }

  addOptions(options: readonly commander.Option[]): this {
    for (const option of options) this.addOption(option);
    return this;
  }

  /** A paragraph of examples below the options. */
  examples(...lines: readonly string[]): this {
    return this.addHelpText("after", `\nExamples:\n${lines.map((line) => `  ${line}`).join("\n")}`);
  }

  /** The option with this spelling. All options of our commands are ours; commander's own is `--version`. */
  find(flag: string): Option | undefined {
    return this.options.find((option): option is Option => option instanceof Option && option.spelled(flag));
  }

  /** The name of the command below this one that was typed, as far as it can be told. */
  named: string | undefined;

  #typed: readonly string[] = [];

  override parseOptions(args: string[]): commander.ParseOptionsResult {
    this.#typed = args;
    return super.parseOptions(this.#inCommandersWords(args).words);
  }

  /** The first of the arguments that is neither an option, other than `--help`, nor the value of one. */
  firstOperand(args: readonly string[]): string | undefined {
    return this.#inCommandersWords(args).operand;
  }

  /** commander knows one spelling and one value per option: further spellings are translated, pairs joined. */
  #inCommandersWords(args: readonly string[]): { words: string[]; operand: string | undefined } {
    const words: string[] = [];
    let operand: string | undefined;
    for (let i = 0; i < args.length; i++) {
      const arg = args[i] ?? "";
      if (arg === "--") {
        // Before the name of a command, which has options of its own, it says nothing.
        if (this.commands.length > 0 && operand === undefined && args[i + 1]?.startsWith("-") === false) continue;
        return { words: [...words, ...args.slice(i)], operand };
      }
      if (!arg.startsWith("-") || /^(-h|--help)$/.test(arg)) operand ??= arg;
      const { flag, option, attached } = this.#read(arg);
      const word = option?.also.includes(flag) === true ? arg.replace(flag, option.long ?? flag) : arg;
      if (option?.required !== true || (attached && !option.pair)) {
        words.push(word);
        continue;
      }
      const wanted = option.pair && !attached ? 2 : 1;
      const values = args.slice(i + 1, i + 1 + wanted);
      if (option.pair && values.length < wanted) {
        this.error(`error: option '${option.flags}' needs two values`, { code: "commander.optionMissingArgument" });
      }
      const joined = values.join(pairSeparator);
      if (attached) words.push(word + pairSeparator + joined);
      else words.push(word, ...(values.length > 0 ? [joined] : []));
      i += values.length;
    }
    return { words, operand };
  }

  /**
   * The option of an argument, and whether its value is attached: `--output=json`, `-ojson`. Of short options in one word,
   * such as `-vo`, it is the one that what follows belongs to.
   */
  #read(arg: string): { flag: string; option: Option | undefined; attached: boolean } {
    const flag = /^--[^=]+(?==)/.exec(arg)?.[0] ?? arg;
    const known = this.find(flag);
    if (known !== undefined || !/^-[^-]./.test(arg)) return { flag, option: known, attached: flag !== arg };
    const options = Array.from(arg.slice(1), (letter) => this.find(`-${letter}`));
    const at = options.findIndex((option) => option?.required !== false);
    return { flag, option: options[at], attached: at < options.length - 1 };
  }
}

/** Help in the house's style. */
export class Help extends commander.Help {
  /** Every command takes options: saying so in each line says nothing. */
  override subcommandTerm(command: commander.Command): string {
    const args = command.registeredArguments.map((argument) =>
      argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
    );
    return [command.name(), ...args].join(" ");
  }

  override optionDescription(option: commander.Option): string {
    const also = option instanceof Option && option.also.length > 0 ? ` (also ${option.also.join(", ")})` : "";
    // Of several ways to set one key, the description says which is the default.
    const description = option.presetArg === undefined ? super.optionDescription(option) : option.description;
    return description + also;
  }
}
