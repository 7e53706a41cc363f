import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { executable, homeWith, inShell } from "../helpers/process.js";
import { synadm } from "../helpers/synadm.js";
import { type Homeserver, startHomeserver } from "../homeserver/index.js";

let homeserver: Homeserver;
beforeAll(async () => void (homeserver = await startHomeserver()));
afterEach(() => void (homeserver.requests.length = 0));
afterAll(() => homeserver.close());

const home = () => homeWith({ token: homeserver.adminToken, base_url: homeserver.baseUrl, homeserver: "example.test" });
const bodies = () => homeserver.requests.map(({ body }) => body).filter((body) => body !== "");

describe("text that is no UTF-8 is not sent as something else", () => {
  it.each([
    String.raw`printf 'p\xe4ss\n' | synadm user password alice --password-stdin`,
    String.raw`printf '"M\xfcller"' | synadm raw -m put -f - v1/x`,
    String.raw`printf '"M\xfcller"' > x; synadm raw -m put -f x v1/x`,
    String.raw`printf 'Gr\xfc\xdfe' > x; synadm --batch notice send -f alice x`,
    String.raw`synadm user password alice -p $'p\xe4ss'`,
    String.raw`synadm --batch room block $'!\xfc:example.test'`,
  ])("%s", async (line) => {
    const folder = home();
    const { code, stdout, stderr } = await inShell({ shell: `cd "$HOME"; ${line}`, home: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^synadm: .* is not UTF-8\n$/);
    expect(homeserver.requests).toEqual([]);
  });

  it("a byte order mark is no part of it", async () => {
    const line = String.raw`printf '\xef\xbb\xbfsecret\n' | synadm --batch user password alice --password-stdin`;
    expect(await inShell({ shell: line, home: home() })).toMatchObject({ code: 0 });
    expect(bodies()).toEqual(['{"new_password":"secret"}']);
  });
});

it.each([
  ":/etc/localtime",
  "/etc/localtime",
  ":Europe/Berlin",
  "/usr/share/zoneinfo/Europe/Berlin",
  "posix/Europe/Berlin",
])("a TZ that is the name of a file is understood: %s", async (tz) => {
  const shell = "unset TZ; synadm -v --batch media purge --before 2021-07-01";
  const inZone = (TZ: string) => inShell({ shell: shell.replace("unset TZ", TZ), home: home() });
  const { code, stderr } = await inZone(`export TZ=${tz}`);
  expect(code).toBe(0);
  const plain = await inZone(tz.endsWith("localtime") ? "unset TZ" : "export TZ=Europe/Berlin");
  expect(stderr).toBe(plain.stderr);
});

describe("stdin that cannot be read", () => {
  it.each([
    { line: "synadm user deactivate alice", code: 5 },
    { line: "synadm user password alice --password-stdin", code: 2 },
  ])("$line", async ({ line, code }) => {
    const ended = await inShell({ shell: `${line} 0>"$HOME/x"`, home: home() });
    expect(ended).toMatchObject({ code, stdout: "" });
    expect(ended.stderr).toContain("EBADF");
    expect(ended.stderr).not.toContain("bug");
  });

  it("is not waited for after the line that is wanted", async () => {
    const [node, program] = executable;
    const argv = ["-c", join(home(), "synadm.yaml"), "--batch", "user", "password", "alice", "--password-stdin"];
    const child = spawn(node, [program, ...argv], { env: {}, stdio: ["pipe", "ignore", "ignore"] });
    const code = new Promise((resolve) => child.on("close", resolve));
    child.stdin.write("secret\r\nmore \xff", "latin1"); // and stays open
    expect({ code: await code, bodies: bodies() }).toEqual({ code: 0, bodies: ['{"new_password":"secret"}'] });
  });

  it("or never ends", async () => {
    const line = "synadm user password alice --password-stdin < /dev/zero";
    const { code, stderr } = await inShell({ shell: line, home: home() });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "synadm: stdin: a line of it is longer than 1 MiB\n" });
  });
});

describe("a value that reads like a command", () => {
  it.each(["-vc room user list", "user -vc list list", "user list -vc room", "-vvc user user list"])(
    "in one word with other options: %s",
    async (argv) => {
      const shell = `cd "$HOME"; cp synadm.yaml room; cp room list; cp room user; synadm -o json ${argv} 2> /dev/null`;
      expect(await inShell({ shell, home: home() })).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('"users"') as string,
      });
    },
  );
});

