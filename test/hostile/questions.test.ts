import { readFileSync } from "node:fs";
import { join } from "node:path";
import nock from "nock";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { hasTerminal, homeWith, inShell, OnTerminal } from "../helpers/process.js";
import { startHomeserver, type Homeserver } from "../homeserver/index.js";
import { closeAll, later } from "./servers.js";

let homeserver: Homeserver;
beforeAll(() => nock.restore());
beforeEach(async () => {
  homeserver = await startHomeserver();
  later(() => homeserver.close());
  return closeAll;
});
afterAll(() => nock.activate());

const home = () => homeWith({ token: homeserver.adminToken, base_url: homeserver.baseUrl, homeserver: "example.test" });
const sent = () => homeserver.requests.filter(({ method }) => method !== "GET").map(({ body }) => body);

it.each([
  { asks: true, shell: "echo yes | synadm user deactivate alice" },
  { asks: true, shell: "echo yes | synadm user deactivate-regex @alice" },
  { asks: false, shell: "synadm --batch user deactivate alice" },
])("what rested while a person read is not used for the change: $shell", async ({ asks, shell }) => {
  expect(await inShell({ shell, home: home() })).toMatchObject({ code: 0 });
  const ports = (wanted: boolean) =>
    homeserver.requests.filter(({ method }) => (method === "GET") === wanted).map(({ port }) => port);
  const [change, ...others] = ports(false);
  expect({ others, reused: ports(true).includes(change) }).toEqual({ others: [], reused: !asks });
});

/** What the last escape sequence says of it. */
function cursor(screen: string): string {
  return screen.lastIndexOf("\u001b[?25h") > screen.lastIndexOf("\u001b[?25l") ? "shown" : "hidden";
}

describe("an answer by line", () => {
  it.each([
    String.raw`printf 'p\xe4ss\np\xe4ss\n' | synadm user password alice`,
    String.raw`printf 'p\xe4ss\np\xf6ss\n' | synadm user password alice`,
    String.raw`printf '\xff\n' | synadm user deactivate alice`,
  ])("that is not UTF-8 is none: %s", async (shell) => {
    const { code, stderr } = await inShell({ shell, home: home() });
    expect({ code, sent: sent() }).toEqual({ code: 2, sent: [] });
    expect(stderr).toMatch(/\nsynadm: the answer is not UTF-8\n$/);
  });

  it("may begin with a byte order mark", async () => {
    const shell = String.raw`printf '\xef\xbb\xbfsecret\nsecret\n' | synadm user password alice`;
    expect(await inShell({ shell, home: home() })).toMatchObject({ code: 0 });
    expect(sent()).toEqual(['{"new_password":"secret"}']);
  });

  it("that never ends is not waited for", async () => {
    const { code, stderr } = await inShell({ shell: "synadm user deactivate alice < /dev/zero", home: home() });
    expect({ code, sent: sent() }).toEqual({ code: 2, sent: [] });
    expect(stderr).toContain("stdin: a line of it is longer than 1 MiB");
  });
});

