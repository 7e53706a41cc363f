import { createServer as createSocketServer } from "node:net";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { configKeys } from "../../src/config/index.js";
import { lines, nameOf } from "../faults/commands.js";
import { executable, hasTerminal, homeWith, inShell, OnTerminal } from "../helpers/process.js";
import { synadm, type Result } from "../helpers/synadm.js";
import { thorough } from "../helpers/thorough.js";
import { startHomeserver } from "../homeserver/index.js";
import { poisonedHomeserver } from "./poison.js";
import { closeAll, later, listen, serve, serveText } from "./servers.js";
import { attacks, danger, hostile } from "./values.js";

beforeAll(() => nock.restore());
afterEach(closeAll);
afterAll(() => nock.activate());

const formats = ["yaml", "json", "minified", "pprint", "human"] as const;
/** All with `thorough`, otherwise the human one and each other in its turn. */
const formatsOf = (turn: number) => formats.filter((format, at) => thorough || format === "human" || at === turn % 4);
const home = "/nonexistent";
const names: readonly [string, string][] = Object.entries(attacks);

/** What would reach the terminal. A line on stderr that is not ours would pass for one of ours. */
function reached({ stdout, stderr }: Result): (string | undefined)[] {
  const foreign = stderr.split("\n").find((line) => line.startsWith("synadm: all is well"));
  return [danger(stdout), danger(stderr), foreign].filter((found) => found !== undefined);
}

describe("whatever the homeserver says", () => {
  it.each(lines.map((line, turn) => [nameOf(line), line, turn] as const))(
    "%s",
    async (_name, { argv, stdin }, turn) => {
      const { baseUrl, homeserver, last } = await poisonedHomeserver();
      const env = { SYNADM_TOKEN: homeserver.adminToken, SYNADM_BASE_URL: baseUrl, SYNADM_HOMESERVER: "example.test" };
      const run = (before: readonly string[], input = stdin) =>
        synadm([...before, ...argv], { config: null, home, env, ...(input === undefined ? {} : { stdin: input }) });
      // Questions and what is shown before them; then each format, or one for what changes something.
      expect(reached(await run(["-o", "human"], stdin ?? "n\n"))).toEqual([]);
      for (const format of formatsOf(turn)) {
        const result = await run(["--batch", "-o", format, ...(format === "human" ? [] : ["-vvv"])]);
        expect({ format, reached: reached(result), bug: result.code === 70 }).toEqual({
          format,
          reached: [],
          bug: false,
        });
        if (format === "json" && argv[0] === "raw" && result.code === 0) {
          expect(JSON.parse(result.stdout)).toEqual(JSON.parse(last()));
        }
        if (homeserver.requests.some(({ method }) => method !== "GET")) break;
      }
    },
  );

  it.each(names)("JSON holds it as it was sent: %s", async (_name, attack) => {
    const sent = { name: "@a:b", displayname: attack, [attack]: [attack] };
    const baseUrl = await serveText(JSON.stringify(sent));
    for (const format of ["json", "minified"]) {
      const { stdout } = await synadm(["-o", format, "raw", "x"], {
        ...{ config: null, home, env: { SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl } },
      });
      expect(danger(stdout)).toBeUndefined();
      expect(JSON.parse(stdout)).toEqual(sent);
    }
  });

  it("also in a status line and in headers, which may hold C1 controls", async () => {
    const odd = Buffer.from("\u009b31m\u009d0;owned\u009c\u0085", "latin1");
    for (const status of ["200", "302", "429", "502"]) {
      const server = createSocketServer((socket) => {
        socket
          .on("error", () => undefined)
          .once("data", () => {
            const parts = [
              `HTTP/1.1 ${status} `,
              odd,
              "\r\nServer: ",
              odd,
              "\r\nLocation: /",
              odd,
              "\r\nRetry-After: ",
              odd,
            ];
            const rest = "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
            socket.end(Buffer.concat([...parts, rest].map((part) => Buffer.from(part))));
          });
      });
      const baseUrl = `http://127.0.0.1:${await listen(server)}`;
      for (const method of ["get", "post"]) {
        const result = await synadm(["-vv", "--timeout", "2", "raw", "-m", method, "x"], {
          ...{ config: null, home, env: { SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl } },
        });
        expect(reached(result)).toEqual([]);
      }
    }
  });

  it("also in what is no HTTP", async () => {
    const server = createSocketServer((socket) => {
      socket.on("error", () => undefined).once("data", () => socket.end(hostile));
    });
    const baseUrl = `http://127.0.0.1:${await listen(server)}`;
    const result = await synadm(["-vv", "version"], {
      ...{ config: null, home, env: { SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl } },
    });
    expect({ code: result.code, reached: reached(result) }).toEqual({ code: 3, reached: [] });
  });

  it("also in a redirect that is not followed", async () => {
    const baseUrl = await serve((_request, response) => {
      response.writeHead(307, { Location: `http://evil.test/${encodeURI("\u001b[31m\u202e")}?access_token=s3cret` });
      response.end(JSON.stringify({ error: hostile }));
    });
    const result = await synadm(["raw", "-m", "post", "x"], {
      ...{ config: null, home, env: { SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl } },
    });
    expect({ code: result.code, reached: reached(result) }).toEqual({ code: 1, reached: [] });
  });
});

