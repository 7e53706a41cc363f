import { writeFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";
import { startHomeserver } from "../homeserver/index.js";

const base = "/_synapse/admin";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });

describe("synadm raw", () => {
  it("sends a GET without a body (D10)", async () => {
    synapse()
      .get(`${base}/v1/server_version`)
      .reply(function (_uri, body) {
        return [200, { body, type: this.req.headers["content-type"] ?? null }];
      });
    expect(await synadm(["-o", "m", "raw", "v1/server_version"])).toEqual({
      code: 0,
      stdout: `{"body":"","type":null}\n`,
      stderr: "",
    });
  });

  it("leaves braces as they are (B2)", async () => {
    synapse()
      .get(/\/v1\/echo\/(%7B|\{)x(%7D|\})$/)
      .reply(200, {});
    expect(await synadm(["-o", "m", "raw", "v1/echo/{x}"])).toMatchObject({ code: 0, stdout: "{}\n" });
  });

  it.each([
    { argv: ["-m", "post"], method: "POST", body: "{}" },
    {
      argv: ["-m", "put", "-d", '{"n": 9223372036854775807, "a": 1, "a": 2}'],
      method: "PUT",
      body: '{"n": 9223372036854775807, "a": 1, "a": 2}',
    },
    { argv: ["-m", "post", "-d", "no JSON"], method: "POST", body: "no JSON" },
    { argv: ["-m", "delete"], method: "DELETE", body: "{}" },
    { argv: ["-m", "put", "-f", "-"], stdin: '{"from": "stdin"}', method: "PUT", body: '{"from": "stdin"}' },
  ])("$argv sends $body as it was typed", async ({ argv, stdin = "", method, body }) => {
    const homeserver = await startHomeserver({ seed: "empty" });
    homeserver.misbehave({ kind: "json", value: {} }); // whatever it is asked
    const config = { token: homeserver.adminToken, base_url: homeserver.baseUrl };
    expect(await synadm(["-o", "m", "raw", "v1/echo", ...argv], { stdin, config })).toMatchObject({
      code: 0,
      stdout: "{}\n",
    });
    await homeserver.close();
    expect(homeserver.requests).toMatchObject([{ method, path: `${base}/v1/echo`, body }]);
  });

  describe.each([{ api: ["raw"] }, { api: ["matrix", "raw"] }])("$api", ({ api }) => {
    const empty = join(mkdtempSync(join(tmpdir(), "synadm-raw-")), "empty.json");
    writeFileSync(empty, "\ufeff\r\n");

    it.each([
      { argv: ["-m", "post", "-d", ""] },
      { argv: ["-m", "put", "-d", " \t"] },
      { argv: ["-m", "delete", "-f", "/dev/null"] },
      { argv: ["-m", "post", "-f", empty] },
      { argv: ["-m", "post", "-f", "-"] },
      { argv: ["-m", "post", "-f", "-"], stdin: "\ufeff \r\n\n" },
    ])("sends no empty body, which Synapse takes for {}: $argv", async ({ argv, stdin = "" }) => {
      expect(await synadm(["--batch", ...api, ...argv, "v1/deactivate/x"], { stdin })).toEqual({
        code: 2,
        stdout: "",
        stderr: "synadm: the body is empty; for an empty object give -d '{}'\n",
      });
    });

    it.each([
      ["-d", ""],
      ["-d", " "],
      ["-f", "/dev/null"],
      ["-f", empty],
      ["-f", "-"],
    ])("takes an empty body of a GET for none: %s %j", async (...argv) => {
      synapse()
        .get(/\/v1\/x$/)
        .reply(200, (_uri, body) => ({ body }));
      expect(await synadm(["-o", "m", ...api, ...argv, "v1/x"])).toMatchObject({ code: 0, stdout: '{"body":""}\n' });
    });
  });

  it("reads the body from a file, and says which it cannot read", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "synadm-raw-")), "body.json");
    writeFileSync(file, '{"k": true}');
    synapse().post(`${base}/v1/echo`, { k: true }).reply(200, {});
    expect(await synadm(["raw", "-m", "post", "-f", file, "v1/echo"])).toMatchObject({ code: 0 });
    expect(await synadm(["raw", "-m", "post", "-f", "/nowhere", "v1/echo"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--data-file: ") as string,
    });
  });
});
