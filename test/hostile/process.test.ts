import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import nock from "nock";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { executable, hasTerminal, homeWith, inShell, OnTerminal } from "../helpers/process.js";
import { synadm } from "../helpers/synadm.js";
import { startHomeserver, type Homeserver } from "../homeserver/index.js";
import { closeAll, later, serve, serveText } from "./servers.js";

let homeserver: Homeserver;
beforeAll(() => nock.restore());
beforeEach(async () => {
  homeserver = await startHomeserver({ users: 2000, jobMs: 1 });
  later(() => homeserver.close());
  return closeAll;
});
afterAll(() => nock.activate());

const home = () => homeWith({ token: homeserver.adminToken, base_url: homeserver.baseUrl, homeserver: "example.test" });
const changes = () => homeserver.requests.filter(({ method }) => method !== "GET");
const formats = ["yaml", "json", "minified", "human", "pprint"] as const;

/** Runs until the homeserver has got so many requests, then sends the signal to the process itself. */
async function signalled(argv: string, signal: NodeJS.Signals, requests: number): Promise<string> {
  const [node, program] = executable;
  const folder = home();
  const ended = inShell({
    shell: `"$NODE" "$PROGRAM" -c "$HOME/synadm.yaml" ${argv} 2>&1 & echo $! > "$HOME/pid"; wait $!; echo "code $?"`,
    ...{ home: folder, env: { NODE: node, PROGRAM: program } },
  });
  await vi.waitFor(() => expect(homeserver.requests.length).toBeGreaterThanOrEqual(requests), {
    timeout: 10_000,
    interval: 20,
  });
  process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), signal);
  return (await ended).stdout;
}

describe("a signal", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
  ] as const)("%s during a request ends at once, quietly, with %i", async (signal, code) => {
    homeserver.misbehave({ kind: "delay", ms: 20_000 });
    expect(await signalled("--batch user deactivate alice", signal, 1)).toBe(`code ${code}\n`);
    expect(changes()).toEqual([]);
  });

  it("of Ctrl-\\ while a secret is read from stdin is no death, which could leave it in a core file", async () => {
    const [node, program] = executable;
    const config = join(home(), "synadm.yaml");
    const child = spawn(node, [program, "-c", config, "user", "password", "alice", "--password-stdin"], {
      env: {},
      stdio: ["pipe", "ignore", "ignore"],
    });
    const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
    const isCaught = () => {
      const [, caught = "0"] = /^SigCgt:\s*(\w+)$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8")) ?? [];
      return (BigInt(`0x${caught}`) & 4n) !== 0n; // the third signal
    };
    child.stdin.write("secret");
    await vi.waitFor(() => expect(isCaught()).toBe(true), { timeout: 5000, interval: 20 });
    child.kill("SIGQUIT");
    expect(await ended).toEqual({ code: 131, signal: null });
  });

  it("during a change says that it may be done", async () => {
    homeserver.misbehave({ kind: "delay", ms: 20_000 });
    const said = await signalled("--batch room block '!lobby:example.test'", "SIGTERM", 1);
    expect(said).toBe("synadm: perhaps done: block !lobby:example.test\ncode 143\n");
  });

  it.each([
    ["SIGINT", 130],
    ["SIGQUIT", 131],
  ] as const)("%s in the middle of many changes: says what was done and what perhaps", async (signal, code) => {
    homeserver.misbehave({ kind: "delay", ms: 0 }, { method: "POST", times: 2 });
    homeserver.misbehave({ kind: "delay", ms: 20_000 }, { method: "POST" });
    // A page of everybody, whose token it is, and three changes.
    const said = await signalled("--batch -o json user deactivate-regex -p 5000 '@spam[0-9]:'", signal, 5);
    expect(said.split("\n")).toEqual([
      "synadm: until here, 2 of 3 were done",
      "done: @spam1:example.test",
      "done: @spam2:example.test",
      "perhaps done: @spam3:example.test",
      `code ${code}`,
      "",
    ]);
    const sent = changes().length;
    homeserver.behave();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(changes().length).toBe(sent);
  });

  it.runIf(hasTerminal)(
    "of Ctrl-C ends a question and a request on a terminal, and leaves the terminal as it was",
    async () => {
      const shell =
        "stty -a | grep -o '[-]*icanon\\|[ -]echo '; synadm user deactivate alice; echo code $?; stty -a | grep -o '[-]*icanon\\|[ -]echo '";
      const terminal = new OnTerminal({ shell: `trap : INT; ${shell}`, home: home() });
      await terminal.answer("[y/N]", "\u0003");
      const { screen } = await terminal.end();
      expect(screen).toContain("code 130");
      expect(screen.match(/-?icanon/g)).toEqual(["icanon", "icanon"]);
      expect(changes()).toEqual([]);
      homeserver.misbehave({ kind: "delay", ms: 20_000 });
      const asking = new OnTerminal({ shell: "trap : INT; echo go; synadm version; echo code $?", home: home() });
      await asking.answer("go", "");
      await new Promise((resolve) => setTimeout(resolve, 500));
      await asking.answer("", "\u0003");
      expect((await asking.end()).screen).toContain("code 130");
    },
  );
});

