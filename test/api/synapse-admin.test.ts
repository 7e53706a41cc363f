import { describe, expect, it } from "vitest";
import { SynapseAdmin } from "../../src/api/index.js";
import { anyAnswer, origin, record } from "./recorder.js";
import { none, rows, user } from "./synapse-admin-requests.js";

const client = () => new SynapseAdmin({ baseUrl: origin, token: "s3cret" });

/** What Synapse says of a new state: the one that was asked for. */
function repeated(body: unknown): object {
  const { block, suspend } = body as { block?: boolean; suspend?: boolean };
  return {
    ...(block === undefined ? {} : { block }),
    ...(suspend === undefined ? {} : { [`user_${user}_suspended`]: suspend }),
  };
}

describe("SynapseAdmin", () => {
  it.each(rows)("%s sends $2", async (_call, run, line, body) => {
    const answer = { ...anyAnswer, ...repeated(body), ...(line.includes("/whois/") && { devices: {} }) };
    const requests = record([200, answer]);
    expect(await run(client())).toEqual(answer);
    expect(requests).toHaveLength(1);
    const [method, rest] = line.split(" ");
    expect(requests[0]!.line).toBe(`${method ?? ""} /_synapse/admin/${rest ?? ""}`);
    expect(requests[0]!.body === none ? none : JSON.parse(requests[0]!.body)).toEqual(body);
    expect(requests[0]!.headers["authorization"]).toBe("Bearer s3cret");
    expect(requests[0]!.headers["content-type"]).toBe(body === none ? undefined : "application/json");
  });

  it("is tried here with each of its methods", () => {
    const tried = new Set(rows.map(([call]) => call));
    const generators = new Set(["users.all", "rooms.all", "media.allOfUser"]); // see pages.test.ts
    const methods = Object.entries(client())
      .filter(([name]) => name !== "connection")
      .flatMap(([name, resource]) =>
        Object.getOwnPropertyNames(Object.getPrototypeOf(resource))
          .filter((method) => method !== "constructor")
          .map((method) => `${name}.${method}`),
      );
    expect(methods.filter((method) => !generators.has(method)).sort()).toEqual([...tried].sort());
  });

  it.each(rows)("%s names what it was about when the server says no ($2)", async (_call, run) => {
    record([403, { errcode: "M_FORBIDDEN", error: "You are not a server admin" }]);
    await expect(run(client())).rejects.toMatchObject({
      name: "HttpError",
      status: 403,
      errcode: "M_FORBIDDEN",
      message: "403 M_FORBIDDEN: You are not a server admin",
      purpose: expect.stringMatching(/^[a-z]+(-ban)? \S/) as string,
    });
  });

  const reads = rows.filter(([, , line]) => line.startsWith("GET "));
  it.each(reads)("%s takes nothing else for its answer ($2)", async (_call, run) => {
    record([200, { health: "ok" }]);
    await expect(run(client())).rejects.toMatchObject({ name: "NetworkError", code: "UNEXPECTED" });
  });

  it("gives each notice a transaction ID of its own", async () => {
    const requests = record([200, { event_id: "$1" }]);
    const admin = client();
    await admin.serverNotices.send(user, { content: {} });
    await admin.serverNotices.send(user, { content: {} });
    const ids = requests.map(({ line }) => line.replace(/^.*\//, ""));
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it("lets nothing through that would be another endpoint", async () => {
    record();
    const admin = client();
    await expect(async () => admin.users.get("")).rejects.toThrow("an empty value cannot be part of a path");
    await expect(async () => admin.users.get("..")).rejects.toThrow("'..' cannot be part of a path");
    await expect(async () => admin.media.delete("x.test", ".")).rejects.toThrow("'.' cannot be part of a path");
  });

  describe("raw", () => {
    it.each([
      ["get", "v1/rooms?limit=1", undefined, "GET /_synapse/admin/v1/rooms?limit=1", none],
      ["get", "//v1/{x}", undefined, "GET /_synapse/admin/v1/%7Bx%7D", none],
      ["post", "v1/echo", undefined, "POST /_synapse/admin/v1/echo", "{}"],
      ["put", "v1/echo", ' {"k": true} ', "PUT /_synapse/admin/v1/echo", '{"k":true}'],
      ["post", "v1/echo", "", "POST /_synapse/admin/v1/echo", none],
      ["delete", "v1/echo/gone", "{}", "DELETE /_synapse/admin/v1/echo/gone", "{}"],
      ["delete", "v1/echo/gone", undefined, "DELETE /_synapse/admin/v1/echo/gone", none],
    ] as const)("%s %s with %j", async (method, endpoint, body, line, sent) => {
      const requests = record();
      await client().raw(method, endpoint, { body });
      expect(requests).toMatchObject([{ line, headers: { authorization: "Bearer s3cret" } }]);
      expect(requests[0]!.body).toBe(sent);
    });

    it.each(["", "/", "?x", "v1/../../x", "v1/%2e%2E/x", "v1/./x", "v1\\..\\x"])("refuses %j", async (endpoint) => {
      const requests = record();
      await expect(client().raw("get", endpoint)).rejects.toMatchObject({ name: "InvalidValueError" });
      expect(requests).toEqual([]);
    });

    it("leaves tokens in its endpoint out of errors", async () => {
      record([404, { errcode: "M_NOT_FOUND", error: "No such registration token: hush" }]);
      const error: unknown = await client()
        .raw("get", "v1/registration_tokens/hush?access_token=hush")
        .catch((error: unknown) => error);
      expect(error).toMatchObject({ purpose: "GET v1/registration_tokens/<hidden>" });
      expect(String(error)).toBe("HttpError: 404 M_NOT_FOUND: No such registration token: <hidden>");
    });
  });
});
