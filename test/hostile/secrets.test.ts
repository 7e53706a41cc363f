import { execFileSync } from "node:child_process";
import { chmodSync, closeSync, constants, mkdtempSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import nock from "nock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../src/cli/program.js";
import { lines, mark, nameOf } from "../faults/commands.js";
import { executable, hasTerminal, homeWith, inShell, OnTerminal } from "../helpers/process.js";
import { memoryIo, synadm } from "../helpers/synadm.js";
import { startHomeserver } from "../homeserver/index.js";
import { bodyOf, closeAll, later, listen, serve, serveText } from "./servers.js";

const token = `syt_${mark}_token`;
let home: string;
let log: string;

beforeAll(() => nock.restore());
afterEach(closeAll);
afterAll(() => nock.activate());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "synadm-test-"));
  log = join(home, "log");
});

const logged = () => readFileSync(log, "utf8");

/** Answers with what it was sent, secrets and all, as a helpful proxy may. */
const echo = (status: number) =>
  serve((request, response) => {
    void bodyOf(request).then((body) => {
      const sent = `${request.method ?? ""} ${decodeURIComponent(request.url ?? "")} ${JSON.stringify(request.headers)} ${body}`;
      response.writeHead(status, { "X-Echo": encodeURI(sent), "Content-Type": "application/json" });
      response.end(
        JSON.stringify({ ...(status < 300 ? {} : { errcode: "M_UNKNOWN" }), error: sent, access_token: token }),
      );
    });
  });

describe("at -vvv and in the log file", () => {
  it.each(lines.map((line) => [nameOf(line), line] as const))("%s", async (_name, { argv, stdin }) => {
    const homeserver = await startHomeserver({ jobMs: 1 });
    later(() => homeserver.close());
    const { world } = homeserver;
    world.addToken(homeserver.adminUser, { token });
    world.addToken(world.userId("judy"), { token: `${mark}-other` });
    world.addUser("known", { password: `${mark}-old` });
    const limits = { uses_allowed: 3, pending: 0, completed: 0, expiry_time: null };
    world.registrationTokens.set(`${mark}.known`, { token: `${mark}.known`, ...limits });
    for (const baseUrl of [await echo(400), homeserver.baseUrl]) {
      const { code, stderr } = await synadm(["--batch", "-vvv", "--log-file", log, ...argv], {
        ...{ config: { token, base_url: baseUrl, homeserver: "example.test" }, home },
        ...(stdin === undefined ? {} : { stdin }),
      });
      expect(code).not.toBe(70);
      expect(stderr).not.toContain(mark);
    }
    expect(logged()).not.toContain(mark);
    expect(logged()).toContain("<hidden>");
  });
});