describe.runIf(hasTerminal)("a question on a terminal", () => {
  const stty = "stty -a | grep -o '[-]*icanon\\|[ -]echo '";

  it.each([
    { line: "synadm user deactivate alice", see: "[y/N]" },
    { line: "synadm matrix login alice", see: "assword" },
    { line: "synadm user password alice", see: "assword" },
    { line: "echo '{}' | synadm matrix raw -p -m put -f - client/v3/x", see: "oken" },
  ])("is not answered by Ctrl-D: $line", async ({ line, see }) => {
    const terminal = new OnTerminal({ shell: `${line}; echo code $?; ${stty}`, home: home() });
    await terminal.answer(see, "\u0004");
    const { screen } = await terminal.end();
    expect(screen).toContain("nobody answered");
    expect(screen).toContain("code 5");
    expect(screen.match(/-?icanon/g)).toEqual(["icanon"]);
    expect(screen.lastIndexOf("\u001b[?25h")).toBeGreaterThanOrEqual(screen.lastIndexOf("\u001b[?25l"));
    expect(changes()).toEqual([]);
  });

  it.each([
    { line: "matrix login alice", see: "assword" },
    { line: "config", see: "User name" },
  ])("leaves the terminal as it was at SIGTERM: $line", async ({ line, see }) => {
    const shell = `synadm ${line} & echo $! > "$HOME/pid"; fg >/dev/null; echo code $?; ${stty}`;
    const folder = home();
    const terminal = new OnTerminal({ shell: `set -m; ${shell}`, home: folder });
    await terminal.answer(see, "");
    const group = Number(readFileSync(join(folder, "pid"), "utf8"));
    process.kill(-group, "SIGTERM");
    const { screen } = await terminal.end();
    expect(screen).toContain("code 143");
    expect(screen.match(/-?icanon/g)).toEqual(["icanon"]);
  });

  it("when the terminal is gone, as its shell tells: 129", async () => {
    homeserver.misbehave({ kind: "delay", ms: 20_000 });
    const folder = home();
    const wait = "trap 'kill -HUP $!' HUP; synadm version & wait $!; wait $!";
    const terminal = new OnTerminal({ shell: `echo go; ${wait}; echo code $? > "$HOME/code"`, home: folder });
    await terminal.answer("go", "");
    await vi.waitFor(() => expect(homeserver.requests).toHaveLength(1), { timeout: 5000 });
    terminal.hangUp();
    await vi.waitFor(() => expect(readFileSync(join(folder, "code"), "utf8")).toBe("code 129\n"), { timeout: 4000 });
  });
});

describe("a reader that goes away", () => {
  it.each(formats)("is no error: %s", async (format) => {
    const { stdout, stderr, code } = await inShell({
      shell: `set -o pipefail; synadm -o ${format} user list -l 2000 | head -n 1`,
      home: home(),
    });
    expect({ lines: stdout.split("\n").length, code }).toEqual({ lines: 2, code: 0 });
    expect(stderr.replace(/^.* of \d+\nmore: .*\n$/, "")).toBe("");
  });

  it("of the help neither", async () => {
    const { stderr, code } = await inShell({ shell: "set -o pipefail; synadm --help | true", home: home() });
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  });

  it("counts that came while an expression took too long", async () => {
    const users = JSON.stringify({ users: [{ name: `@${"1".repeat(60)}:x` }], total: 1 });
    const base_url = await serve((_request, response) => void response.end(users));
    const line = "synadm --batch user deactivate-regex '@(1+)+:evil'";
    const kill = "sleep 0.7; kill -TERM $(cat /proc/$!/task/$!/children); wait $!";
    expect(await inShell({ shell: `${line} & ${kill}`, home: homeWith({ token: "t", base_url }) })).toMatchObject({
      ...{ code: 143, stdout: "", stderr: "" },
    });
  });

  it("does not make a success of what was refused", async () => {
    const base_url = await serve((_request, response) => void response.end('{"status":"failed","error":"no room"}'));
    const shell = "set -o pipefail; synadm history purge-status x | true";
    const { code, stderr } = await inShell({ shell, home: homeWith({ token: "t", base_url }) });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "synadm: purge x failed: no room\n" });
  });

  it("of the errors neither", async () => {
    const { stdout } = await inShell({
      shell: "synadm -vv user details nobody 2>&1 >/dev/null | true; echo ${PIPESTATUS[0]}",
      home: home(),
    });
    expect(stdout).toBe("1\n");
  });
});