describe.runIf(hasTerminal)("a question on a terminal", () => {
  const stty = "stty -a | grep -o '[-]*icanon'";

  it.each(["p\u001dw", "p\tw"])("takes no control character for a password: %j", async (typed) => {
    const terminal = new OnTerminal({ shell: "synadm user password alice", home: home() });
    await terminal.answer("New password", `${typed}\r`);
    const { code, screen } = await terminal.end();
    expect({ code, sent: sent() }).toEqual({ code: 2, sent: [] });
    expect(screen).toContain("control character");
  });

  it.each([
    ["New password", "synadm user password alice"],
    ["New password", "export TERM=dumb; synadm user password alice"],
    ["[y/N]", "synadm user deactivate alice"],
  ])("is left with Ctrl-\\: %s, %s", async (asked, shell) => {
    const terminal = new OnTerminal({ shell, home: home() });
    await terminal.answer(asked, "y\u001c");
    const { code } = await terminal.end();
    expect({ code, sent: sent() }).toEqual({ code: 131, sent: [] });
  });

  it("takes nothing that is not UTF-8 for a password", async () => {
    const terminal = new OnTerminal({ shell: "synadm user password alice", home: home() });
    await terminal.answer("New password", Buffer.from("p\u00e4ss\r", "latin1"));
    const { code, screen } = await terminal.end();
    expect({ code, sent: sent() }).toEqual({ code: 2, sent: [] });
    expect(screen).toContain("the answer is not UTF-8");
  });

  it.each(["xterm", "dumb"])("comes back after Ctrl-Z, TERM=%s", async (term) => {
    const shell = `set -m; TERM=${term} synadm user deactivate alice; fg; echo code $?; ${stty}`;
    const terminal = new OnTerminal({ shell, home: home() });
    await terminal.answer("[y/N]", "\u001a");
    await terminal.answer("[y/N]", "y\r");
    const { screen } = await terminal.end();
    expect(screen).toContain("code 0");
    expect(screen.match(/-?icanon/g)).toEqual(["icanon"]);
    expect(sent()).toHaveLength(1);
  });

  it.each(["xterm", "dumb"])("hides a password also after a stop from outside, TERM=%s", async (term) => {
    const folder = home();
    const start = `TERM=${term} synadm user password alice & echo $! > "$HOME/pid"`;
    const shell = `set -m; ${start}; fg; stty sane; fg; echo code $?; ${stty}`;
    const terminal = new OnTerminal({ shell, home: folder });
    await terminal.answer("New password", "");
    process.kill(-Number(readFileSync(join(folder, "pid"), "utf8")), "SIGSTOP");
    await terminal.answer("New password", "hunter2\r");
    await terminal.answer("again", "hunter2\r");
    const { screen } = await terminal.end();
    expect(screen).toContain("code 0");
    expect(screen).not.toContain("hunter2");
    expect(screen.match(/-?icanon/g)).toEqual(["icanon"]);
    expect(sent()).toEqual(['{"new_password":"hunter2"}']);
  });

  it.each([
    ["TERM", 143, ""],
    ["QUIT", 131, ""],
    ["HUP", 129, ""],
    ["INT", 130, ""],
    ["TERM", 143, '2> "$HOME/err"'],
  ])("gives the cursor back at a SIG%s from outside, exit %i %s", async (signal, code, redirection) => {
    const folder = home();
    const start = `synadm user password alice ${redirection} & echo $! > "$HOME/pid"`;
    const terminal = new OnTerminal({ shell: `set -m; ${start}; fg; echo code $?`, home: folder });
    await terminal.answer("New password", "");
    const shell = readFileSync(join(folder, "pid"), "utf8").trim();
    const [child = ""] = readFileSync(`/proc/${shell}/task/${shell}/children`, "utf8").split(" ");
    process.kill(Number(child), `SIG${signal}`); // not the shell, which would be faster than we
    const { screen } = await terminal.end();
    expect(screen).toContain(`code ${code}`);
    expect(cursor(screen)).toBe("shown");
  });

  it("gives the cursor back while it is stopped", async () => {
    const shell = "set -m; synadm user password alice; echo stopped; read; fg; echo code $?";
    const terminal = new OnTerminal({ shell, home: home() });
    await terminal.answer("New password", "hunter2\u001a");
    await terminal.answer("stopped\r\n", "\r");
    expect(cursor(terminal.screen)).toBe("shown");
    await terminal.answer("New password", "");
    expect(cursor(terminal.screen)).toBe("hidden");
    await terminal.answer("", "\u0003");
    const { screen } = await terminal.end();
    expect(screen).toContain("code 130");
    expect(cursor(screen)).toBe("shown");
  });

  it("is asked there, when it is for a password and stderr is a file", async () => {
    const folder = home();
    const terminal = new OnTerminal({ shell: 'synadm user password alice 2> "$HOME/err"', home: folder });
    await terminal.answer("New password", "secret\r");
    await terminal.answer("again", "secret\r");
    const { code, screen } = await terminal.end();
    expect({ code, sent: sent() }).toEqual({ code: 0, sent: ['{"new_password":"secret"}'] });
    expect(screen).not.toContain("secret");
    expect(readFileSync(join(folder, "err"), "utf8")).toBe("");
  });

  it("is plain on stderr, and the password hidden, where the terminal is not the process's own", async () => {
    const folder = home();
    const shell = 'setsid -w bash -c "synadm user password alice 2> $HOME/err" < /dev/tty; echo code $?';
    const terminal = new OnTerminal({ shell: `export -f synadm; echo go; ${shell}; ${stty}`, home: folder });
    await terminal.answer("go", "");
    const asked = (text: string) => vi.waitFor(() => expect(readFileSync(join(folder, "err"), "utf8")).toContain(text));
    await asked("New password of alice ");
    await terminal.answer("", "secrex\u007ft\r");
    await asked("The same again ");
    await terminal.answer("", "secret\r");
    const { screen } = await terminal.end();
    expect(screen).toContain("code 0");
    expect(screen).not.toContain("secre");
    expect(screen.match(/-?icanon/g)).toEqual(["icanon"]);
    expect(sent()).toEqual(['{"new_password":"secret"}']);
    expect(readFileSync(join(folder, "err"), "utf8")).not.toContain("\u001b");
  });

  it.each([
    { env: { NO_COLOR: "1", FORCE_COLOR: "1" }, coloured: false },
    { env: { NO_COLOR: "1" }, coloured: false },
    { env: { NO_COLOR: "", FORCE_COLOR: "1" }, coloured: true },
    { env: { NO_COLOR: "" }, coloured: true },
    { env: { FORCE_COLOR: "0" }, coloured: false },
    { env: { FORCE_COLOR: "" }, coloured: true },
    { env: { CI: "1" }, coloured: true },
    { env: {}, coloured: true },
  ])("is coloured as tables are: $env", async ({ env, coloured }) => {
    const terminal = new OnTerminal({ shell: "synadm user deactivate alice >/dev/null", home: home(), env });
    await terminal.answer("[y/N]", "n\r");
    const { screen } = await terminal.end();
    expect(screen.includes("\u001b[1m")).toBe(coloured);
    expect(screen).not.toMatch(/Warning|idle|loading/); // of Node, and inquirer's own words for its states
  });

  it.each(["user deactivate alice", "user password alice"])("moves no cursor with TERM=dumb: %s", async (argv) => {
    const terminal = new OnTerminal({ shell: `TERM=dumb synadm ${argv}`, home: home() });
    await terminal.answer(argv.includes("password") ? "New password" : "[y/N]", "\u0003");
    const { code, screen } = await terminal.end();
    expect({ code, escape: screen.includes("\u001b") }).toEqual({ code: 130, escape: false });
  });
});