describe("an access token", () => {
  const sources: readonly [string, () => { config?: Record<string, string>; env?: Record<string, string> }][] = [
    ["in the file", () => ({ config: { token } })],
    ["in the environment", () => ({ env: { SYNADM_TOKEN: token } })],
    ["in a file of its own", () => ({ config: { token_file: join(home, "token") } })],
    ["printed by a command", () => ({ config: { token_command: `cat '${join(home, "token")}'` } })],
  ];
  const situations: readonly [string, () => Promise<string>][] = [
    ["success", () => echo(200)],
    ["a refusal that repeats it", () => echo(401)],
    ["a gateway's error", () => echo(502)],
    [
      "a redirect",
      () => serve((_, res) => void res.writeHead(307, { Location: `http://x.test/?token=${token}` }).end()),
    ],
    ["no JSON", () => serveText(`Bearer ${token}`)],
    ["HTML", () => serveText(`<html>${token}`, 500)],
    ["no HTTP", async () => (await serveText("")).replace("http:", "https:")],
    ["nobody there", () => Promise.resolve("http://127.0.0.1:1")],
  ];

  it.each(sources)("%s", async (_name, source) => {
    writeFileSync(join(home, "token"), `${token}\n`);
    for (const [situation, serveIt] of situations) {
      const { config = {}, env = {} } = source();
      const base_url = await serveIt();
      const { stderr } = await synadm(["-vvv", "--log-file", log, "version"], {
        home,
        config: { base_url, ...config },
        env,
      });
      expect({ situation, leaks: (stderr + logged()).includes(mark) }).toEqual({ situation, leaks: false });
    }
  });

  it.each<[string, string, Record<string, string>]>([
    ["is not one", `token: "a ${mark}"`, {}],
    ["is a list", `token: [${mark}]`, {}],
    ["is no YAML", `token: "${mark}`, {}],
    ["is an alias", `token: *${mark}`, {}],
    ["is a tag", `token: !${mark} x`, {}],
    ["is the whole file", mark, {}],
    ["has no key", `- ${mark}`, {}],
    ["is a key", `? [${mark}]\n: x`, {}],
    ["is in a URL", "token: t", { SYNADM_BASE_URL: `http://user:${mark}@127.0.0.1:1` }],
    ["is in a broken URL", "token: t", { SYNADM_BASE_URL: `http://user:${mark}@[` }],
    ["has a line break", "", { SYNADM_TOKEN: `x\n${mark}` }],
    ["is in a command that fails", "token_command: exit 7", {}],
    ["is in a proxy's URL", "token: t", { HTTP_PROXY: `http://user:${mark}@127.0.0.1:1` }],
    ["is in a broken proxy's URL", "token: t", { HTTP_PROXY: `http://user:${mark}@` }],
  ])("that %s is not repeated", async (_name, config, env) => {
    const { code, stdout, stderr } = await synadm(["-vvv", "version"], { home, config, env });
    expect({ code: code === 2 || code === 3, stdout }).toEqual({ code: true, stdout: "" });
    expect(stderr).toMatch(/^synadm: /m);
    expect(stderr).not.toContain(mark);
  });

  it("is blanked in a body, too, whatever the key", async () => {
    const argv = ["-vvv", "--log-file", log, "raw", "-m", "post", "-d", JSON.stringify({ note: token }), "v1/x"];
    const { stderr } = await synadm(argv, { home, config: { base_url: await serveText("{}"), token } });
    expect(stderr + logged()).not.toContain(mark);
    expect(stderr).toContain('{"note":"<hidden>"}');
  });

  it("is neither said nor printed by config, however it comes", async () => {
    for (const [argv, stdin] of [
      [["--token", token], ""],
      [["--token-stdin"], `${token}\n`],
    ] as const) {
      const argvs = ["--batch", "-vvv", "--log-file", log, "config", ...argv];
      const { code, stdout, stderr } = await synadm(argvs, { home, config: "", stdin });
      expect(code).toBe(0);
      expect(stdout + stderr).not.toContain(mark);
      expect(readFileSync(join(home, "synadm.yaml"), "utf8")).toContain(token);
    }
    const withPassword = await synadm(["--batch", "config", "-t", "t", "-b", `http://u:${mark}@x`], {
      home,
      config: "",
    });
    expect({ ...withPassword, stderr: "" }).toEqual({ code: 2, stdout: "", stderr: "" });
    expect(withPassword.stderr).toBe("synadm: base_url must not hold a user name or password\n");
  });

  it("goes along with a redirect on the same host, and nowhere else", async () => {
    const seen: string[] = [];
    const note = (where: string) =>
      createServer((request, response) => {
        seen.push(`${where} ${request.method ?? ""} ${request.url ?? ""} ${request.headers.authorization ?? "none"}`);
        response.end("{}");
      });
    const other = await listen(note("other"));
    let location = "";
    const port = await listen(
      createServer((request, response) => {
        seen.push(`first ${request.method ?? ""} ${request.url ?? ""} ${request.headers.authorization ?? "none"}`);
        if (request.url === "/target") response.end("{}");
        else response.writeHead(308, { Location: location }).end();
      }),
    );
    const type = (...argv: string[]) =>
      synadm(argv, { home, config: { token, base_url: `http://127.0.0.1:${port}`, homeserver: "x.test" } });

    for (location of ["/target", `http://127.0.0.1:${port}/target`, `//127.0.0.1:${port}/target`]) {
      seen.length = 0;
      expect(await type("raw", "x")).toMatchObject({ code: 0 });
      expect(seen).toEqual([`first GET /_synapse/admin/x Bearer ${token}`, `first GET /target Bearer ${token}`]);
    }
    for (location of [
      `http://127.0.0.1:${other}/`,
      `http://localhost:${port}/`,
      `http://localhost:${other}/`,
      `http://127.0.0.1.evil.test:${port}/`,
      `http://user:pw@127.0.0.1:${port}/target`,
      `https://localhost:${other}/`,
      `ftp://127.0.0.1:${port}/`,
      `file:///etc/passwd`,
      "http://[",
    ]) {
      seen.length = 0;
      const { code, stdout, stderr } = await type("raw", "x");
      expect({ location, code, stdout, requests: seen.length }).toEqual({ location, code: 1, stdout: "", requests: 1 });
      expect(stderr).toContain(`it points to ${location.replace("user:pw", "<hidden>")}`);
    }
    for (location of ["/target", `http://127.0.0.1:${other}/`]) {
      for (const method of ["post", "put", "delete"]) {
        seen.length = 0;
        const { code, stderr } = await type("raw", "-m", method, "x");
        expect({ code, requests: seen.length }).toEqual({ code: 1, requests: 1 });
        expect(stderr).toContain(`it points to ${location}`);
      }
    }
  });

  it("does not go from TLS to plain text", async () => {
    const seen: string[] = [];
    const fixture = (name: string) => readFileSync(new URL(`../api/fixtures/${name}`, import.meta.url), "utf8");
    const plain = await listen(
      createServer((request, response) => void response.end(String(seen.push(request.url ?? "")))),
    );
    const tls = createTlsServer(
      { key: fixture("localhost.key"), cert: fixture("localhost.crt") },
      (_request, response) => {
        response.writeHead(302, { Location: `http://localhost:${plain}/` }).end();
      },
    );
    const config = { token, base_url: `https://localhost:${await listen(tls)}` };
    const { code, stderr } = await synadm(["--insecure", "raw", "x"], { home, config });
    expect({ code, seen }).toEqual({ code: 1, seen: [] });
    expect(stderr).toContain(`it points to http://localhost:${plain}/`);
  });
});