describe("a stdout of a kind that is no output", () => {
  it.each(["user list", "--help"])("%s: 74", async (argv) => {
    const { stderr, code } = await inShell({ shell: `synadm ${argv} 1< "$HOME"`, home: home() });
    expect({ stderr, code }).toEqual({
      stderr: expect.stringMatching(/^synadm: cannot write the result: .*\n$/) as string,
      code: 74,
    });
  });
});

describe("what cannot be shown", () => {
  it.each(["2> /dev/full", "2> >(exec true)"])("is not confirmed: %s", async (redirection) => {
    const shell = `sleep 0.2; yes | synadm user deactivate alice ${redirection}`;
    const { code } = await inShell({ shell, home: home() });
    expect({ code, changes: changes() }).toEqual({ code: 5, changes: [] });
  });

  it("is said where that is possible", async () => {
    const shell = "yes | synadm media delete --before-days 1 --size 1 2> /dev/full";
    expect(await inShell({ shell, home: home() })).toMatchObject({ code: 5, stdout: "" });
    expect(changes()).toEqual([]);
  });
});

describe("a disk that is full", () => {
  it.each([...formats.map((format) => `-o ${format} user list`), "--help", "user list --help", "--version"])(
    "under stdout is 74: %s",
    async (argv) => {
      const { stderr, code } = await inShell({ shell: `synadm ${argv} > /dev/full`, home: home() });
      expect({ stderr, code }).toEqual({
        stderr: expect.stringMatching(/^synadm: cannot write the result: .*no space left on device.*\n$/) as string,
        code: 74,
      });
    },
  );

  it("does not hide what was done", async () => {
    const { stderr, code } = await inShell({
      shell: "synadm --batch user deactivate-regex '@spam[0-9]:' > /dev/full",
      home: home(),
    });
    expect(code).toBe(74);
    expect(stderr.match(/^done: .*$/gm)).toEqual(["1", "2", "3"].map((n) => `done: @spam${n}:example.test`));
  });

  it("under stderr changes neither the result nor the code", async () => {
    const { stdout, code } = await inShell({ shell: "synadm -vv -o m version 2> /dev/full", home: home() });
    expect({ stdout, code }).toEqual({ stdout: '{"server_version":"1.160.0"}\n', code: 0 });
    const failed = await inShell({ shell: "synadm -vv -o m user details nobody 2> /dev/full", home: home() });
    expect(failed.code).toBe(1);
  });
});

describe("a stream that is closed", () => {
  it.each([
    ["stdin", "<&-", { code: 0, stdout: '{"server_version":"1.160.0"}\n', stderr: "" }],
    ["stderr", "2>&-", { code: 0, stdout: '{"server_version":"1.160.0"}\n', stderr: "" }],
    ["stdout", ">&-", { code: 0, stdout: "", stderr: "" }],
    ["all of them", "<&- >&- 2>&-", { code: 0, stdout: "", stderr: "" }],
  ])("%s", async (_name, redirection, wanted) => {
    expect(await inShell({ shell: `synadm -o m version ${redirection}`, home: home() })).toMatchObject(wanted);
  });

  it("stdin, where something is asked, is nobody there", async () => {
    const { code, stderr } = await inShell({ shell: "synadm user deactivate alice <&-", home: home() });
    expect({ code, changes: changes() }).toEqual({ code: 5, changes: [] });
    expect(stderr).toContain("--batch answers yes");
  });
});

/** Every command that always asks, as in the original. */
const asking: readonly (readonly string[])[] = [
  ["group", "delete", "+friends:example.test"],
  ["history", "purge", "--before-days", "1", "!lobby:example.test"],
  ["media", "delete", "--before-days", "1", "--size", "1"],
  ["notice", "send", "alice", "Hello"],
  ["room", "delete", "!lobby:example.test"],
  ["room", "purge-empty"],
  ["user", "deactivate", "alice"],
  ["user", "deactivate-regex", "@spam"],
  ["user", "modify", "--display-name", "x", "alice"],
  ["user", "suspend", "alice"],
];

