import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect } from "vitest";
import { synadm, type Result, type World } from "../helpers/synadm.js";
import { Client, person, type Person } from "./client.js";
import { serverUnderTest, type ServerUnderTest } from "./server.js";

type Config = Readonly<Record<string, string>>;

/** One homeserver for the tests of a file, with the people and the administrator who meet on it. */
export class Scenario {
  /** Part of every name, so that nobody stumbles over what an earlier run left behind. */
  readonly run = Date.now().toString(36);
  #server: ServerUnderTest | undefined;

  get server(): ServerUnderTest {
    if (this.#server === undefined) throw new Error("the server runs only while tests do");
    return this.#server;
  }

  async start(): Promise<void> {
    this.#server = await serverUnderTest();
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  /** The administrator as a client. */
  get admin(): Client {
    return new Client(this.server.baseUrl, this.server.adminUser, this.server.adminToken);
  }

  /** A localpart that nobody else uses. */
  name(name: string): string {
    return `${name}-${this.run}`;
  }

  userId(localpart: string): string {
    return `@${localpart}:${this.server.serverName}`;
  }

  /** Makes an account and logs in. */
  async person(name: string, fields: object = {}): Promise<Person> {
    const userId = this.userId(this.name(name));
    await this.makeAccount(userId, { password: "first password", ...fields });
    return person(this.server.baseUrl, userId, "first password");
  }

  async makeAccount(userId: string, fields: object = {}): Promise<void> {
    const { status, body } = await this.admin.call("PUT", adminPath`v2/users/${userId}`, fields);
    if (status !== 200 && status !== 201) throw new Error(`cannot make ${userId}: ${JSON.stringify(body)}`);
  }

  /** The account as the server itself shows it, whatever synadm says. */
  account(userId: string): Promise<unknown> {
    return this.admin.do("GET", adminPath`v2/users/${userId}`);
  }

  /** Runs a command line with the admin's token. */
  synadm(
    argv: readonly string[],
    { config, ...world }: Omit<World, "config"> & { config?: Config } = {},
  ): Promise<Result> {
    return synadm(argv, { ...world, config: { ...this.config, ...config } });
  }

  get config(): Config {
    return { token: this.server.adminToken, base_url: this.server.baseUrl };
  }

  /** Runs a command line as a script does, and expects it to work. @returns the data on stdout */
  async ok(...argv: readonly string[]): Promise<unknown> {
    const result = await this.synadm(["--batch", "-o", "json", ...argv]);
    if (result.code !== 0) throw new Error(`synadm ${argv.join(" ")}: exit ${result.code}\n${result.stderr}`);
    return JSON.parse(result.stdout) as unknown;
  }

  /** The same where the server is to refuse. @returns what it said, on stdout */
  async refused(...argv: readonly string[]): Promise<{ said: unknown; stderr: string }> {
    const { code, stdout, stderr } = await this.synadm(["--batch", "-o", "json", ...argv]);
    expect({ code, stdout, stderr }).toMatchObject({ code: 1 });
    return { said: stdout === "" ? undefined : (JSON.parse(stdout) as unknown), stderr };
  }
}

/** Call it at the top of a file of tests. */
export function scenario(): Scenario {
  const scene = new Scenario();
  beforeAll(() => scene.start());
  afterAll(() => scene.close());
  return scene;
}

/** A path below `/_synapse/admin`, its holes encoded. */
export function adminPath(parts: TemplateStringsArray, ...holes: readonly string[]): string {
  return `/_synapse/admin/${String.raw({ raw: parts }, ...holes.map(encodeURIComponent))}`;
}

/** Asks again until the answer will do. */
export async function until<T>(ask: () => Promise<T>, isFine: (answer: T) => boolean, patienceMs = 20_000): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const answer = await ask();
    if (isFine(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain, at last for ${JSON.stringify(answer)}`);
    await sleep(20);
  }
}
