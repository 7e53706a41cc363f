import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { ApiRequest, Connection, Matrix, path, type ConnectionOptions } from "../../src/api/index.js";
import { client, closeAll, echo, later, listen, purpose, serve, type Echo } from "./server.js";

// Real servers and sockets here: what nock only pretends is what these tests are about.
beforeAll(() => nock.restore());
afterAll(() => nock.activate());
afterEach(async () => {
  vi.unstubAllEnvs();
  await closeAll();
});

describe("over TCP", () => {
  it("sends a raw body byte for byte, and its length", async () => {
    const { api } = await serve(echo);
    const raw = ' {"k": 12345678901234567890, "ü": {}} ';
    const { body, headers } = await api.query<Echo>("post", path`x`, { purpose, raw });
    expect(body).toBe(raw);
    expect(headers).toMatchObject({
      "content-length": String(Buffer.byteLength(raw)),
      "content-type": "application/json",
    });
  });

  it("sends a body that is not JSON, and does not log it", async () => {
    const log: string[] = [];
    const { api } = await serve(echo, {
      logger: { info: (text) => void log.push(text()), debug: (text) => void log.push(text()) },
    });
    await api.query("put", path`x`, { purpose, raw: "s3cret!" });
    expect(log.join("\n")).toContain("<7 characters that are not JSON>");
    expect(log[1]).not.toContain("s3cret!");
  });

  it("sends no body and says so", async () => {
    const { api } = await serve(echo);
    const { body, headers } = await api.query<Echo>("post", path`x`, { purpose, raw: "" });
    expect({ body, length: headers["content-length"], type: headers["content-type"] }).toEqual({
      body: "",
      length: "0",
      type: undefined,
    });
  });

  it("sends bigints as they came", async () => {
    const { api } = await serve(echo);
    expect((await api.query<Echo>("put", path`x`, { purpose, data: { depth: 2n ** 63n } })).body).toBe(
      '{"depth":9223372036854775808}',
    );
  });

  it("keeps a connection for the next request, and closes it", async () => {
    const sockets = new Set<Socket>();
    const { api, ask } = await serve((request, response) => {
      sockets.add(request.socket);
      echo(request, response);
    });
    for (let i = 0; i < 5; i++) await ask();
    expect(sockets.size).toBe(1);
    api.connection.close();
    await vi.waitFor(() => expect([...sockets][0]?.destroyed).toBe(true));
  });

  it("shares one pool between clients", async () => {
    const sockets = new Set<Socket>();
    const port = await listen(
      createServer((request, response) => {
        sockets.add(request.socket);
        echo(request, response);
      }),
    );
    const connection = new Connection();
    later(() => connection.close());
    const options = { baseUrl: `http://127.0.0.1:${port}`, connection };
    await new ApiRequest("_synapse/admin", options).query("get", path`x`, { purpose });
    await new Matrix(options).serverKeys();
    expect(sockets.size).toBe(1);
  });

  it("unpacks what is compressed", async () => {
    const { ask } = await serve((_request, response) => {
      response.setHeader("Content-Encoding", "gzip");
      response.end(gzipSync('{"ok":true}'));
    });
    expect(await ask()).toEqual({ ok: true });
  });

  it("says that nobody listens", async () => {
    const port = await listen(createServer());
    await closeAll();
    await expect(client(`http://127.0.0.1:${port}`).ask()).rejects.toMatchObject({
      name: "NetworkError",
      code: "ECONNREFUSED",
      message: `connect ECONNREFUSED 127.0.0.1:${port}`,
      purpose,
    });
  });
});