describe("the home", () => {
  it.each(["", ".", "there"])("is never below the current folder: HOME=%j", async (value) => {
    const folder = homeWith(undefined);
    for (const place of [folder, join(folder, "there")]) {
      mkdirSync(join(place, ".config"), { recursive: true });
      writeFileSync(join(place, ".config/synadm.yaml"), "token_command: touch ran\n", { mode: 0o600 });
    }
    const program = 'eval "$(declare -f synadm | sed "s/-c [^ ]* / /")"'; // without -c
    await inShell({
      shell: `${program}; cd "$HOME"; HOME='${value}' SYNADM_TIMEOUT=1 synadm version; ls`,
      home: folder,
    });
    expect(() => readFileSync(join(folder, "ran"))).toThrow("ENOENT");
  });
});

describe("a link to a named pipe is not waited for", () => {
  it.each(["-c l version", "--ca-file l version"])("%s", async (line) => {
    const shell = `cd "$HOME"; mkfifo p; ln -s p l; synadm ${line}`;
    const { code, stderr } = await inShell({ shell, home: home() });
    expect(code).toBe(2);
    expect(stderr).toContain("it is a named pipe");
  });

  it("as token_file", async () => {
    const folder = homeWith(undefined);
    execFileSync("mkfifo", [join(folder, "pipe")]);
    symlinkSync("pipe", join(folder, "link"));
    const config = { base_url: "http://synapse.test", token_file: join(folder, "link") };
    expect(await synadm(["version"], { config })).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("stdin", () => {
  it("that is a directory is none", async () => {
    const shell = "synadm raw -m post -f - v1/x < /";
    const ended = await inShell({ shell, home: homeWith({ token: "t", base_url: "http://127.0.0.1:9" }) });
    expect(ended).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^synadm: stdin: EISDIR/) as string,
    });
  });
});

describe("token_command", () => {
  it("leaves the answers on stdin to the questions", async () => {
    const token_command = `cat > /dev/null; echo ${homeserver.adminToken}`;
    const asking = homeWith({ token_command, base_url: homeserver.baseUrl, homeserver: "example.test" });
    const { code, stderr } = await inShell({ shell: "echo y | synadm user suspend alice", home: asking });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("[y/N]") as string });
  });

  it.each(["yes", "echo token; head -c 5000000 /dev/zero"])("that does not stop: %s", async (command) => {
    const config = { base_url: "http://synapse.test", token_command: command };
    const { code, stderr } = await synadm(["version"], { config });
    expect({ code, stderr }).toEqual({ code: 2, stderr: "synadm: token_command: it prints more than a token\n" });
  });
});

describe("synadm config", () => {
  it("keeps a path as it is meant here, also for a job that starts elsewhere", async () => {
    const folder = home();
    const shell = `cd "$HOME"; echo ${homeserver.adminToken} > tok; synadm --batch config --token-file tok --ca-file ~/ca; cd /; synadm user list`;
    expect(await inShell({ shell, home: folder })).toMatchObject({ code: 2 }); // there is no such certificate
    const written = readFileSync(join(folder, "synadm.yaml"), "utf8");
    expect(written).toContain(`token_file: '${join(folder, "tok")}'\n`);
    expect(written).toContain(`ca_file: '${join(folder, "ca")}'\n`);
    const quoted = `sed -i /ca_file/d ~/synadm.yaml; synadm --batch config --token-file '~/tok'; cd /; synadm -o json user list -l 1`;
    expect(await inShell({ shell: quoted, home: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "synadm.yaml"), "utf8")).toContain("token_file: '~/tok'\n");
  });

  it.each(["--user", "--homeserver", "--admin-path", "--matrix-path", "--ca-file"])(
    "writes nothing that it would not read: %s",
    async (option) => {
      const { code, stderr } = await synadm(["--batch", "config", "--token", "t", option, "a\nb"]);
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("must be one line") as string,
      });
    },
  );

  it("ends where no folder can be made", async () => {
    const { code, stderr } = await synadm(["-c", "/proc/self/a/b/c.yaml", "--batch", "config", "--token", "t"]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("cannot write") as string });
  });

  it.runIf(process.getuid?.() === 0)("by root leaves a file with its owner", async () => {
    const folder = home();
    const shell = `chown 65534:65534 "$HOME/synadm.yaml"; synadm --batch config -t new; stat -c %u:%g:%a "$HOME/synadm.yaml"`;
    expect((await inShell({ shell, home: folder })).stdout).toMatch(/65534:65534:600\n$/);
  });
});

it("a zone that there is not is no point in time", async () => {
  nock.disableNetConnect();
  const { code, stderr } = await synadm(["--batch", "media", "purge", "--before", "2021-01-01T00:00+99:99"]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: "synadm: '2021-01-01T00:00+99:99' has a zone that there is not\n",
  });
});
