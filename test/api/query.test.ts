import nock from "nock";
import { describe, expect, it } from "vitest";
import { ApiRequest, path, Secret, type ApiOptions, type Method } from "../../src/api/index.js";
import { origin, record } from "./recorder.js";

const purpose = "try it";
const client = (options: ApiOptions = {}) => new ApiRequest("/api", { baseUrl: origin, token: "s3cret", ...options });

describe("what a request looks like", () => {
  it("holds odd IDs as one segment, to the wire", async () => {
    const requests = record();
    await client().query("get", path`v1/rooms/${"!'()*/%?# Ł"}/${"..."}/x`, { purpose });
    expect(requests[0]!.line).toBe("GET /api/v1/rooms/%21%27%28%29%2A%2F%25%3F%23%20%C5%81/.../x");
  });

  it("repeats the key of a list, and leaves out what is not given", async () => {
    const requests = record();
    const params = { a: ["1", "", "x&y"], b: undefined, c: 0, d: false, e: "", f: [] };
    await client().query("get", path`x`, { purpose, params });
    expect(requests[0]!.line).toBe("GET /api/x?a=1&a=&a=x%26y&c=0&d=false&e=");
  });

  it.each<[Method, unknown, string]>([
    ["get", undefined, ""],
    ["delete", undefined, ""],
    ["delete", { a: 1 }, '{"a":1}'],
    ["post", undefined, "{}"],
    ["put", undefined, "{}"],
    ["put", { a: null, b: undefined }, '{"a":null}'],
  ])("%s with %j", async (method, data, body) => {
    const requests = record();
    await client().query(method, path`x`, { purpose, data });
    expect(requests[0]!.body).toBe(body);
    expect(requests[0]!.headers["content-type"]).toBe(body === "" ? undefined : "application/json");
  });

  it.each([
    [undefined, "/api/x"],
    ["_synapse/admin", "/_synapse/admin/x"],
    ["//deep/er//", "/deep/er/x"],
    ["", "/x"],
    ["/", "/x"],
  ])("stands below the prefix %j", async (prefix, url) => {
    const requests = record();
    await client({ prefix }).query("get", path`x`, { purpose });
    expect(requests[0]!.line).toBe(`GET ${url}`);
  });

  it("keeps the path of the base URL", async () => {
    const requests = record();
    await client({ baseUrl: `${origin}/below//` }).query("get", path`x`, { purpose });
    expect(requests[0]!.line).toBe("GET /below/api/x");
  });

  it.each([
    "",
    "synapse.test",
    "ftp://synapse.test",
    "http://user:pass@synapse.test",
    "http://synapse.test/?a=b",
    "http://synapse.test/#c",
  ])("refuses the base URL %j", (baseUrl) => {
    expect(() => client({ baseUrl })).toThrow(expect.objectContaining({ name: "InvalidValueError" }) as Error);
  });

  it("says who it is", async () => {
    const requests = record();
    await client({ userAgent: "synadm/1 (node)" }).query("get", path`x`, { purpose });
    expect(requests[0]!.headers).toMatchObject({ "user-agent": "synadm/1 (node)", accept: "application/json" });
  });
});

describe("the token", () => {
  it("of one call is not that of the next", async () => {
    const requests = record();
    const api = client();
    for (const token of [undefined, "other", null, undefined]) await api.query("get", path`x`, { purpose, token });
    expect(requests.map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer s3cret",
      "Bearer other",
      undefined,
      "Bearer s3cret",
    ]);
  });

  it.each(["s3cret\n", "s3 cret", "s3crét"])("that no header can hold is refused and not shown", async (token) => {
    const error: unknown = await Promise.resolve()
      .then(() => client({ token }).query("get", path`x`, { purpose }))
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "InvalidValueError" });
    expect(JSON.stringify(error) + String(error)).not.toContain("s3");
    await expect(client().query("get", path`x`, { purpose, token })).rejects.toMatchObject({
      name: "InvalidValueError",
    });
  });
});

