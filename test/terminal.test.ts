import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasTerminal, homeWith, inShell, OnTerminal } from "./helpers/process.js";
import { startHomeserver, type Homeserver } from "./homeserver/index.js";

let homeserver: Homeserver;
beforeAll(async () => void (homeserver = await startHomeserver()));
afterAll(() => homeserver.close());

const config = () => ({ token: homeserver.adminToken, base_url: homeserver.baseUrl });

describe.runIf(hasTerminal)("on a terminal", () => {
  it("asks for the configuration where there is none, hides the token, and goes on", async () => {
    const home = homeWith(undefined);
    const terminal = new OnTerminal({ shell: "synadm -o m version", home });
    await terminal.answer("User name", "admin\r");
    await terminal.answer("access token", `${homeserver.adminToken}\r`);
    await terminal.answer("Protocol", "\r");
    await terminal.answer("Base URL", `\u0015${homeserver.baseUrl}\r`);
    await terminal.answer("admin API", "\r");
    await terminal.answer("client-server API", "\r");
    await terminal.answer("format", "xml\r");
    await terminal.answer("format", "\r");
    await terminal.answer("Time-out", "\r");
    await terminal.answer("own name", "\r");
    await terminal.answer("certificates", "\r");
    await terminal.answer("find the homeserver", "\r");
    const { code, screen } = await terminal.end();
    expect(screen).toContain(`"server_version"`);
    expect(screen).not.toContain(homeserver.adminToken);
    expect(screen).toContain("format must be one of");
    expect(code).toBe(0);
    expect(readFileSync(join(home, "synadm.yaml"), "utf8")).toContain(`token: '${homeserver.adminToken}'`);
  });

  it("keeps a suggestion that is accepted, whatever is hidden in it", async () => {
    const home = homeWith({ ...config(), user: "al\u200bice" });
    const terminal = new OnTerminal({ shell: "synadm config", home });
    const asked = ["User name", "access token", "Protocol", "Base URL", "admin API", "client-server API", "format"];
    for (const question of [...asked, "Time-out", "own name", "certificates", "find the homeserver"])
      await terminal.answer(question, "\r");
    expect(await terminal.end()).toMatchObject({ code: 0 });
    expect(load(readFileSync(join(home, "synadm.yaml"), "utf8"))).toMatchObject({ user: "al\u200bice" });
  });

  it("Ctrl-C at a question ends with 130", async () => {
    const terminal = new OnTerminal({ shell: "synadm config", home: homeWith(config()) });
    await terminal.answer("User name", "\u0003");
    expect(await terminal.end()).toMatchObject({ code: 130 });
  });

  const deactivate = "synadm -v --batch user deactivate $user; done";
  it.each([
    ["over words", `for user in alice bob carol; do ${deactivate}`],
    ["that reads a list", `printf 'alice\\nbob\\ncarol\\n' | while read user; do ${deactivate}`],
    ["with a yes for each", `for user in alice bob carol; do yes | ${deactivate}`],
  ])("Ctrl-C in a shell's loop %s ends the loop, too", async (_what, loopOf) => {
    const loop = `${loopOf}; echo went on`;
    homeserver.requests.length = 0;
    homeserver.misbehave({ kind: "delay", ms: 20_000 }, { method: "POST" });
    const terminal = new OnTerminal({ shell: loop, home: homeWith(config()) });
    const changes = () => homeserver.requests.filter(({ method }) => method === "POST").length;
    await vi.waitFor(() => expect(changes()).toBe(1), { timeout: 10_000, interval: 20 });
    await terminal.answer("POST http", "\u0003");
    const { code, screen } = await terminal.end();
    homeserver.behave();
    expect({ code, wentOn: screen.includes("went on") }).toEqual({ code: 130, wentOn: false });
    expect(screen).toContain("synadm: perhaps done: deactivate @alice:example.test");
    expect(changes()).toBe(1);
  });

  it("shows points in time as dates in yaml, and numbers in json", async () => {
    const home = homeWith(config());
    const yaml = await new OnTerminal({ shell: "synadm user list -l 1", home }).end();
    expect(yaml.screen).toMatch(/creation_ts: '?\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/);
    const json = await new OnTerminal({ shell: "synadm -o json user list -l 1", home }).end();
    expect(json.screen).toMatch(/"creation_ts": \d{13}/);
  });
});

describe.runIf(hasTerminal)("a configuration file that is named and not there", () => {
  const env = () => ({ SYNADM_BASE_URL: homeserver.baseUrl });

  it.each(["version", "user details alice"])("is made where a token is missed: %s", async (command) => {
    const terminal = new OnTerminal({ shell: `synadm -c other.yaml ${command}`, home: homeWith(config()), env: env() });
    await terminal.answer("User name", "\u0003");
    const { code, screen } = await terminal.end();
    expect(code).toBe(130);
    expect(screen).toContain("no access token is configured; let us make other.yaml");
  });

  it.each([
    ["the token stands elsewhere", "SYNADM_TOKEN=$TOKEN synadm -c other.yaml version"],
    ["no token is needed", "synadm -c other.yaml matrix login admin"],
  ])("is a mistake where %s: nothing goes to whatever server", async (_why, shell) => {
    homeserver.requests.length = 0;
    const home = homeWith(undefined);
    const terminal = new OnTerminal({ shell, home, env: { ...env(), TOKEN: homeserver.adminToken } });
    const { code, screen } = await terminal.end();
    expect(code).toBe(2);
    expect(screen).toContain("synadm: there is no other.yaml");
    expect(homeserver.requests).toHaveLength(0);
  });
});

describe("without a terminal", () => {
  it("a closed stdout ends quietly", async () => {
    const { stdout, stderr, code } = await inShell({
      shell: "set -o pipefail; synadm -o yaml user list | head -n 1",
      home: homeWith(config()),
    });
    expect({ stdout: stdout.split("\n").length, stderr, code }).toEqual({ stdout: 2, stderr: "", code: 0 });
  });

  it("a full disk is exit 74", async () => {
    const { stderr, code } = await inShell({ shell: "synadm user list > /dev/full", home: homeWith(config()) });
    expect({ stderr, code }).toMatchObject({
      stderr: expect.stringContaining("cannot write the result") as string,
      code: 74,
    });
  });

  it("an empty stdin ends a question with 5", async () => {
    const { code, stderr } = await inShell({ shell: "synadm config", home: homeWith(config()) });
    expect({ code, stderr }).toMatchObject({
      code: 5,
      stderr: expect.stringContaining("--batch config takes the values as options") as string,
    });
  });

  it("has no colour and no cursor movement in a pipe, and colour when forced", async () => {
    const home = homeWith(config());
    expect((await inShell({ shell: "synadm -o human user list", home })).stdout).not.toContain("\u001b");
    const forced = await inShell({ shell: "synadm -o human user list", home, env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b");
    const empty = await inShell({ shell: "synadm -o human user list", home, env: { FORCE_COLOR: "" } });
    expect(empty.stdout).not.toContain("\u001b");
  });
});
