import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import nock from "nock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { executable, homeWith, inShell } from "../helpers/process.js";
import { synadm } from "../helpers/synadm.js";
import { closeAll, listen, serveText } from "./servers.js";

let home: string;
let path: string;
let baseUrl: string;

beforeAll(() => nock.restore());
afterAll(() => nock.activate());
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), "synadm-test-"));
  path = join(home, "synadm.yaml");
  baseUrl = await serveText('{"name": "@alice:example.test", "server_version": "1.160.0"}');
});
afterEach(closeAll);

const needed = () => `token: tok\nbase_url: ${baseUrl}\nhomeserver: example.test\n`;
const version = (...argv: string[]) => synadm(["-c", path, ...argv, "version"], { config: null, home });
const change = () => synadm(["-c", path, "--batch", "config", "--timeout", "5"], { config: null, home });
const write = (text: string | Buffer) => writeFileSync(path, text, { mode: 0o600 });

describe("a file that is none", () => {
  it.each<[string, () => void, RegExp]>([
    ["a folder", () => mkdirSync(path), /illegal operation on a directory/],
    ["a link to itself", () => symlinkSync(path, path), /too many symbolic links/],
    ["endless", () => symlinkSync("/dev/zero", path), /larger than 1 MiB/],
    ["huge", () => write("# a comment\n".repeat(2 ** 20)), /larger than 1 MiB/],
    ["zeros", () => write(Buffer.alloc(1000)), /not YAML: null byte/],
    ["binary", () => write(Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 256))), /not UTF-8/],
    ["UTF-16", () => write(Buffer.from(`\ufeff${needed()}`, "utf16le")), /not UTF-8/],
    ["Latin-1", () => write(Buffer.from(`${needed()}user: jos\u00e9\n`, "latin1")), /not UTF-8/],
    ["a list", () => write("- token: t\n"), /must hold keys and values/],
    ["a text", () => write("token\n"), /must hold keys and values/],
    ["deep", () => write(`x: ${"[".repeat(20_000)}\n`), /not YAML: nesting exceeded/],
    ["indented with tabs", () => write("token:\n\tt\n"), /not YAML: tab/],
    ["two documents", () => write("---\ntoken: t\n---\ntoken: u\n"), /not YAML: expected a single document/],
    ["with a merge of what is no map", () => write("token: tok\n<<: tok\n"), /not YAML: cannot merge mappings/],
    ["a function", () => write('token: !!js/function "x"\n'), /not YAML: unknown tag/],
  ])("%s: exit 2, at once, and it stays as it was", async (_name, make, says) => {
    make();
    const before = lstatSync(path).isFile() ? readFileSync(path) : undefined;
    for (const outcome of [await version(), await change()]) {
      expect(outcome).toMatchObject({ code: 2, stdout: "" });
      expect(outcome.stderr).toMatch(says);
      expect(outcome.stderr).toMatch(/^synadm: [^\n]*\n$/);
    }
    if (before !== undefined) expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(home)).toEqual(["synadm.yaml"]);
  });

  // In a process of its own, because nothing but its end could end the wait.
  it.each([
    ["the configuration", {}, '-c "$PIPE"', "cannot read"],
    ["token_file", { SYNADM_TOKEN_FILE: "PIPE" }, "", "token_file: "],
    ["ca_file", { SYNADM_TOKEN: "t", SYNADM_CA_FILE: "PIPE" }, "", "ca_file: "],
  ])("a named pipe as %s: exit 2, at once", async (_name, variables, flag, says) => {
    const [node, program] = executable;
    const pipe = join(home, "pipe");
    const named = Object.entries<string>(variables).map(([name, value]): [string, string] => [
      name,
      value === "PIPE" ? pipe : value,
    ]);
    const { code, stdout, stderr } = await inShell({
      shell: `mkfifo "$PIPE"; timeout 10 "$NODE" "$PROGRAM" ${flag} version`,
      ...{ home, env: { NODE: node, PROGRAM: program, PIPE: pipe, ...Object.fromEntries(named) } },
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`synadm: ${says}`);
    expect(stderr).toContain("it is a named pipe");
  });
});

