import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  mkdtempSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import nock from "nock";
import { beforeEach, describe, expect, it } from "vitest";
import { synadm, type World } from "../helpers/synadm.js";

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "synadm-config-"));
  file = join(home, ".config", "synadm.yaml");
});

const written = () => load(readFileSync(file, "utf8")) as Record<string, unknown>;
const run = (argv: string[], world: World = {}) => synadm(argv, { config: null, home, ...world });

function write(text: string): void {
  mkdirSync(join(home, ".config"), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}

function expectVersionAsked(host: string, token: string): void {
  nock(host, { reqheaders: { authorization: `Bearer ${token}` } })
    .get("/_synapse/admin/v1/server_version")
    .reply(200, { server_version: "1.160.0" });
}

describe("where a value comes from", () => {
  it("flag before environment before file before default", async () => {
    write("token: from-file\nbase_url: http://file.test\nformat: yaml\n");
    expectVersionAsked("http://file.test", "from-file");
    expect(await run(["version"])).toMatchObject({ code: 0, stdout: "server_version: 1.160.0\n" });

    const env = { SYNADM_TOKEN: "from-env", SYNADM_BASE_URL: "http://env.test", SYNADM_FORMAT: "json" };
    expectVersionAsked("http://env.test", "from-env");
    expect(await run(["version"], { env })).toMatchObject({ code: 0, stderr: "" });
    expect((await run(["-o", "xx", "version"], { env })).code).toBe(2);
  });

  it("a whole configuration can stand in the environment", async () => {
    expectVersionAsked("http://env.test", "from-env");
    const env = { SYNADM_TOKEN: "from-env", SYNADM_BASE_URL: "http://env.test" };
    expect(await run(["version"], { env })).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    { config: "token_file: ~/token", from: "file" },
    { config: "token_command: printf 'tok-1\\nnoise'", from: "command" },
    {
      config: "token: weaker\n",
      env: { SYNADM_TOKEN_COMMAND: "echo tok-1" },
      from: "the environment's command before the file's token",
    },
  ])("the token comes from $from", async ({ config, env = {} }) => {
    write(`${config}\nbase_url: http://file.test\n`);
    writeFileSync(join(home, "token"), "tok-1\nsecond line\n");
    expectVersionAsked("http://file.test", "tok-1");
    expect(await run(["version"], { env })).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("token_command", () => {
  it.each([
    "echo tok-1; sleep 5 &",
    "printf tok; sleep 0.2; printf %s -1; sleep 5 &",
    "sleep 5 & sleep 0.2; echo tok-1",
    "(sleep 0.3; echo tok-1; sleep 5) &",
    "(printf tok; sleep 0.3; echo -1; sleep 5) &",
  ])("does not wait for what it leaves behind: %s", async (command) => {
    write(`token_command: ${JSON.stringify(command)}\nbase_url: http://file.test\n`);
    expectVersionAsked("http://file.test", "tok-1");
    const start = performance.now();
    expect(await run(["version"])).toMatchObject({ code: 0, stderr: "" });
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("that fails is an error, whatever it has printed and left behind", async () => {
    write(`token_command: "echo tok-1; sleep 5 & exit 3"\nbase_url: http://file.test\n`);
    const start = performance.now();
    expect(await run(["version"])).toMatchObject({
      code: 2,
      stderr: "synadm: token_command: it ended with exit code 3\n",
    });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("what is wrong is said by name, exit 2, nothing sent", () => {
  it.each([
    { config: "", says: "no access token is configured; run: synadm config, or set SYNADM_TOKEN" },
    { config: "token: t\nprotocol: ftp", says: "protocol in " },
    { config: "token: t\ntimeout: soon", says: "timeout in " },
    { config: "token: t\ntimeout: -1", says: "must be a number of seconds" },
    { config: "token: t\nformat: xml", says: "format must be one of" },
    { config: "token: t\nadmin_path: /_synapse/admin?x=1", says: "must be a path, without ? and #" },
    { config: "token: t\nmatrix_path: '/_matrix#x'", says: "must be a path, without ? and #" },
    { config: "token: t\nssl_verify: perhaps", says: "must be true or false" },
    { config: "token: t\nssl_verify: /etc/ca.pem", says: "'/etc/ca.pem'; certificates to trust are named by ca_file" },
    { config: "token: t\nhomeserver: https://example.org", says: "homeserver in " },
    { config: "token: t", env: { SYNADM_HOMESERVER: "@x" }, says: "SYNADM_HOMESERVER must be a server name" },
    { config: "token: t\nbase_url: [a, b]", says: "must be a single value" },
    { config: "token: t\nbase_url: matrix.example.org", says: "base_url: the base URL" },
    { config: "token: t\nbase_url: https://u:hunter2@example.org", says: "must not hold a user name or password" },
    { config: "token: t\nca_file: /nowhere.pem", says: "ca_file: " },
    { config: "token_file: /nowhere", says: "token_file: cannot read /nowhere: ENOENT" },
    { config: "token_command: 'exit 3'", says: "token_command: it ended with exit code 3" },
    { config: "token_command: 'true'", says: "token_command: its first line is empty" },
    { config: 'token: "a\\nb"', says: "token in " },
    { config: "token: hunter2 with blanks", says: "must be printable ASCII" },
    { config: "- token", says: "must hold keys and values" },
    { config: "token: hunter2\n  bad: [indent", says: "is not YAML" },
    { config: "token: *hunter2", says: "is not YAML: unidentified alias in line 1" },
    { config: "token: !hunter2 x", says: "is not YAML: unknown tag in line 1" },
    { config: "token: t", env: { SYNADM_TIMEOUT: "x" }, says: "SYNADM_TIMEOUT must be a number" },
  ])("$config", async ({ config, env = {}, says }) => {
    write(config);
    const { code, stdout, stderr } = await run(["version"], { env });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: /);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("hunter2");
  });

  it.each([
    {
      config: "token: t\nhomeserver: foo:bar:baz",
      argv: ["user", "details", "bob"],
      says: "homeserver: must be a server",
    },
    {
      config: "token: t\nhomeserver: x.test\nuser: foo bar",
      argv: ["user", "deactivate-regex", "-n", "@bob"],
      says: 'user: "foo bar" is no user',
    },
  ])("$says, where it is needed", async ({ config, argv, says }) => {
    write(config);
    nock("http://localhost:8008")
      .get("/_synapse/admin/v2/users")
      .query(true)
      .reply(200, {
        users: [{ name: "@bob:x.test", admin: false, deactivated: false }],
        total: 1,
      });
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`synadm: ${says}`);
    nock.cleanAll();
  });

  it("a file that was named and is not there", async () => {
    const path = join(home, "an other.yaml");
    const { code, stderr } = await run(["-c", path, "version"], { env: { SYNADM_TOKEN: "t" } });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `synadm: there is no ${path}; make it with: synadm -c '${path}' config\n`,
    });
  });

  it("warns when others can read the file", async () => {
    write("token: t\nbase_url: http://file.test\n");
    chmodSync(file, 0o644);
    expectVersionAsked("http://file.test", "t");
    expect(await run(["version"])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("others can read") as string,
    });
  });

  it.each(["yes", "on", "True", "y"])("reads YAML 1.1's %s", async (yes) => {
    write(`token: 0123\nssl_verify: ${yes}\nbase_url: http://file.test\n`);
    expectVersionAsked("http://file.test", "0123");
    expect((await run(["version"])).code).toBe(0);
  });
});

describe("synadm config", () => {
  it("by options alone: only what differs, mode 0600, the token never shown (A22, A23)", async () => {
    const argv = [
      "--batch",
      "config",
      "-u",
      "admin",
      "-t",
      "hunter2",
      "-b",
      "https://matrix.test",
      "--no-ssl-verify",
      "-o",
      "json",
      "-w",
      "60",
    ];
    const { code, stdout, stderr } = await run(argv);
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain("hunter2");
    expect(written()).toEqual({
      user: "admin",
      token: "hunter2",
      protocol: "http",
      base_url: "https://matrix.test",
      admin_path: "/_synapse/admin",
      matrix_path: "/_matrix",
      timeout: 60,
      format: "json",
      homeserver: "auto-retrieval",
      server_discovery: "well-known",
      ssl_verify: false,
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(stdout)).toMatchObject({ base_url: "https://matrix.test", ssl_verify: false });
  });

  it("keeps what it does not know, and what is not given", async () => {
    write("token: old\nuser: admin\nextra: yes\nnested:\n  a: [1, 2.5]\ntimeout: 9\n");
    chmodSync(file, 0o644);
    expect((await run(["--batch", "config", "--homeserver", "matrix.test"])).code).toBe(0);
    expect(written()).toMatchObject({
      token: "old",
      user: "admin",
      extra: true,
      nested: { a: [1, 2.5] },
      timeout: 9,
      homeserver: "matrix.test",
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  // The original puts a path behind it as it stands.
  it.each([
    ["https://matrix.test/", "https://matrix.test"],
    ["https://matrix.test/sub//", "https://matrix.test/sub"],
  ])("stores %s as %s", async (typed, stored) => {
    expect((await run(["--batch", "config", "-t", "t", "-b", typed])).code).toBe(0);
    expect(written()).toMatchObject({ base_url: stored });
    write(`token: t\nbase_url: ${typed}\n`);
    expect((await run(["config"], { stdin: "\n".repeat(11) })).code).toBe(0);
    expect(written()).toMatchObject({ base_url: stored });
  });

  it("replaces the target of a link, not the link", async () => {
    mkdirSync(join(home, ".config"));
    writeFileSync(join(home, "dotfile.yaml"), "token: old\n");
    symlinkSync(join(home, "dotfile.yaml"), file);
    expect((await run(["--batch", "config", "-t", "new"])).code).toBe(0);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, "dotfile.yaml"), "utf8")).toContain("token: 'new'");
  });

  it("makes the target of a link that leads nowhere yet", async () => {
    mkdirSync(join(home, ".config"));
    symlinkSync("../dotfiles/synadm.yaml", file);
    expect((await run(["--batch", "config", "-t", "new"])).code).toBe(0);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(home, "dotfiles/synadm.yaml"), "utf8")).toContain("token: 'new'");
    expect(statSync(join(home, "dotfiles/synadm.yaml")).mode & 0o777).toBe(0o600);
  });

  it("a link that leads to itself is no file", async () => {
    mkdirSync(join(home, ".config"));
    symlinkSync("synadm.yaml", file);
    const { code, stderr } = await run(["--batch", "config", "-t", "new"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("too many symbolic links") as string });
  });

  it("a new source of the token replaces the old one", async () => {
    write("token: old\n");
    expect((await run(["--batch", "config", "--token-file", "/etc/token"])).code).toBe(0);
    expect(written()).toMatchObject({ token_file: "/etc/token" });
    expect(written()).not.toHaveProperty("token");
  });

  it("asks nothing where it could not write what was typed", async () => {
    writeFileSync(join(home, "plain"), "");
    expect(await run(["-c", "/dev/null", "config"])).toMatchObject({
      code: 2,
      stderr: "synadm: cannot write /dev/null: it is no regular file\n",
    });
    const { code, stderr } = await run(["-c", join(home, "plain", "synadm.yaml"), "config"]);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^synadm: cannot write .*; -c names another file, and SYNADM_TOKEN needs none\n$/,
      ) as string,
    });
  });

  it("a typed one, too", async () => {
    write("user: admin\ntoken_file: /etc/token\n");
    const typed = ["", "new", ...Array<string>(10).fill("")]; // the first is the user
    expect((await run(["config"], { stdin: typed.join("\n") })).code).toBe(0);
    expect(written()).toMatchObject({ token: "new" });
    expect(written()).not.toHaveProperty("token_file");
  });

  it("reads the token from stdin", async () => {
    expect((await run(["--batch", "config", "--token-stdin"], { stdin: "hunter2\n" })).code).toBe(0);
    expect(written()).toMatchObject({ token: "hunter2" });
  });

  it("writes into the current folder when -c has no folder (B11)", async () => {
    const before = process.cwd();
    process.chdir(home);
    try {
      expect((await run(["--batch", "-c", "here.yaml", "config", "-t", "t"])).code).toBe(0);
    } finally {
      process.chdir(before);
    }
    expect(readFileSync(join(home, "here.yaml"), "utf8")).toContain("token: 't'");
  });

  it.each([
    { argv: ["--batch", "config"], says: "no access token" },
    { argv: ["--batch", "config", "-t", "t", "-w", "never"], says: "timeout must be a number" },
    { argv: ["--batch", "config", "-t", "t", "-b", "matrix.test"], says: "base_url must start with http" },
    {
      argv: ["--batch", "config", "-t", "t", "--protocol", "unix"],
      says: "base_url must be the full path of a socket",
    },
    { argv: ["--batch", "config", "-t", "t", "--token-file", "x"], says: "exclude each other: --token, --token-file" },
    { argv: ["--batch", "config", "-t", "two words"], says: "token must be printable ASCII" },
    { argv: ["--batch", "config", "-t", "t", "-o", "xml"], says: "must be one of yaml, json, minified, human, pprint" },
  ])("$argv: exit 2, no file", async ({ argv, says }) => {
    const { code, stderr } = await run(argv);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(says) as string });
    expect(() => readFileSync(file)).toThrow("ENOENT");
  });

  it("takes a format by its first letter, and writes its name", async () => {
    expect((await run(["--batch", "config", "-t", "t", "-o", "m"])).code).toBe(0);
    expect(written()).toMatchObject({ format: "minified" });
  });

  it("asks for every value, suggests what stands there, takes answers from a pipe", async () => {
    write("token: old\nuser: someone\n");
    const answers = ["admin", "", "http", "https://matrix.test", "", "", "json", "10", "", "no", "dns"];
    const { code, stderr } = await run(["config"], { stdin: answers.map((a) => `${a}\n`).join("") });
    expect(code).toBe(0);
    expect(stderr).toContain("(someone)");
    expect(stderr).not.toContain("old");
    expect(written()).toMatchObject({
      user: "admin",
      token: "old",
      base_url: "https://matrix.test",
      format: "json",
      timeout: 10,
      server_discovery: "dns",
      ssl_verify: false,
    });
  });

  it.each([
    { argv: ["-w", "abc"], says: "timeout must be a number" },
    { argv: ["-w", "-5"], says: "timeout must be a number" },
    { argv: ["-w", "0"], says: "timeout must be a number" },
    { argv: ["-b", "nonsense"], says: "base_url must start with http" },
    { argv: ["-b", "ftp://x"], says: "base_url must start with http" },
    { argv: ["-b", "http://x", "--protocol", "unix"], says: "base_url must be the full path of a socket" },
    { argv: ["-t", "two words"], says: "token must be printable ASCII" },
    { argv: ["-n", ""], says: "homeserver must not be empty" },
    { argv: ["-p", "/x?y"], says: "admin_path must be a path" },
  ])("asks nothing where an option is wrong already: $argv", async ({ argv, says }) => {
    for (const attended of [true, false]) {
      const { code, stderr } = await run(["config", ...argv], { attended });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(`^synadm: ${says}.*\n$`) as string });
    }
  });

  it("leaves it to the answers which protocol a socket is for", async () => {
    const answers = ["admin", "t", "unix", "", "", "", "json", "10", "", "no", "dns"];
    const { code } = await run(["config", "-b", "/run/x.sock/"], { stdin: answers.map((a) => `${a}\n`).join("") });
    expect(code).toBe(0);
    expect(written()).toMatchObject({ protocol: "unix", base_url: "/run/x.sock" });
  });

  it("stops with 5 when the answers run out, and leaves the file alone", async () => {
    write("token: old\n");
    expect((await run(["config"], { stdin: "admin\n" })).code).toBe(5);
    expect(readFileSync(file, "utf8")).toBe("token: old\n");
  });
});
