import { InvalidValueError } from "../api/errors.js";
import type { Connection, Matrix, SynapseAdmin } from "../api/index.js";
import { isRoomAlias, isServerName, needsServerName, userId } from "../api/mxid.js";
import { ConfigError, defaultConfigPath, expandHome, type Config } from "../config/index.js";
import { formatNamed, render, type Format, type View } from "../output/index.js";
import { visible } from "../output/visible.js";
import type { Clients } from "./connect.js";
import { Aborted, messageOf, OutputError, UsageError } from "./errors.js";
import type { Globals } from "./globals.js";
import { columnsOf, wantsColour, type Io } from "./io.js";
import { printDocument, writeLine } from "./print.js";
import { Prompter, type Question } from "./prompt.js";
import { readText } from "./read-text.js";

/** Everything a command may touch. */
export class Context {
  readonly io: Io;
  readonly globals: Globals;
  readonly prompter: Prompter;
  #config: Promise<Config> | undefined;
  #clients: Promise<Clients> | undefined;
  #serverName: Promise<string> | undefined;

  constructor(io: Io, globals: Globals) {
    this.io = io;
    this.globals = globals;
    this.prompter = new Prompter(io);
  }

  get configPath(): string {
    const { configFile } = this.globals;
    return configFile === undefined ? defaultConfigPath(this.io.home) : expandHome(configFile, this.io.home);
  }

  /** Whether a person is there who can be asked for a missing configuration. */
  get canConfigure(): boolean {
    return !this.globals.batch && this.prompter.attended;
  }