describe("an odd file", () => {
  it.each<[string, () => string | Buffer]>([
    ["with a byte order mark", () => `\ufeff${needed()}`],
    ["with CRLF", () => needed().replaceAll("\n", "\r\n")],
    ["with tabs after the colons", () => needed().replaceAll(": ", ":\t")],
    ["with a key twice: the last counts", () => `token: wrong\n${needed()}`],
    [
      "with keys of objects",
      () => `${needed()}__proto__: {token: evil}\nconstructor: 1\ntoString: {}\nhasOwnProperty: x\n`,
    ],
    [
      "with a merge key",
      () => `x: &x {token: tok, format: json}\n${needed().replace("token: tok", "<<: *x")}format: yaml\n`,
    ],
    ["with merged lists of maps", () => `<<: [{base_url: "${baseUrl}"}, {base_url: x, homeserver: y}]\ntoken: tok\n`],
    ["without keys of ours", () => `${needed()}1: 2\n? [a]\n: b\n"": c\nnull: d\n`],
    ["in flow style", () => `{token: tok, base_url: "${baseUrl}", homeserver: example.test}`],
    ["of several megabytes of blanks", () => needed() + " ".repeat(900_000)],
    ["with blanks around the token", () => needed().replace("token: tok", String.raw`token: " tok\r\n"`)],
    ["with null where a value may be", () => `${needed()}user: ~\nformat:\ntimeout: null\nca_file: ""\n`],
  ])("%s is read", async (_name, make) => {
    write(make());
    expect(await version()).toEqual({
      code: 0,
      stdout: "name: '@alice:example.test'\nserver_version: 1.160.0\n",
      stderr: "",
    });
  });

  it("with aliases that multiply is read, and written again at once", async () => {
    const levels = Array.from({ length: 25 }, (_, n) => `k${n + 1}: &k${n + 1} [${Array(9).fill(`*k${n}`).join()}]\n`);
    write(`${needed()}k0: &k0 [lol]\n${levels.join("")}`);
    const began = performance.now();
    expect((await version()).code).toBe(0);
    expect((await change()).code).toBe(0);
    expect((await version()).code).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000); // expanded, it would never end
    expect(statSync(path).size).toBeLessThan(10_000);
  });

  it("keeps what is not ours when it is written again", async () => {
    write(`${needed()}__proto__: {a: 1}\nconstructor: 2\nmine: [2020-01-01, 1000, "yes", no, 1.5, {x: ~}]\n`);
    expect((await change()).code).toBe(0);
    const after = load(readFileSync(path, "utf8")) as Record<string, unknown>;
    expect(Object.entries(after)).toEqual(
      expect.arrayContaining([
        ["__proto__", { a: 1 }],
        ["constructor", 2],
        ["timeout", 5],
      ]),
    );
    expect(after["mine"]).toEqual([new Date("2020-01-01"), 1000, "yes", false, 1.5, { x: null }]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("that is empty lacks a token, and no advice is given on who may read a device", async () => {
    for (const text of ["", "# nothing\n", "---\n", "{}\n", "~\n"]) {
      write(text);
      const { code, stderr } = await version();
      expect({ text, code, stderr }).toEqual({
        ...{ text, code: 2 },
        stderr: `synadm: no access token is configured; run: synadm -c ${path} config, or set SYNADM_TOKEN\n`,
      });
    }
    const device = await synadm(["-c", "/dev/null", "version"], {
      config: null,
      home,
      env: { SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl },
    });
    expect(device).toMatchObject({ code: 0, stderr: "" });
  });

  it("that others can read is used, with a warning", async () => {
    for (const mode of [0o640, 0o604, 0o666]) {
      write(needed());
      chmodSync(path, mode);
      const { code, stderr } = await version();
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: `synadm: warning: others can read ${path}, and the access token in it: chmod 600 ${path}\n`,
      });
    }
    expect((await change()).code).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe("a value that is no text", () => {
  const odd = [
    "1",
    "1.5",
    "0123",
    "0x1f",
    "1_000",
    "2020-01-01",
    "2020-01-01T10:00:00Z",
    "true",
    "~x",
    "12:30:45",
    ".inf",
    "1e9",
    "-1",
    "<<",
  ];

  it.each(odd)("%s is the token as it stands there", async (value) => {
    let seen: string | undefined;
    const server = createServer((request, response) => {
      seen = request.headers.authorization;
      response.end('{"server_version": "1.160.0"}');
    });
    write(`token: ${value}\nuser: ${value}\nbase_url: http://127.0.0.1:${await listen(server)}\n`);
    expect((await version()).code).toBe(0);
    expect(seen).toBe(`Bearer ${value}`);
  });

  it.each([
    ...["[a]", "{a: b}", "[[]]", '"a\\nb"', '"\\0"'].flatMap((value) =>
      ["user", "token", "homeserver", "timeout", "format", "ssl_verify", "admin_path", "base_url", "ca_file"].map(
        (key): [string, string] => [key, value],
      ),
    ),
    ...["0", "-1", "1e9", "9999999999", ".inf", ".nan", "abc", "0x10", "1_000", "1:30", "true"].map(
      (value): [string, string] => ["timeout", value],
    ),
    ...["1", "maybe", "2", "[]", "ja"].map((value): [string, string] => ["ssl_verify", value]),
    ...["xml", "1", "true", "Y"].map((value): [string, string] => ["format", value]),
    ...["https", "1", "Unix"].map((value): [string, string] => ["protocol", value]),
    ...["ftp://x", "x", "localhost:8008", "//x", "http://", "http://u:p@x", "1"].map((value): [string, string] => [
      "base_url",
      value,
    ]),
    ...["a b", "ü", '"a\\tb"'].map((value): [string, string] => ["token", value]),
  ])("%s: %s is exit 2 that names the key", async (key, value) => {
    const rest = needed()
      .split("\n")
      .filter((line) => !line.startsWith(`${key}:`));
    write(`${rest.join("\n")}\n${key}: ${value}\n`);
    const { code, stdout, stderr } = await version();
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: [^\n]*\n$/);
    expect(stderr).toContain(key);
  });
});

/** Root may do everything; so these run as nobody then. */
const isRoot = process.getuid?.() === 0;
const stepDown = ["--reuid=65534", "--regid=65534", "--clear-groups", ...executable, "--version"];
/** Where the checkout or Node lies in a folder that is root's alone, nobody can start it. */
const canStepDown = !isRoot || spawnSync("setpriv", stepDown).status === 0;
const nobody = (shell: string) =>
  isRoot ? `export -f synadm; setpriv --reuid=65534 --regid=65534 --clear-groups bash --norc -c '${shell}'` : shell;

describe.runIf(canStepDown)("where it cannot be written or read", () => {
  const belongsToNobody = (...paths: string[]) => {
    if (isRoot) for (const each of paths) chownSync(each, 65534, 65534);
  };

  it("a file that may not be read: exit 2, with the reason", async () => {
    write(needed());
    belongsToNobody(home, path);
    chmodSync(path, 0);
    const { code, stdout, stderr } = await inShell({ shell: nobody("synadm version"), home });
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 2, stdout: "" },
      stderr: `synadm: cannot read ${path}: permission denied\n`,
    });
  });

  it("a folder that may not be written to: exit 2, and the file stays", async () => {
    write(needed());
    belongsToNobody(home, path);
    chmodSync(home, 0o555);
    const { code, stdout, stderr } = await inShell({ shell: nobody("synadm --batch config --timeout 5"), home });
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 2, stdout: "" },
      stderr: `synadm: cannot write ${path}: permission denied\n`,
    });
    expect(readFileSync(path, "utf8")).toBe(needed());
    chmodSync(home, 0o755);
  });

  it("a umask that takes all away: its owner can read the file all the same", async () => {
    const home = homeWith(undefined);
    const shell = `umask 777; synadm -c ${home}/new/synadm.yaml --batch config --token t --base-url http://x.test`;
    expect(await inShell({ shell, home })).toMatchObject({ code: 0 });
    expect([statSync(`${home}/new`).mode & 0o777, statSync(`${home}/new/synadm.yaml`).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
  });

  it("a full disk: exit 2, the file stays and nothing else is left", async () => {
    write(needed());
    belongsToNobody(home, path);
    const { code, stdout, stderr } = await inShell({
      shell: nobody("ulimit -f 0; synadm --batch config --timeout 5"),
      home,
    });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`synadm: cannot write ${path}: `);
    expect(readFileSync(path, "utf8")).toBe(needed());
    expect(readdirSync(home)).toEqual(["synadm.yaml"]);
  });

  it.each([
    ["unset", "env -u HOME"],
    ["empty", "env HOME="],
    ["not there", "env HOME=/nonexistent/home"],
    ["read-only", "env HOME=/proc"],
    ["no folder", "env HOME=/dev/null"],
  ])("a home that is %s does not matter", async (_name, change_) => {
    const [node, program] = executable;
    const command = `${change_} "$NODE" "$PROGRAM"`;
    const env = { NODE: node, PROGRAM: program, SYNADM_TOKEN: "t", SYNADM_BASE_URL: baseUrl };
    const shell = nobody(
      `cd /; ${command} --help | head -n 1; ${command} -o m version; env -u SYNADM_TOKEN ${command} version`,
    );
    const { code, stdout, stderr } = await inShell({ shell, home, env });
    expect({ code, stdout }).toEqual({
      ...{ code: 2 },
      stdout:
        'Usage: synadm [global options] <command> [options]\n{"name":"@alice:example.test","server_version":"1.160.0"}\n',
    });
    expect(stderr).toMatch(/^synadm: [^\n]*\n$/);
    expect(existsSync("/.config/synadm.yaml")).toBe(false);
  });
});

it("a configuration that another process writes is read", async () => {
  const [node, program] = executable;
  const { code, stdout } = await inShell({
    shell: `"$NODE" "$PROGRAM" -c <(sleep 0.3; printf 'token: tok\\nbase_url: %s\\n' "$BASE") -o m version`,
    home: homeWith(undefined),
    env: { NODE: node, PROGRAM: program, BASE: baseUrl },
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"name":"@alice:example.test","server_version":"1.160.0"}\n' });
});
