import { createServer } from "node:http";
import { createServer as createSocketServer, type Socket } from "node:net";
import { join } from "node:path";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { homeWith } from "../helpers/process.js";
import { synadm } from "../helpers/synadm.js";
import { closeAll, later, listen, serve } from "./servers.js";

beforeAll(() => nock.restore());
afterAll(() => nock.activate());
afterEach(closeAll);

const token = "s3cret";

/** Listens, and does this with each connection. */
function sockets(onConnection: (socket: Socket) => unknown): Promise<number> {
  return listen(
    createSocketServer((socket) => {
      socket.on("error", () => undefined);
      later(() => socket.destroy());
      onConnection(socket);
    }),
  );
}

const answering = (bytes: string) =>
  sockets((socket) => socket.once("data", () => socket.end(Buffer.from(bytes, "latin1"))));

describe("an answer that is no proper HTTP", () => {
  it.each([
    ["headers of more than 16 KiB", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(20_000)}\r\n\r\n`],
    ["a broken chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n{}\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    [
      "a length, and chunks",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ],
    ["a control character", "HTTP/1.1 302 Found\r\nLocation: /\x01\r\nContent-Length: 0\r\n\r\n"],
  ])("says so, and nothing of TLS: %s", async (_what, bytes) => {
    const base_url = `http://127.0.0.1:${await answering(bytes)}`;
    const { code, stdout, stderr } = await synadm(["version"], { config: { token, base_url } });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(/Parse Error.*\nhint: what answers there does not speak proper HTTP/);
  });

  it("may be TLS where it does not even begin like it", async () => {
    const base_url = `http://127.0.0.1:${await answering("\x15\x03\x01\x00\x02\x02\x46")}`;
    const { stderr } = await synadm(["version"], { config: { token, base_url } });
    expect(stderr).toMatch(/\nhint: does base_url say http where the server speaks https/);
  });
});

describe("a time-out", () => {
  const silent = () => sockets(() => undefined);
  const late = { token, timeout: 0.3, homeserver: "x.test" };
  const argvs = [["version"], ["--batch", "user", "deactivate", "alice"]];

  it.each(argvs)("before the homeserver was asked does not say that it may be at work: %s %s", async (...argv) => {
    const port = await silent();
    for (const { base_url, env } of [
      { base_url: `https://127.0.0.1:${port}`, env: {} },
      { base_url: "https://synapse.test", env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } },
    ]) {
      const { code, stderr } = await synadm(argv, { config: { ...late, base_url }, env });
      expect(code).toBe(3);
      expect(stderr).toMatch(/: the request could not be sent within 0\.3 s\nhint: /);
      expect(stderr).not.toContain("at work");
    }
  });

  it.each(argvs)("after that says so: %s %s", async (...argv) => {
    const base_url = `http://127.0.0.1:${await silent()}`;
    const { code, stderr } = await synadm(argv, { config: { ...late, base_url } });
    expect(code).toBe(3);
    expect(stderr).toMatch(/: no whole answer within 0\.3 s\nhint: the homeserver may still be at work/);
  });
});

describe("a redirect", () => {
  it("to TLS is not followed over a socket", async () => {
    const base_url = join(homeWith(undefined), "synapse.sock");
    const server = createServer((_request, response) => {
      response.writeHead(302, { Location: "https://localhost/elsewhere" }).end();
    });
    await new Promise<void>((resolve) => void server.listen(base_url, resolve));
    later(() => server.close());
    const { code, stderr } = await synadm(["version"], { config: { token, base_url, protocol: "unix", timeout: 2 } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/: 302: it points to https:\/\/localhost\/elsewhere\nhint: a redirect is followed only/);
  });

  it("that goes round in circles is called that", async () => {
    const base_url = await serve((_request, response) => void response.writeHead(302, { Location: "/again" }).end());
    const { code, stderr } = await synadm(["version"], { config: { token, base_url } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/: 302: it points to \/again\nhint: .*round in circles/);
  });
});
