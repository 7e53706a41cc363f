import { describe, expect, it } from "vitest";
import { Matrix, SynapseAdmin, type Logger } from "../../src/api/index.js";
import { blankUrl } from "../../src/api/log.js";
import { origin, record } from "./recorder.js";

function start() {
  const lines: string[] = [];
  const logger: Logger = { info: (text) => void lines.push(text()), debug: (text) => void lines.push(text()) };
  const options = { baseUrl: origin, token: "sEcReT-0", logger };
  return { admin: new SynapseAdmin(options), matrix: new Matrix(options), log: () => lines.join("\n") };
}

describe("the log", () => {
  it("says what is asked and answered", async () => {
    record([200, { users: [{ name: "@a:x" }], total: 1, next_token: "100" }, { "X-Y": "z" }]);
    const { admin, log } = start();
    await admin.users.list({ from: 5 });
    expect(log()).toContain("GET http://synapse.test/_synapse/admin/v2/users?from=5\n");
    expect(log()).toContain("GET http://synapse.test/_synapse/admin/v2/users?from=5: 200\n");
    expect(log()).toContain("x-y: z");
    expect(log()).toContain('{"users":[{"name":"@a:x"}],"total":1,"next_token":"100"}');
    expect(log()).toContain("Authorization: <hidden>");
  });

  it("only listens where somebody reads", async () => {
    record([200, { server_version: "1.160.0" }]);
    await new SynapseAdmin({ baseUrl: origin }).serverVersion.get(); // no logger, no error
  });

  it.each<[string, unknown, (clients: ReturnType<typeof start>) => Promise<unknown>]>([
    ["the token of a login as a user", { access_token: "sEcReT-1" }, ({ admin }) => admin.users.login("@a:x")],
    [
      "a login",
      { access_token: "sEcReT-1", refresh_token: "sEcReT-2", device_id: "D" },
      ({ matrix }) => matrix.login({ user: "a", password: "sEcReT-3" }),
    ],
    ["a new password", {}, ({ admin }) => admin.users.resetPassword("@a:x", { newPassword: "sEcReT-1" })],
    ["a changed password", { name: "@a:x" }, ({ admin }) => admin.users.modify("@a:x", { password: "sEcReT-1" })],
    [
      "a registration token that is made",
      { token: "sEcReT-1" },
      ({ admin }) => admin.registrationTokens.create({ token: "sEcReT-1" }),
    ],
    ["a registration token in a path", { token: "sEcReT-1" }, ({ admin }) => admin.registrationTokens.get("sEcReT-1")],
    [
      "registration tokens in a list",
      { registration_tokens: [{ token: "sEcReT-1" }] },
      ({ admin }) => admin.registrationTokens.list(),
    ],
    [
      "a raw body",
      { new_password: "sEcReT-2" },
      ({ matrix }) => matrix.raw("post", "x", { body: '{"a":[{"password":"sEcReT-1"}]}' }),
    ],
    ["a token in a query", {}, ({ matrix }) => matrix.raw("get", "x?a=1&access_token=sEcReT-1")],
    ["a token for one call", {}, ({ matrix }) => matrix.raw("get", "x", { token: "sEcReT-1" })],
    ["a raw registration token", {}, ({ admin }) => admin.raw("get", "v1/registration_tokens/sEcReT-1")],
  ])("does not hold %s", async (_what, answer, run) => {
    record([200, answer, { "Set-Cookie": "sEcReT-9" }]);
    const clients = start();
    await run(clients);
    expect(clients.log()).toContain("http://synapse.test/");
    expect(clients.log()).not.toContain("sEcReT");
  });

  it.each([
    [
      "https://admin:sEcReT@x.test/?a=b#access_token=sEcReT&c=d",
      "https://<hidden>@x.test/?a=b#access_token=<hidden>&c=d",
    ],
    ["//sEcReT@x.test/;token=sEcReT", "//<hidden>@x.test/;token=<hidden>"],
    ["/a@b/?q=c@d", "/a@b/?q=c@d"],
  ])("of %s holds %s", (url, blanked) => {
    expect(blankUrl(url)).toBe(blanked);
  });

  it("does not hold a registration token that the server repeats", async () => {
    record(
      [302, "", { Location: `${origin}/elsewhere/sEcReT-1?access_token=sEcReT-2` }],
      [404, { errcode: "M_NOT_FOUND", error: "No such registration token: sEcReT-1" }],
    );
    const { admin, log } = start();
    await expect(admin.registrationTokens.get("sEcReT-1")).rejects.toMatchObject({
      purpose: "get the registration token",
      message: "404 M_NOT_FOUND: No such registration token: <hidden>",
      body: { errcode: "M_NOT_FOUND", error: "No such registration token: sEcReT-1" }, // it is what was asked for
    });
    expect(log()).toContain("GET http://synapse.test/elsewhere/<hidden>?access_token=<hidden>: 404");
    expect(log()).not.toContain("sEcReT");
  });
});
