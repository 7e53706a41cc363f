import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const url = "/_synapse/admin/v2/users/%40alice%3Aexample.test";
const account = { name: "@alice:example.test", displayname: "Alice", threepids: [], extra: true };
const look = () => synapse().get(url).reply(200, account);
const missing = () => synapse().get(url).reply(404, { errcode: "M_NOT_FOUND", error: "User not found" });

describe("synadm user modify", () => {
  it.each([
    { argv: ["-n", "New Name"], body: { displayname: "New Name" } },
    { argv: ["-n", ""], body: { displayname: "" } }, // A12
    { argv: ["-v", "mxc://x/y"], body: { avatar_url: "mxc://x/y" } },
    { argv: ["-v", ""], body: { avatar_url: "" } }, // A12
    { argv: ["-P", "x"], body: { password: "x" } },
    { argv: ["--no-logout"], body: { logout_devices: false } },
    { argv: ["-P", "x", "--no-logout"], body: { password: "x", logout_devices: false } }, // A3
    {
      argv: ["-t", "email", "a@x.test", "-t", "msisdn", "447000"],
      body: {
        threepids: [
          { medium: "email", address: "a@x.test" },
          { medium: "msisdn", address: "447000" },
        ],
      },
    },
    ...[
      ["--threepid=other", "a@x"],
      ["-tother", "a@x"],
      ["--threepid", "other", "a@x"],
    ].map((argv) => ({
      argv,
      body: { threepids: [{ medium: "other", address: "a@x" }] },
    })),
    { argv: ["-t", "other", "a@x"], body: { threepids: [{ medium: "other", address: "a@x" }] } },
    { argv: ["--clear-threepids"], body: { threepids: [] } },
    { argv: ["--user-type", "null"], body: { user_type: null } },
    { argv: ["-t", "", ""], body: { threepids: [] } },
    { argv: ["-a"], body: { admin: true } },
    { argv: ["-u"], body: { admin: false } },
    { argv: ["-a", "-u"], body: { admin: false } },
    { argv: ["--deactivate"], body: { deactivated: true } },
    { argv: ["--deactivate", "--activate", "-P", "x"], body: { deactivated: false, password: "x" } },
    { argv: ["--user-type", "bot"], body: { user_type: "bot" } },
    { argv: ["--user-type", "regular"], body: { user_type: null } },
    { argv: ["-l"], body: { locked: true } },
    { argv: ["-l", "-L"], body: { locked: false } },
  ])("$argv sends $body, and C4: prints nothing but the answer", async ({ argv, body }) => {
    look();
    synapse().put(url, body).reply(200, account);
    const result = await synadm(["--batch", "-o", "minified", "user", "modify", ...argv, "alice"]);
    expect(result).toEqual({ code: 0, stdout: `${JSON.stringify(account)}\n`, stderr: "" });
  });

  it("A10: says that the account exists, shows it and the change, and asks", async () => {
    look();
    synapse().put(url, { displayname: "A", password: "s3same" }).reply(200, account);
    const { code, stderr } = await synadm(["user", "modify", "alice", "-n", "A", "-P", "s3same"], { stdin: "y\n" });
    expect(code).toBe(0);
    expect(stderr).toMatch(/Alice[^]*\(a new one\)[^]*exists: it will be changed\nChange @alice:example\.test\?/);
    expect(stderr).not.toContain("s3same");
  });

  it.each(["n\n", ""])("A10: says that it will be created, and does nothing when the answer is %j", async (stdin) => {
    missing();
    const { code, stdout, stderr } = await synadm(["user", "modify", "alice", "-n", "A"], { stdin });
    expect([code, stdout]).toEqual([5, ""]);
    expect(stderr).toContain("@alice:example.test does not exist: it will be created\nCreate @alice:example.test?");
  });

  it("A10: creates it with --batch, and says so", async () => {
    missing();
    synapse().put(url, { admin: true }).reply(201, account);
    const { code, stderr } = await synadm(["--batch", "user", "modify", "-a", "alice"]);
    expect([code, stderr]).toEqual([0, "@alice:example.test does not exist: it will be created\n"]);
  });

  // Synapse locks and deactivates no account while it creates it: a misspelt spammer would be a new, open account.
  it.each([["-l"], ["--deactivate"], ["-L", "-l", "-n", "A"], ["--no-logout"]])(
    "creates no account to be shut, or for nothing: %j",
    async (...flags) => {
      missing();
      const { code, stdout, stderr } = await synadm(["--batch", "-o", "json", "user", "modify", ...flags, "alice"]);
      expect([code, stderr]).toEqual([1, "synadm: cannot get @alice:example.test: 404 M_NOT_FOUND: User not found\n"]);
      expect(JSON.parse(stdout)).toMatchObject({ errcode: "M_NOT_FOUND" });
      missing();
      expect(await synadm(["user", "modify", ...flags, "alice"], { stdin: "y\n" })).toMatchObject({ code: 1 });
    },
  );

  it.each([{ argv: ["-L"] }, { argv: ["-P", "x", "--activate"] }])("A10: $argv creates one", async ({ argv }) => {
    missing();
    synapse().put(url).reply(201, account);
    expect(await synadm(["--batch", "user", "modify", ...argv, "alice"])).toMatchObject({ code: 0 });
  });

  it.each([
    { status: 403, body: { errcode: "M_FORBIDDEN", error: "no" } },
    { status: 404, body: { errcode: "M_UNRECOGNIZED", error: "no" } },
    { status: 400, body: { errcode: "M_UNKNOWN", error: "Can only look up local users" } },
  ])("A10: changes nothing when the look-up ends with $status $body.errcode", async ({ status, body }) => {
    synapse().get(url).reply(status, body);
    expect((await synadm(["--batch", "user", "modify", "-a", "alice"])).code).toBe(1);
  });

  it("takes the password that is typed twice", async () => {
    look();
    synapse().put(url, { password: "pw" }).reply(200, account);
    expect((await synadm(["user", "modify", "-p", "alice"], { stdin: "pw\npw\ny\n" })).code).toBe(0);
  });

  it("D4: takes the password from stdin; the question then needs a terminal", async () => {
    look();
    synapse().put(url, { password: "pw" }).reply(200, account);
    const argv = ["user", "modify", "--password-stdin", "alice"];
    expect((await synadm(["--batch", ...argv], { stdin: "pw\n" })).code).toBe(0);
    look();
    expect((await synadm(argv, { stdin: "pw\ny\n" })).code).toBe(5);
  });

  it.each([
    { argv: [], words: "one of these is needed" },
    { argv: ["-p"], words: "--batch asks nothing" }, // A11
    { argv: ["-P", ""], words: "password is empty" },
    { argv: ["-n", "x", "-vv"], words: "must be an mxc:// URI or empty, not 'v'" },
    { argv: ["-p", "-P", "x"], words: "exclude each other" },
    { argv: ["-P", "x", "--password-stdin"], words: "exclude each other" },
    { argv: ["-t", "email", "a@x", "--clear-threepids"], words: "exclude each other" },
    { argv: ["--deactivate", "-P", "x"], words: "--deactivate takes the password away" },
    { argv: ["-t", "", "a@x"], words: "medium is empty" },
    { argv: ["-t", "email", ""], words: "address is empty" },
  ])("refuses $argv before anything is sent", async ({ argv, words }) => {
    const config = { token: "s3cret", base_url: "http://synapse.test" }; // a localpart would cost a request
    const { code, stdout, stderr } = await synadm(["--batch", "user", "modify", "alice", ...argv], { config });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(words);
  });

  it("A8: creates nothing where the server's name is not known", async () => {
    nock("http://synapse.test").persist().get(/.*/).reply(404, {});
    const config = { token: "s3cret", base_url: "http://synapse.test" };
    const { code } = await synadm(["--batch", "user", "modify", "-a", "alice"], { config });
    expect(code).not.toBe(0);
    nock.cleanAll();
  });
});