describe("an answer that is piped", () => {
  const type = (argv: readonly string[], stdin: string) =>
    synadm(argv, {
      ...{ config: { token: homeserver.adminToken, base_url: homeserver.baseUrl, homeserver: "example.test" }, stdin },
    });

  it.each(asking.map((argv) => [argv.join(" "), argv] as const))("%s", async (name, argv) => {
    homeserver.misbehave({ kind: "json", value: {} }, { path: "/delete_group/" });
    for (const stdin of ["n\n", "n\n".repeat(1000), "\n", "no\ny\n", "yess\n", "maybe", "\u001b[A\n", "\0\n", ""]) {
      const { code, stdout, stderr } = await type(argv, stdin);
      expect({ stdin, code, stdout, changes: changes() }).toEqual({ stdin, code: 5, stdout: "", changes: [] });
      expect(stderr).toMatch(stdin === "" ? /nobody answered/ : /not confirmed, nothing was done/);
    }
    for (const stdin of ["y\n".repeat(1000), "YES\r\n", " yes "]) {
      const before = changes().length;
      const { code } = await type(argv, stdin);
      expect({ name, stdin, code: code === 0 || before > 0 }).toEqual({ name, stdin, code: true });
      if (before === 0) expect(changes().length).toBeGreaterThan(0);
    }
  });

  it.each([
    ["yes", 0],
    ["yes n", 5],
    ["yes ''", 5],
    ["cat /dev/null", 5],
    ["head -c 100000 /dev/urandom | tr -d '\\n'", 2],
  ])("%s | ends with %i, and is not waited for", async (source, code) => {
    const { code: ended } = await inShell({ shell: `${source} | synadm user deactivate alice`, home: home() });
    expect({ code: ended, changed: changes().length > 0 }).toEqual({ code, changed: code === 0 });
  });

  it("is not looked for where stdin holds the data", async () => {
    const body = JSON.stringify({ displayname: "From stdin ✓", unknown: "✓".repeat(200_000) });
    const { code } = await inShell({
      shell: "synadm -o m raw -m put -f - v2/users/%40alice%3Aexample.test",
      ...{ home: home(), stdin: body },
    });
    const digest = (text: string | undefined) =>
      createHash("sha256")
        .update(text ?? "")
        .digest("hex");
    expect({ code, same: digest(changes()[0]?.body) === digest(body) }).toEqual({ code: 0, same: true });
  });

  it("is not taken from the data: without a terminal it needs --batch", async () => {
    const before = home();
    const { code, stderr } = await inShell({
      shell: "synadm config --token-stdin",
      home: before,
      stdin: "new\ny\ny\ny\n",
    });
    expect(code).toBe(5);
    expect(stderr).toContain(
      "stdin holds the data and there is no terminal to ask on; --batch config takes the values",
    );
    const wrong = await inShell({ shell: "synadm user password --password-stdin nobody < /dev/null", home: before });
    expect({ code: wrong.code, changes: changes() }).toEqual({ code: 2, changes: [] });
  });

  it.runIf(hasTerminal)("is asked for on the terminal itself where stdin holds the data", async () => {
    const terminal = new OnTerminal({
      shell: `echo '${homeserver.adminToken}' | synadm config --token-stdin; synadm -o m version`,
      home: homeWith(undefined),
    });
    await terminal.answer("User name", "admin\r");
    await terminal.answer("access token", "\r");
    await terminal.answer("Protocol", "\r");
    await terminal.answer("Base URL", `\u0015${homeserver.baseUrl}\r`);
    for (const see of [
      "admin API",
      "client-server API",
      "format",
      "Time-out",
      "own name",
      "certificates",
      "find the homeserver",
    ]) {
      await terminal.answer(see, "\r");
    }
    const { code, screen } = await terminal.end();
    expect({ code, version: screen.includes('{"server_version":"1.160.0"}') }).toEqual({ code: 0, version: true });
    expect(screen).not.toContain(homeserver.adminToken);
  });
});

it("half of an answer is not printed", async () => {
  const url = await serveText('{"users": [{"name": "@a:b"}');
  const { code, stdout } = await inShell({ shell: "synadm user list", home: homeWith({ token: "t", base_url: url }) });
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
});

it("a Node that is too old is named, before anything else", async () => {
  const older = `data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "18.20.8" } })`;
  const [node, program] = executable;
  const shell = `"$NODE" --import "$OLDER" "$PROGRAM" version`;
  const env = { NODE: node, PROGRAM: program, OLDER: older };
  expect(await inShell({ shell, home: homeWith(undefined), env })).toMatchObject({
    code: 2,
    stdout: "",
    stderr: "synadm: it needs Node 20.19 or later, and this is 18.20.8\n",
  });
});
