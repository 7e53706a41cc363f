import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const url = "/_synapse/admin/v1/reset_password/%40alice%3Aexample.test";
const reset = (body: nock.DataMatcherMap) =>
  nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } })
    .post(url, body)
    .reply(200, {});

describe("synadm user password", () => {
  it.each([
    { argv: ["-p", "n3w pass"], body: { new_password: "n3w pass" } },
    { argv: ["-n", "-p", "pw"], body: { new_password: "pw", logout_devices: false } },
    { argv: ["--no-logout", "--password", "pw"], body: { new_password: "pw", logout_devices: false } },
  ])("$argv sends $body", async ({ argv, body }) => {
    reset(body);
    const result = await synadm(["--batch", "-o", "json", "user", "password", ...argv, "alice"]);
    expect(result).toEqual({ code: 0, stdout: "{}\n", stderr: "" });
  });

  it("D4: reads it from the first line of stdin", async () => {
    reset({ new_password: " ö pw " });
    const { code } = await synadm(["--batch", "user", "password", "--password-stdin", "alice"], {
      stdin: " ö pw \r\nmore\n",
    });
    expect(code).toBe(0);
  });

  it("asks nothing where that is no user", async () => {
    const { code, stderr } = await synadm(["user", "password", "!bad"], { stdin: "pw\npw\n" });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^synadm: "!bad" looks like a room ID.*\n$/);
  });

  it("asks twice, until both are the same", async () => {
    reset({ new_password: "b" });
    const { code, stderr } = await synadm(["user", "password", "alice"], { stdin: "a\nx\n\nb\nb\n" });
    expect(code).toBe(0);
    expect(stderr).toContain("New password of alice");
    expect(stderr).toContain("these were not the same");
    expect(stderr).not.toContain("nobody answered");
  });

  it.each([
    { argv: [], stdin: "a\n", batch: false, code: 5 },
    { argv: [], stdin: "a\na\n", batch: true, code: 2 }, // C7
    { argv: ["-p", ""], stdin: "", batch: false, code: 2 },
    { argv: ["--password-stdin"], stdin: "\n", batch: true, code: 2 },
    { argv: ["--password-stdin"], stdin: "", batch: true, code: 2 },
    { argv: ["-p", "a", "--password-stdin"], stdin: "a\n", batch: true, code: 2 },
  ])("$argv, stdin $stdin, --batch $batch: sends nothing and exits $code", async ({ argv, stdin, batch, code }) => {
    const config = { token: "s3cret", base_url: "http://synapse.test" }; // a localpart would cost a request
    const result = await synadm([...(batch ? ["--batch"] : []), "user", "password", ...argv, "alice"], {
      stdin,
      config,
    });
    expect([result.code, result.stdout]).toEqual([code, ""]);
  });

  it("C1: says why it was refused", async () => {
    nock("http://synapse.test").post(url).reply(404, { errcode: "M_NOT_FOUND", error: "User not found" });
    const { code, stderr } = await synadm(["user", "password", "-p", "hush-hush", "alice"]);
    expect(code).toBe(1);
    expect(stderr).toContain("cannot set the password of @alice:example.test: 404 M_NOT_FOUND: User not found");
    expect(stderr).not.toContain("hush-hush");
  });
});