describe("whatever is typed or configured", () => {
  it.each(names)("%s", async (_name, attack) => {
    const baseUrl = await serveText('{"errcode": "M_UNKNOWN", "error": "no"}', 400);
    const env = { SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl, SYNADM_HOMESERVER: "example.test" };
    const typed: string[][] = [
      [attack],
      ["user", attack],
      ["user", "list", `--${attack}`],
      ["user", "list", "--limit", attack],
      ["user", "list", "-o", attack],
      ["--timeout", attack, "version"],
      ["--ca-file", attack, "version"],
      ["--log-file", `/nonexistent/${attack}`, "version"],
      ["-c", `/nonexistent/${attack}`, "version"],
      ["raw", attack],
      ["raw", "-f", attack, "x"],
      ["notice", "send", "-f", "alice", attack],
      ["notice", "send", "--batch", "alice", attack],
      ["user", "deactivate-regex", `(${attack}`],
      ["user", "deactivate-regex", `[${attack}`],
      ["history", "purge", "!a:b", "--before", attack],
      ...["details", "whois", "deactivate", "modify"].map((name) => ["user", name, attack]),
      ...["details", "delete", "members", "resolve"].map((name) => ["room", name, attack]),
      ...["details", "delete", "block", "state"].map((name) => ["room", name, `!${attack}`]),
      ["media", "protect", attack],
      ["regtok", "details", attack],
      ["user", "3pid", attack],
      ["group", "delete", attack],
      ["config", "--batch", "--token", "t", "--base-url", attack],
    ];
    for (const argv of typed) {
      const result = await synadm(argv, { config: null, home, env });
      expect({ argv, reached: reached(result), bug: result.code === 70 }).toEqual({ argv, reached: [], bug: false });
    }
    for (const key of configKeys) {
      // It would be run by a shell, whose complaints are its own.
      if (key === "token_command") continue;
      const other = key.startsWith("token") ? { ...env, SYNADM_TOKEN: "" } : env;
      const byEnvironment = { ...other, [`SYNADM_${key.toUpperCase()}`]: attack };
      for (const argv of [["version"], ["user", "details", "alice"], ["-vv", "version"]]) {
        const named = await synadm(argv, { config: null, home, env: byEnvironment });
        expect({ key, reached: reached(named), bug: named.code === 70 }).toEqual({ key, reached: [], bug: false });
      }
      const written = await synadm(["version"], { config: `${key}: ${JSON.stringify(attack)}\n` });
      expect({ key, reached: reached(written), bug: written.code === 70 }).toEqual({ key, reached: [], bug: false });
    }
  });
});

describe.runIf(hasTerminal)("a question on a terminal", () => {
  const sent = Object.values(attacks).filter((attack) => attack !== attacks["lines"]);
  /** inquirer moves the cursor itself; what strangers wrote must not be there as they wrote it. */
  const onScreen = (screen: string) => [
    ...sent.filter((attack) => screen.includes(attack)),
    ...["\u001b]", "\u001bP", "\u009b", "\u009d", "\u202e", "\u2066", "\u200b", "\u{e0041}", "\u0007"].filter((sign) =>
      screen.includes(sign),
    ),
    ...screen.split(/[\r\n]+/).filter((line) => line.startsWith("synadm: all is well")),
  ];

  it("about a room with such a name", async () => {
    const homeserver = await startHomeserver();
    later(() => homeserver.close());
    const room = [...homeserver.world.rooms.values()].find(({ roomId }) => roomId.includes("lobby"))!;
    const state = (type: string, content: Record<string, string>) =>
      void homeserver.world.send(room, { type, sender: homeserver.adminUser, stateKey: "", content });
    state("m.room.name", { name: hostile });
    state("m.room.topic", { topic: hostile });
    const terminal = new OnTerminal({
      shell: `synadm room delete '${room.roomId}'`,
      home: homeWith({ token: homeserver.adminToken, base_url: homeserver.baseUrl }),
    });
    await terminal.answer("[y/N]", "n\r");
    const { code, screen } = await terminal.end();
    expect({ code, onScreen: onScreen(screen) }).toEqual({ code: 5, onScreen: [] });
    expect(screen).toContain("owned");
  });

  it("about a user with such a name", async () => {
    const homeserver = await startHomeserver();
    later(() => homeserver.close());
    homeserver.world.users.edit("@alice:example.test")!.displayname = hostile;
    const terminal = new OnTerminal({
      shell: "synadm user deactivate alice",
      home: homeWith({ token: homeserver.adminToken, base_url: homeserver.baseUrl }),
    });
    await terminal.answer("[y/N]", "n\r");
    const { code, screen } = await terminal.end();
    expect({ code, onScreen: onScreen(screen) }).toEqual({ code: 5, onScreen: [] });
    expect(screen).toContain("owned");
  });

  it("about a value that the configuration suggests", async () => {
    const terminal = new OnTerminal({
      shell: "synadm config",
      home: homeWith({ user: attacks["title"]!, token: "t" }),
    });
    await terminal.answer("User name", "\u0003");
    const { code, screen } = await terminal.end();
    expect({ code, onScreen: onScreen(screen) }).toEqual({ code: 130, onScreen: [] });
  });
});

it("the title of the process stays", async () => {
  const hook = `data:text/javascript,process.on("exit", () => process.stderr.write(process.title))`;
  const [node, program] = executable;
  const shell = `"$NODE" -p process.title; "$NODE" --import "$HOOK" "$PROGRAM" --version`;
  const env = { NODE: node, PROGRAM: program, HOOK: hook };
  const { stdout, stderr } = await inShell({ shell, home, env });
  expect(stderr).toBe(stdout.split("\n")[0]);
});