describe("what an answer becomes", () => {
  it.each([
    [403, { errcode: "M_FORBIDDEN", error: "No" }, { errcode: "M_FORBIDDEN", message: "403 M_FORBIDDEN: No" }],
    [400, { error: "No" }, { errcode: undefined, message: "400: No" }],
    [404, {}, { message: "404", body: {} }],
    [404, { errcode: 7, error: ["x"] }, { errcode: undefined, message: "404", body: { errcode: 7, error: ["x"] } }],
    [404, ["x"], { message: "404: no JSON object came with it", body: undefined }],
    [500, "<html>oops</html>", { message: "500: no JSON object came with it", body: undefined }],
    [401, "", { message: "401: no JSON object came with it" }],
  ])("%d %j", async (status, body, error) => {
    record([status, body]);
    await expect(client().query("post", path`x`, { purpose })).rejects.toMatchObject({
      name: "HttpError",
      status,
      purpose,
      ...error,
    });
  });

  it.each([{ error: "nope" }, { error: "nope", errcode: null }])("200 %j is no success", async (body) => {
    record([200, body], [200, body]);
    await expect(client().query("get", path`x`, { purpose })).rejects.toMatchObject({ code: "UNEXPECTED", purpose });
    expect(await client().query("get", path`x`, { purpose, needs: null })).toEqual(body);
  });

  it.each([Number.NaN, Infinity])(
    "%d is not sent: in JSON it would be null, which often means without limit",
    async (odd) => {
      const requests = record([200, {}]);
      const refused = { name: "InvalidValueError" };
      await expect(client().query("post", path`x`, { purpose, data: { a: [{ b: odd }] } })).rejects.toMatchObject(
        refused,
      );
      await expect(client().query("get", path`x`, { purpose, params: { a: odd } })).rejects.toMatchObject(refused);
      expect(requests).toHaveLength(0);
    },
  );

  it.each([
    [200, "", "200 with an empty answer"],
    [204, "", "204 with an empty answer"],
    [200, " \n", "200 with an empty answer"],
    [200, "<!DOCTYPE html>", "200 with HTML instead of JSON"],
    [200, "OK", "200 with an answer that is not JSON"],
    [200, '{"users":[', "200 with an answer that is not JSON"],
  ])("%d %j is no success", async (status, body, message) => {
    record([status, body]);
    await expect(client().query("get", path`x`, { purpose })).rejects.toMatchObject({
      name: "NetworkError",
      code: "NOT_JSON",
      message,
      purpose,
    });
  });

  it.each(["{}", "[]", "null", "0", '"x"', '{"depth":9223372036854775807}'])("%s is handed on", async (text) => {
    record([201, text]);
    const expected = text.includes("depth") ? { depth: 9223372036854775807n } : (JSON.parse(text) as unknown);
    expect(await client().query("put", path`x`, { purpose, needs: null })).toEqual(expected);
  });

  const users = { users: [{ name: /^@/, rank: 0 }], total: 0, whole: true };

  it.each([
    ["an object", {}, undefined],
    ["an object", [], "201 with JSON that is no object"],
    ["an object", null, "201 with JSON that is no object"],
    ["an object", "x", "201 with JSON that is no object"],
    ["users", { users: [], total: 1, whole: true, more: null }, undefined],
    ["users", { users: [], total: 1 }, "201 with JSON without a proper whole"],
    ["users", { users: [{ name: "@a", rank: 5, more: 1 }], total: 0, whole: true }, undefined],
    ["users", {}, "201 with JSON without a proper users"],
    ["users", { users: null, total: 0 }, "201 with JSON without a proper users"],
    ["users", { users: { length: 0 }, total: 0 }, "201 with JSON without a proper users"],
    ["users", { users: [], total: "1" }, "201 with JSON without a proper total"],
    ["users", { users: [null], total: 1 }, "201 with JSON without a proper users[]"],
    [
      "users",
      {
        users: [
          { name: "@a", rank: 1 },
          { name: "a", rank: 1 },
        ],
        total: 2,
      },
      /proper users\[\]\.name$/,
    ],
    ["users", { users: [{ name: "@a" }], total: 1 }, /proper users\[\]\.rank$/],
    ["users", { users: [], total: 1, whole: false }, /proper whole$/],
    ["users", { users: [], total: 1, whole: null }, /proper whole$/],
  ])("needs %s, finds %j", async (what, answer, message) => {
    record([201, JSON.stringify(answer)]);
    const asked = client().query("put", path`x`, { purpose, ...(what === "users" ? { needs: users } : {}) });
    if (message === undefined) expect(await asked).toEqual(answer);
    else await expect(asked).rejects.toMatchObject({ name: "NetworkError", code: "UNEXPECTED", purpose });
    if (message !== undefined) await expect(asked).rejects.toThrow(message);
  });

  it("carries nothing of the request that failed", async () => {
    nock(origin)
      .get("/api/x")
      .replyWithError(Object.assign(new Error("getaddrinfo ENOTFOUND synapse.test"), { code: "ENOTFOUND" }));
    const error: unknown = await client()
      .query("get", path`x`, { purpose })
      .catch((error: unknown) => error);
    expect(error).toMatchObject({
      name: "NetworkError",
      code: "ENOTFOUND",
      message: "getaddrinfo ENOTFOUND synapse.test",
    });
    expect((error as Error).cause).toBeUndefined();
    expect(JSON.stringify(error)).not.toContain("s3cret");
  });
});

