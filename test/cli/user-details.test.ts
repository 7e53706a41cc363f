import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const admin = "/_synapse/admin";
const alice = "%40alice%3Aexample.test";

describe("synadm user details", () => {
  const account = { name: "@alice:example.test", creation_ts: 1560432668, last_seen_ts: 1560432668000, new_field: [1] };

  it.each([
    { name: "alice", url: alice },
    { name: "@alice", url: alice },
    { name: "@Old.User!+/x:other.test:8448", url: "%40Old.User%21%2B%2Fx%3Aother.test%3A8448" }, // D12
  ])("$name: prints what the homeserver sends", async ({ name, url }) => {
    synapse().get(`${admin}/v2/users/${url}`).reply(200, account);
    const result = await synadm(["-o", "minified", "user", "details", name]);
    expect(result).toEqual({ code: 0, stdout: `${JSON.stringify(account)}\n`, stderr: "" });
  });

  it("shows seconds and milliseconds as the same date", async () => {
    synapse().get(`${admin}/v2/users/${alice}`).reply(200, account);
    const { stdout } = await synadm(["-o", "human", "user", "details", "alice"]);
    expect(stdout).toContain("creation_ts   2019-06-13 23:01:08 +09:30\nlast_seen_ts  2019-06-13 23:01:08 +09:30\n");
  });

  it("C1: exits 1 where there is no such account", async () => {
    const body = { errcode: "M_NOT_FOUND", error: "User not found" };
    synapse().get(`${admin}/v2/users/${alice}`).reply(404, body);
    const { code, stdout, stderr } = await synadm(["-o", "json", "user", "details", "alice"]);
    expect([code, JSON.parse(stdout)]).toEqual([1, body]);
    expect(stderr).toBe("synadm: cannot get @alice:example.test: 404 M_NOT_FOUND: User not found\n");
  });
});

describe("synadm user whois", () => {
  const connection = { ip: "192.0.2.1", last_seen: 1560432668000, user_agent: "Element \u202e" };
  const whois = { user_id: "@alice:example.test", devices: { "": { sessions: [{ connections: [connection] }] } } };

  it("prints what the homeserver sends, and connections to a person", async () => {
    synapse().get(`${admin}/v1/whois/${alice}`).times(2).reply(200, whois);
    expect(JSON.parse((await synadm(["-o", "json", "user", "whois", "alice"])).stdout)).toEqual(whois);
    const { stdout } = await synadm(["-o", "human", "user", "whois", "alice"]);
    expect(stdout).toContain(String.raw`192.0.2.1  2019-06-13 23:01:08 +09:30  Element \u202e`);
  });

  it("C2: exits 3 and prints nothing where the answer is no JSON", async () => {
    synapse().get(`${admin}/v1/whois/${alice}`).reply(200, "<html>");
    const { code, stdout } = await synadm(["user", "whois", "alice"]);
    expect([code, stdout]).toEqual([3, ""]);
  });
});
