import nock from "nock";
import { describe, expect, it } from "vitest";
import { ApiRequest, path, type Clock, type Method } from "../../src/api/index.js";

/** Sleeps without waiting, and keeps for how long it should have slept. */
class FakeClock implements Clock {
  readonly slept: number[] = [];
  #now = Date.parse("2026-01-01T00:00:00Z");

  now(): number {
    return this.#now;
  }

  async sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.#now += ms;
  }
}

const origin = "http://synapse.test";
const limited = { errcode: "M_LIMIT_EXCEEDED", error: "Too Many Requests" };
const reset = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });

function start(timeoutMs = 30_000) {
  const clock = new FakeClock();
  const logged: string[] = [];
  const logger = { info: (text: () => string) => void logged.push(text()), debug: () => undefined };
  const api = new ApiRequest("/api", { baseUrl: origin, clock, timeoutMs, logger });
  const send = (method: Method) => api.query(method, path`x`, { purpose: "try it" });
  return { clock, logged, send };
}

describe("429", () => {
  it.each(["get", "post", "put", "delete"] as const)("is waited out for %s", async (method) => {
    nock(origin)
      .intercept("/api/x", method)
      .reply(429, { ...limited, retry_after_ms: 1500 });
    nock(origin).intercept("/api/x", method).reply(200, { ok: true });
    const { clock, logged, send } = start();
    expect(await send(method)).toEqual({ ok: true });
    expect(clock.slept).toEqual([1500]);
    expect(logged).toContain("the homeserver asks for patience (429); trying again in 1.5 s");
  });

  it.each([
    ["seconds", { "Retry-After": "3" }, {}, 3000],
    ["a date", { "Retry-After": "Thu, 01 Jan 2026 00:00:07 GMT" }, {}, 7000],
    ["a date gone by", { "Retry-After": "Thu, 01 Jan 2015 00:00:07 GMT" }, {}, 250],
    ["no word that helps", { "Retry-After": "soon" }, {}, 250],
    ["nothing", {}, {}, 250],
    ["the body, which knows better", { "Retry-After": "30" }, { retry_after_ms: 100 }, 250],
    ["the header, where the body says null", { "Retry-After": "3" }, { retry_after_ms: null }, 3000],
    ["a body with less than nothing", {}, { retry_after_ms: -5 }, 250],
    ["a body without it", { "Retry-After": "1" }, { retry_after_ms: "x" }, 1000],
  ])("says how long by %s", async (_how, headers, body, ms) => {
    nock(origin).post("/api/x").reply(429, body, headers);
    nock(origin).post("/api/x").reply(200, {});
    const { clock, send } = start();
    await send("post");
    expect(clock.slept).toEqual([ms]);
  });

  it("is given up when all waits would be more than 60 s", async () => {
    nock(origin)
      .post("/api/x")
      .times(3)
      .reply(429, { ...limited, retry_after_ms: 25_000 });
    const { clock, send } = start();
    await expect(send("post")).rejects.toMatchObject({ status: 429, errcode: "M_LIMIT_EXCEEDED" });
    expect(clock.slept).toEqual([25_000, 25_000]);
  });

  it("is waited out for as long as the time-out, where that is more", async () => {
    nock(origin)
      .post("/api/x")
      .reply(429, { ...limited, retry_after_ms: 100_000 });
    nock(origin).post("/api/x").reply(200, {});
    const { clock, send } = start(120_000);
    await send("post");
    expect(clock.slept).toEqual([100_000]);
  });

  it("does not make it hurry when the server says 0", async () => {
    nock(origin)
      .get("/api/x")
      .times(3)
      .reply(429, { ...limited, retry_after_ms: 0 });
    nock(origin).get("/api/x").reply(200, {});
    const { clock, send } = start();
    await send("get");
    expect(clock.slept).toEqual([250, 500, 1000]);
  });
});

describe("a gateway that gives up", () => {
  it.each([502, 503, 504])("%d: GET is tried three times", async (status) => {
    nock(origin).get("/api/x").times(3).reply(status, "<html>");
    const { clock, send } = start();
    await expect(send("get")).rejects.toMatchObject({ status, message: `${status}: no JSON object came with it` });
    expect(clock.slept).toEqual([250, 500]);
  });

  it("GET takes the answer when it comes", async () => {
    nock(origin).get("/api/x").times(2).reply(503, "");
    nock(origin).get("/api/x").reply(200, { ok: true });
    expect(await start().send("get")).toEqual({ ok: true });
  });

  it.each(["post", "put", "delete"] as const)("%s is sent once", async (method) => {
    nock(origin).intercept("/api/x", method).reply(502, "<html>");
    const { clock, send } = start();
    await expect(send(method)).rejects.toMatchObject({ status: 502 });
    expect(clock.slept).toEqual([]);
  });

  it("500 is an answer", async () => {
    nock(origin).get("/api/x").reply(500, { errcode: "M_UNKNOWN", error: "Internal server error" });
    await expect(start().send("get")).rejects.toMatchObject({ status: 500 });
  });
});

describe("a connection that breaks", () => {
  it("GET is tried three times", async () => {
    nock(origin).get("/api/x").times(3).replyWithError(reset);
    const { clock, send } = start();
    await expect(send("get")).rejects.toMatchObject({
      name: "NetworkError",
      code: "ECONNRESET",
      message: "socket hang up",
    });
    expect(clock.slept).toEqual([250, 500]);
  });

  it.each(["post", "put", "delete"] as const)("%s is sent once", async (method) => {
    nock(origin).intercept("/api/x", method).replyWithError(reset);
    await expect(start().send(method)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("a refused one is not tried again", async () => {
    nock(origin)
      .get("/api/x")
      .replyWithError(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
    await expect(start().send("get")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