/** Answers each request with pieces of text, so many milliseconds after it came; returns its URL. */
async function serverElsewhere(pieces: Record<number, string>): Promise<string> {
  const code = `
    const pieces = Object.entries(${JSON.stringify(pieces)});
    const server = require("node:http").createServer((request, response) =>
      pieces.forEach(([ms, piece], at) =>
        setTimeout(() => (at < pieces.length - 1 ? response.write(piece) : response.end(piece)), ms)));
    server.listen(0, "127.0.0.1", () => console.log(String(server.address().port)));`;
  const child = spawn(process.execPath, ["-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  later(() => child.kill());
  const port = await new Promise<string>((resolve) => child.stdout.setEncoding("utf8").once("data", resolve));
  return `http://127.0.0.1:${port.trim()}`;
}

describe("a time-out", () => {
  const options = { timeoutMs: 80 };
  /** A byte at a time: each is in time, the whole never is. */
  const drip = (_request: IncomingMessage, response: ServerResponse) => {
    response.write('{"a":"');
    const timer = setInterval(() => response.write("."), 10);
    response.on("close", () => clearInterval(timer));
  };

  it("ends an answer that never starts", async () => {
    const { ask } = await serve(() => undefined, options);
    await expect(ask()).rejects.toMatchObject({
      name: "NetworkError",
      code: "TIMEOUT",
      message: "no whole answer within 0.08 s",
    });
  });

  it("ends an answer that drips", async () => {
    const { ask } = await serve(drip, options);
    await expect(ask()).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  it("is longer for a slow call (C12)", async () => {
    const tardy: RequestListener = (_request, response) => void setTimeout(() => response.end("{}"), 150);
    const { api } = await serve(tardy, { ...options, slowTimeoutMs: 5000 });
    expect(await api.query("post", path`x`, { purpose, slow: true })).toEqual({});
    await expect(api.query("post", path`x`, { purpose })).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  describe("where the process was stopped while the answer came", () => {
    /** Sleeps as a stopped process does, while a server of another process answers. */
    const askAndSleep = async (pieces: Record<number, string>) => {
      const { ask } = client(await serverElsewhere(pieces), { timeoutMs: 400 });
      const answer = ask();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await new Promise((resolve) => setImmediate(resolve)); // timers come next, and what has arrived after them
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1200);
      return answer;
    };

    it.each([
      { what: "takes what has arrived", pieces: { 200: '{"a":"b"}' } },
      { what: "waits a little for the rest", pieces: { 200: '{"a":', 1600: '"b"}' } },
    ])("$what", async ({ pieces }) => {
      expect(await askAndSleep(pieces)).toEqual({ a: "b" });
    });

    it("does not wait long for the rest", async () => {
      await expect(askAndSleep({ 200: '{"a":', 4000: '"b"}' })).rejects.toMatchObject({ code: "TIMEOUT" });
    });
  });

  it.each<[ConnectionOptions, number, number]>([
    [{}, 30_000, 300_000],
    [{ timeoutMs: 5000 }, 5000, 300_000],
    [{ timeoutMs: 900_000 }, 900_000, 900_000],
    [{ timeoutMs: 5000, slowTimeoutMs: 5000 }, 5000, 5000],
    [{ timeoutMs: 2.01 * 1000, slowTimeoutMs: 0.1 }, 2010, 1], // timers take whole ones
  ])("%j is %d ms, %d ms for a slow call", (given, timeoutMs, slowTimeoutMs) => {
    expect(new Connection(given)).toMatchObject({ timeoutMs, slowTimeoutMs });
  });
});

it.each([Number.NaN, Infinity, 2 ** 40, 0, -1])("a time-out of %d is refused", (timeoutMs) => {
  expect(() => new Connection({ timeoutMs })).toThrow(expect.objectContaining({ name: "InvalidValueError" }) as Error);
});

describe("a connection that breaks", () => {
  it.each<[string, RequestListener]>([
    ["before the answer", ({ socket }) => socket.destroy()],
    [
      "in the middle of the answer",
      ({ socket }, response) => {
        response.writeHead(200, { "Content-Length": "100" });
        response.write('{"ok":', () => socket.destroy());
      },
    ],
    [
      "in the middle of a chunk",
      ({ socket }, response) => {
        response.write('{"ok":true}', () => socket.destroy());
      },
    ],
  ])("%s: GET is tried again, POST is not", async (_when, broken) => {
    let count = 0;
    const { api, ask } = await serve((request, response) =>
      ++count % 3 === 0 ? echo(request, response) : broken(request, response),
    );
    expect((await ask()).line).toBe("GET /api/x");
    expect(count).toBe(3);
    await expect(api.query("post", path`x`, { purpose })).rejects.toMatchObject({ name: "NetworkError" });
    expect(count).toBe(4);
  });
});

describe("over a unix socket", () => {
  it("sends any number of requests, and says that they came by TLS from here", async () => {
    const folder = await mkdtemp(join(tmpdir(), "synadm-"));
    later(() => rm(folder, { recursive: true }));
    const socketPath = join(folder, "synapse.sock");
    await listen(createServer(echo), socketPath);
    vi.stubEnv("HTTP_PROXY", "http://127.0.0.1:1"); // does not lead to a socket
    const { api } = client("http://localhost", { socketPath, proxyFromEnvironment: process.env });
    for (const method of ["get", "post", "delete"] as const) {
      const { line, headers } = await api.query<Echo>(method, path`x`, { purpose });
      expect(line).toBe(`${method.toUpperCase()} /api/x`);
      expect(headers).toMatchObject({
        host: "localhost",
        authorization: "Bearer s3cret",
        "x-forwarded-for": "::1",
        "x-forwarded-proto": "https",
      });
    }
  });

  it("says that there is none", async () => {
    const { ask } = client("http://localhost", { socketPath: "/nonexistent/synapse.sock" });
    await expect(ask()).rejects.toMatchObject({ code: "ENOENT", message: "connect ENOENT /nonexistent/synapse.sock" });
  });
});
