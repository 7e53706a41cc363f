import { describe, expect, it } from "vitest";
import { Matrix } from "../../src/api/index.js";
import { anyAnswer, origin, record } from "./recorder.js";

const client = () => new Matrix({ baseUrl: origin, token: "s3cret" });
const bearer = "Bearer s3cret";

type Row = [line: string, run: (matrix: Matrix) => Promise<unknown>, authorization: string | undefined, body: unknown];

describe("Matrix", () => {
  it.each<Row>([
    ["GET client/v3/account/whoami", (m) => m.whoami(), bearer, undefined],
    ["GET key/v2/server", (m) => m.serverKeys(), undefined, undefined],
    ["GET client/v3/directory/room/%23a%2Fb%3Ax.test", (m) => m.resolveAlias("#a/b:x.test"), bearer, undefined],
    ["GET client/v3/rooms/%21abc/aliases", (m) => m.roomAliases("!abc"), bearer, undefined],
    [
      "POST client/v3/login",
      (m) => m.login({ user: "@alice:x.test", password: "pw", initialDeviceDisplayName: "synadm" }),
      undefined,
      {
        type: "m.login.password",
        identifier: { type: "m.id.user", user: "@alice:x.test" },
        password: "pw",
        initial_device_display_name: "synadm",
      },
    ],
    [
      "POST client/v3/login",
      (m) => m.login({ user: "alice", password: "", deviceId: "D" }),
      undefined,
      { type: "m.login.password", identifier: { type: "m.id.user", user: "alice" }, password: "", device_id: "D" },
    ],
    ["GET client/versions", (m) => m.raw("get", "client/versions"), bearer, undefined],
    ["GET client/versions", (m) => m.raw("get", "client/versions", { token: "other" }), "Bearer other", undefined],
    ["GET client/versions", (m) => m.raw("get", "client/versions", { token: null }), undefined, undefined],
    [
      "POST client/v3/echo",
      (m) => m.raw("post", "client/v3/echo", { body: '{"a":["ü",null]}' }),
      bearer,
      { a: ["ü", null] },
    ],
  ])("sends %s", async (line, run, authorization, body) => {
    const requests = record([200, anyAnswer]);
    expect(await run(client())).toEqual(anyAnswer);
    expect(requests).toMatchObject([
      { line: line.replace(" ", " /_matrix/"), headers: { accept: "application/json" } },
    ]);
    expect(requests[0]!.headers["authorization"]).toBe(authorization);
    expect(requests[0]!.body).toBe(body === undefined ? "" : JSON.stringify(body));
  });

  it("never says a password", async () => {
    record([403, { errcode: "M_FORBIDDEN", error: "Invalid username or password" }]);
    const error: unknown = await client()
      .login({ user: "alice", password: "hunter2" })
      .catch((error: unknown) => error);
    expect(error).toMatchObject({
      purpose: "log in as alice",
      message: "403 M_FORBIDDEN: Invalid username or password",
    });
    expect(JSON.stringify(error) + String(error)).not.toContain("hunter2");
  });
});