describe("redirects", () => {
  const moved = (to: string, status = 301) => nock(origin).get("/api/x").reply(status, "", { Location: to });
  const reqheaders = { authorization: "Bearer s3cret" };
  const ask = () => client().query("get", path`x`, { purpose });

  it.each([301, 302, 303, 307, 308])("%d on the same host: GET follows, with the token", async (status) => {
    moved("/y?z=1", status);
    nock(origin, { reqheaders }).get("/y?z=1").reply(200, { ok: true });
    expect(await ask()).toEqual({ ok: true });
  });

  it("from http to https: GET follows, with the token", async () => {
    moved("https://synapse.test/api/x");
    nock("https://synapse.test", { reqheaders }).get("/api/x").reply(200, { ok: true });
    expect(await ask()).toEqual({ ok: true });
  });

  it.each([
    "http://other.test/api/x",
    "https://other.test/api/x",
    "//other.test/api/x",
    "http://synapse.test:8008/api/x",
    "http://user:pass@synapse.test/api/x",
    "ftp://synapse.test/api/x",
  ])("to %s: the token does not go there", async (to) => {
    moved(to);
    await expect(ask()).rejects.toMatchObject({
      name: "HttpError",
      status: 301,
      location: to.replace("user:pass", "<hidden>"),
      message: `301: it points to ${to.replace("user:pass", "<hidden>")}`,
    });
  });

  it("from https to http: the token does not go there", async () => {
    nock("https://synapse.test").get("/api/x").reply(302, "", { Location: "http://synapse.test/api/x" });
    await expect(client({ baseUrl: "https://synapse.test" }).query("get", path`x`, { purpose })).rejects.toMatchObject({
      location: "http://synapse.test/api/x",
    });
  });

  it.each(["post", "put", "delete"] as const)("%s is never sent again", async (method) => {
    nock(origin).intercept("/api/x", method).reply(302, "", { Location: "/login" });
    await expect(client().query(method, path`x`, { purpose })).rejects.toMatchObject({
      name: "HttpError",
      status: 302,
      location: "/login",
      message: "302: it points to /login",
    });
  });

  it("in a circle end", async () => {
    const requests = record([302, "", { Location: "/api/x" }]);
    await expect(ask()).rejects.toMatchObject({ status: 302 });
    expect(requests).toHaveLength(6);
  });

  it("say where they point to also beside an object", async () => {
    for (const [body, words] of [
      ["{}", ""],
      ['{"errcode":"M_X","error":"no"}', " M_X: no;"],
    ] as const) {
      nock(origin).post("/api/x").reply(302, body, { Location: "/login" });
      await expect(client().query("post", path`x`, { purpose })).rejects.toMatchObject({
        message: words === "" ? "302: it points to /login" : `302${words} it points to /login`,
      });
    }
  });

  it("show no secrets", async () => {
    nock(origin)
      .put("/api/tokens/hush")
      .reply(308, "", { Location: "https://synapse.test/api/tokens/hush?access_token=hush2" });
    await expect(client().query("put", path`tokens/${new Secret("hush")}`, { purpose })).rejects.toMatchObject({
      message: "308: it points to https://synapse.test/api/tokens/<hidden>?access_token=<hidden>",
    });
  });
});