  /** Flags, environment, file and defaults, read once, on first use. */
  config(): Promise<Config> {
    return (this.#config ??= this.#readConfig());
  }

  /** Forgets what was read, because the file has changed. */
  reloadConfig(): Promise<Config> {
    this.#config = undefined;
    return this.config();
  }

  /** The admin API; the HTTP library is loaded on first use. */
  async admin(): Promise<SynapseAdmin> {
    return (await this.#connect()).admin;
  }

  /**
   * The client-server API, over the same connections.
   *
   * @param token instead of the configured one, which then need not exist; `null`: none. For commands that use no
   *   other client before.
   */
  async matrix({ token }: { token?: string | null | undefined } = {}): Promise<Matrix> {
    return (await this.#connect(token)).matrix;
  }

  /** Completes what people type to a full Matrix ID; only a localpart costs a look-up. */
  async userId(text: string): Promise<string> {
    return userId(text, needsServerName(text) ? await this.serverName() : "");
  }

  /** Resolves an alias; an ID is taken as it is. */
  async roomId(text: string): Promise<string> {
    if (text.startsWith("!")) return text; // opaque: the homeserver knows what is one
    if (!isRoomAlias(text)) {
      throw new InvalidValueError(
        `'${text}' is neither a room ID, such as '!abc:example.org', nor an alias, such as '#name:example.org'`,
      );
    }
    return (await (await this.matrix()).resolveAlias(text)).room_id;
  }

  /** The homeserver's own name. */
  serverName(): Promise<string> {
    return (this.#serverName ??= this.#discoverServerName());
  }

  /**
   * Prints the result: the one document of this run.
   *
   * @param dates whether points in time are shown as dates, if the person said so
   */
  async print<T>(data: T, view: View<T> = {}, { dates }: { dates?: boolean | undefined } = {}): Promise<void> {
    const format = await this.format();
    const { stdout, env } = this.io;
    await printDocument(this.io, format, data, view, {
      width: columnsOf(stdout, env, stdout.isTTY === true ? 80 : Infinity), // what reads a pipe wants whole values
      colour: format === "human" && wantsColour(stdout, env),
      dates: dates ?? this.#readByPerson(format),
    }).catch((error: unknown) => {
      // A reader that has enough does not make a success of what was refused.
      if (!(error instanceof OutputError && error.closed)) throw error;
    });
  }

  /** Which format the result will have. */
  async format(): Promise<Format> {
    if (this.globals.output) return this.globals.output;
    const { format } = await this.config();
    return formatNamed(format) ?? "yaml"; // #readConfig saw to it
  }

  /** Words for a person. */
  note(text: string): void {
    this.io.stderr.write(`${visible(text)}\n`);
  }

  /** Something did not work, and the command goes on. */
  warning(text: string): void {
    this.note(`synadm: warning: ${text}`);
  }

  /** Lines that are harmless already, such as `report` makes them. */
  complain(lines: string): void {
    this.io.stderr.write(lines);
  }

  /**
   * Shows data on stderr, for a person who is about to be asked.
   *
   * @throws Aborted when that cannot be written: what was not seen cannot be confirmed
   */
  async preview<T>(data: T, view: View<T> = {}): Promise<void> {
    if (this.globals.batch) return;
    const page = {
      width: columnsOf(this.io.stderr, this.io.env),
      colour: wantsColour(this.io.stderr, this.io.env),
      dates: true,
    };
    const { chunks, notes } = await render("human", data, view, page);
    try {
      await writeLine(this.io.stderr, chunks);
      if (notes.length > 0) await writeLine(this.io.stderr, [notes.join("\n")]);
    } catch (error) {
      throw new Aborted(`cannot show what would be changed: ${messageOf(error)}`);
    }
  }

  /**
   * Goes on only if the person agrees, or said so with `--batch`.
   *
   * @throws Aborted when the person declines or nobody can be asked
   */
  async confirm(question: string): Promise<void> {
    if (this.globals.batch) return;
    if (!(await this.prompter.yes(question))) throw new Aborted("not confirmed, nothing was done");
    // While the person thought, a firewall may have forgotten a connection, and a change would be lost in it.
    (await this.#connection())?.renew();
  }

  /** For what the original never asked: asks only where a person sits, so that crontabs without `--batch` keep working. */
  async confirmIfAttended(question: string): Promise<void> {
    if (this.prompter.attended) await this.confirm(question);
  }

  /** Text that only a person can give. */
  async ask(question: Omit<Question, "instead">, option: string): Promise<string> {
    if (this.globals.batch) throw new UsageError(`--batch asks nothing: give ${option}`);
    return this.prompter.text({ ...question, instead: `give ${option}` });
  }

  /** A password or a token. Who has typed nothing is asked again, up to three times: a pipe may hold empty lines without end. */
  async askSecret(message: string, option: string): Promise<string> {
    for (let left = 3; left > 0; left--) {
      const secret = await this.ask({ message, hidden: true }, option);
      if (secret !== "") return secret;
      if (left > 1) this.note("it must not be empty");
    }
    throw new UsageError(`nothing was typed, three times; give ${option}`);
  }

  /** The whole of stdin. Questions then go to the terminal itself. */
  async readStdin(): Promise<string> {
    this.prompter.takeStdin();
    this.io.watchSignals(); // what is read may be a secret: SIGQUIT would write it to a core file
    return readText(this.io.stdin, "stdin");
  }

  /** The first line of stdin, empty at its end. Questions then go to the terminal itself. */
  async firstLineOfStdin(): Promise<string> {
    this.prompter.takeStdin();
    return (await this.prompter.nextLine()) ?? "";
  }

  async close(): Promise<void> {
    (await this.#connection())?.close();
  }

  /** `undefined` where none was needed yet. */
  async #connection(): Promise<Connection | undefined> {
    return (await this.#clients?.catch(() => undefined))?.connection;
  }

  /** A person reads a terminal; a program reads pipes and files. */
  #readByPerson(format: Format): boolean {
    if (this.globals.batch || format === "json" || format === "minified") return false;
    return format === "human" || this.io.stdout.isTTY === true;
  }

  async #readConfig(): Promise<Config> {
    const { loadConfig } = await import("./connect.js");
    return loadConfig(this);
  }

  #connect(token?: string | null): Promise<Clients> {
    if (token !== undefined && this.#clients !== undefined) throw new Error("the token of the clients is settled");
    return (this.#clients ??= import("./connect.js").then(({ connect }) => connect(this, token)));
  }

  async #discoverServerName(): Promise<string> {
    const { homeserver, server_discovery, base_url, protocol } = await this.config();
    if (homeserver !== "auto-retrieval") {
      if (isServerName(homeserver)) return homeserver;
      throw new ConfigError(`homeserver: must be a server name, such as example.org, not '${homeserver}'`);
    }
    const { matrix, connection } = await this.#connect();
    const { serverName } = await import("../api/discovery.js");
    return serverName({
      matrix,
      connection,
      baseUrl: protocol === "unix" ? "http://localhost" : base_url,
      discovery: server_discovery,
    });
  }
}