describe("the log file", () => {
  const config = async () => ({ token, base_url: await serveText('{"server_version":"1"}') });

  it("is for its owner alone, whatever the umask", async () => {
    home = homeWith(await config());
    log = join(home, "log");
    const { code } = await inShell({ shell: 'umask 000; synadm --log-file "$HOME/log" version', home });
    expect({ code, mode: (statSync(log).mode & 0o777).toString(8) }).toEqual({ code: 0, mode: "600" });
  });

  it("that others can read is warned of, and kept", async () => {
    writeFileSync(log, "before\n", { mode: 0o644 });
    chmodSync(log, 0o644);
    const { code, stderr } = await synadm(["--log-file", log, "version"], { home, config: await config() });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `synadm: warning: others can read ${log}, and what you do in it: chmod 600 ${log}\n`,
    });
    expect(logged()).toMatch(/^before\n\d{4}-/);
  });

  it("on a full disk ends with a warning, and the command goes on", async () => {
    const { code, stdout, stderr } = await synadm(["--log-file", "/dev/full", "version"], {
      home,
      config: await config(),
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "server_version: '1'\n" });
    expect(stderr).toMatch(/^synadm: warning: the log ends here: \/dev\/full: .*\n$/);
  });

  it("is not waited for where it is a named pipe that nobody reads", async () => {
    const pipe = join(home, "pipe");
    execFileSync("mkfifo", [pipe]);
    const { code, stdout, stderr } = await synadm(["--log-file", pipe, "version"], { home, config: await config() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: --log-file: ENXIO/);
  });

  /** More than a pipe takes at once, in the last line of the log. */
  const wordy = async () => ({
    token,
    base_url: await serveText(JSON.stringify({ server_version: "1", long: "x".repeat(200_000) })),
  });

  it("has the whole of a line of which a pipe takes only a part at once", async () => {
    const shell =
      'cd "$HOME"; mkfifo p; (sleep 0.4; cat) <p >read & exec 3>p; synadm --log-file p version >out; exec 3>&-; wait';
    home = homeWith(await wordy());
    const { stderr } = await inShell({ shell, home });
    expect(stderr).toBe("");
    expect(readFileSync(join(home, "read"), "utf8").endsWith(`${"x".repeat(200_000)}"}\n`)).toBe(true);
  });

  it("ends with a warning where a reader is too far behind for a part of a line, and does not wait for him", async () => {
    const pipe = join(home, "pipe");
    execFileSync("mkfifo", [pipe]);
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const began = performance.now();
    const { code, stderr } = await synadm(["--log-file", pipe, "-o", "json", "version"], {
      home,
      config: await wordy(),
    });
    expect(performance.now() - began).toBeLessThan(3000);
    closeSync(reader);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^synadm: warning: the log ends here: .*pipe: EAGAIN.*\n$/) as string,
    });
  });

  it.each(["/", "/nonexistent/x"])("that cannot be one is said before anything is sent: %s", async (path) => {
    const { code, stdout, stderr } = await synadm(["--log-file", path, "version"], { home, config: await config() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: --log-file: /);
  });
});

