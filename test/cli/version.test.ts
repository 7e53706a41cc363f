import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const path = "/_synapse/admin/v1/server_version";

describe("synadm version", () => {
  it("prints what the homeserver says", async () => {
    nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } })
      .get(path)
      .reply(200, { server_version: "1.160.0" });
    expect(await synadm(["-o", "minified", "version"])).toEqual({
      code: 0,
      stdout: `{"server_version":"1.160.0"}\n`,
      stderr: "",
    });
  });

  it("prints the homeserver's error for scripts, and says it for people", async () => {
    nock("http://synapse.test").get(path).reply(403, { errcode: "M_FORBIDDEN", error: "You are not a server admin" });
    const { code, stdout, stderr } = await synadm(["-o", "minified", "version"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ errcode: "M_FORBIDDEN", error: "You are not a server admin" });
    expect(stderr).toMatch(
      /^synadm: cannot get the server version: 403 M_FORBIDDEN: You are not a server admin\nhint: /,
    );
  });
});