describe("a crash", () => {
  it("where the result is written is a sentence, and with -vv the place", async () => {
    for (const loud of [[], ["-vvv"]]) {
      const io = memoryIo({ home, env: { SYNADM_TOKEN: token, SYNADM_BASE_URL: await echo(200) } });
      const broken = Object.assign(
        new Writable({ write: (_chunk, _encoding, done) => done(new Error("boom")) }),
        io.stdout,
      );
      io.stdout.write = broken.write.bind(broken);
      broken.on("error", () => undefined);
      const code = await run([...loud, "--log-file", log, "raw", "v1/x"], io);
      expect(code).toBe(70);
      expect(io.stderr.text).toContain("synadm: this is a bug in synadm: boom\n");
      expect(io.stderr.text.includes("    at ")).toBe(loud.length > 0);
      expect(io.stderr.text + logged()).not.toContain(mark);
    }
  });

  const shell = '"$NODE" --import "$HOOK" "$PROGRAM" version';
  const hooked = async (hook: string) => {
    const [node, program] = executable;
    const base_url = await serve((_request, response) => void setTimeout(() => response.end("{}"), 1500));
    const env = { NODE: node, PROGRAM: program, HOOK: `data:text/javascript,${hook}` };
    return inShell({ shell, home, env: { ...env, SYNADM_TOKEN: token, SYNADM_BASE_URL: base_url } });
  };

  it.each([
    ["throws", "throw error"],
    ["rejects", "void Promise.reject(error)"],
  ])("where nobody listens says nothing of what hangs on the error that it %s", async (_name, how) => {
    const { code, stdout, stderr } = await hooked(
      `setTimeout(() => { const error = Object.assign(new Error("boom"), { config: process.env }); ${how} }, 300)`,
    );
    expect({ code, stdout }).toEqual({ code: 70, stdout: "" });
    expect(stderr).toMatch(/^synadm: this is a bug in synadm: boom\nhint: please report it\nError\n( {4}at .*\n)+$/);
    expect(stderr).not.toContain(mark);
  });

  it("that leaves nothing to wait for is no success", async () => {
    const { code, stdout, stderr } = await hooked(
      'import http from "node:http"; http.Agent.prototype.addRequest = globalThis.setTimeout = () => undefined',
    );
    expect({ code, stdout }).toEqual({ code: 70, stdout: "" });
    expect(stderr).toContain("synadm: this is a bug in synadm: it came to its end without a result\n");
  });
});

describe.runIf(hasTerminal)("on a terminal", () => {
  it("a password is not seen while it is typed", async () => {
    const homeserver = await startHomeserver();
    later(() => homeserver.close());
    const terminal = new OnTerminal({
      shell: "synadm -vvv user password alice",
      home: homeWith({ token: homeserver.adminToken, base_url: homeserver.baseUrl }),
    });
    await terminal.answer("assword", `${mark}-typed\r`);
    await terminal.answer("gain", `${mark}-typed\r`).catch(() => undefined);
    const { screen } = await terminal.end();
    expect(screen).not.toContain(mark);
    expect(homeserver.requests.some(({ body }) => body.includes(`${mark}-typed`))).toBe(true);
  });
});
