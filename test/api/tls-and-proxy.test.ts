import dns from "node:dns";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { path } from "../../src/api/index.js";
import { Trust } from "../../src/api/trust.js";
import { client, closeAll, echo, listen, purpose, type Echo } from "./server.js";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");
const tls = { key: fixture("localhost.key"), cert: fixture("localhost.crt") };

// Real servers and sockets here: what nock only pretends is what these tests are about.
beforeAll(() => nock.restore());
afterAll(() => nock.activate());
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await closeAll();
});

describe("over TLS", () => {
  const start = async () => `https://localhost:${await listen(createTlsServer(tls, echo))}`;

  it("refuses a certificate that nobody vouches for", async () => {
    await expect(client(await start()).ask()).rejects.toMatchObject({
      name: "NetworkError",
      code: "DEPTH_ZERO_SELF_SIGNED_CERT",
    });
  });

  it("takes it where its authority is given", async () => {
    const url = await start();
    expect((await client(url, { ca: tls.cert }).ask()).line).toBe("GET /api/x");
  });

  it("is given by other authorities, too, when one is added", () => {
    expect(new Trust({ ca: tls.cert }).options.ca).toEqual(expect.arrayContaining([rootCertificates[0], tls.cert]));
  });

  it("looks for further authorities when it has to, once, and sends nothing twice", async () => {
    const asked: string[] = [];
    const server = createTlsServer(tls, (request, response) => {
      asked.push(request.url ?? "");
      echo(request, response);
    });
    const url = `https://localhost:${await listen(server)}`;
    const furtherCa = vi.fn(() => Promise.resolve([tls.cert]));
    const { api } = client(url, { furtherCa });
    const lines = await Promise.all(
      Array.from({ length: 5 }, (_, at) => api.query<Echo>("post", path`x/${at}`, { purpose, data: {} })),
    );
    expect(lines.map(({ line }) => line)).toEqual([0, 1, 2, 3, 4].map((at) => `POST /api/x/${at}`));
    expect(asked.sort()).toEqual([0, 1, 2, 3, 4].map((at) => `/api/x/${at}`));
    expect(furtherCa).toHaveBeenCalledOnce();

    await client(url, { ca: tls.cert, furtherCa }).ask();
    await client(url, { verifyTls: false, furtherCa }).ask();
    expect(furtherCa).toHaveBeenCalledOnce();
  });

  it("has no further authorities", async () => {
    const none = { furtherCa: () => Promise.resolve([]) };
    await expect(client(await start(), none).ask()).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });

  it("takes any where they are not checked, for that connection alone", async () => {
    const url = await start();
    expect((await client(url, { verifyTls: false }).ask()).line).toBe("GET /api/x");
    await expect(client(url).ask()).rejects.toMatchObject({ name: "NetworkError" });
  });

  it("checks for whom the certificate is", async () => {
    const url = (await start()).replace("localhost", "127.0.0.2");
    await expect(client(url, { ca: tls.cert }).ask()).rejects.toMatchObject({ name: "NetworkError" });
  });
});

describe("through a proxy", () => {
  /** Forwards, and keeps what it was asked for. */
  async function startProxy({ overTls = false } = {}) {
    const asked: string[] = [];
    const forward: RequestListener = (request, response) => {
      asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
      echo(request, response);
    };
    const proxy = overTls ? createTlsServer(tls, forward) : createServer(forward);
    proxy.on("connect", (request: IncomingMessage, near: Socket) => {
      asked.push(`CONNECT ${request.url ?? ""} ${JSON.stringify(request.headers["authorization"] ?? null)}`);
      const [, port] = (request.url ?? "").split(":");
      const far = connect(Number(port), "127.0.0.1", () => {
        near.write("HTTP/1.1 200 OK\r\n\r\n");
        far.pipe(near).pipe(far);
      });
      for (const socket of [near, far]) socket.on("error", () => undefined);
    });
    const url = `${overTls ? "https://localhost" : "http://127.0.0.1"}:${await listen(proxy)}`;
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, url);
    for (const name of ["NO_PROXY", "no_proxy", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"])
      vi.stubEnv(name, "");
    return asked;
  }

  it("asks it for plain HTTP", async () => {
    const asked = await startProxy();
    const { line, headers } = await client("http://synapse.test:8008", { proxyFromEnvironment: process.env }).ask();
    expect(asked).toEqual(["GET http://synapse.test:8008/api/x"]);
    expect(line).toBe("GET http://synapse.test:8008/api/x");
    expect(headers).toMatchObject({ host: "synapse.test:8008", authorization: "Bearer s3cret" });
  });

  it("passes through it for HTTPS: the token is for the server alone, which has to prove itself", async () => {
    const port = await listen(createTlsServer(tls, echo));
    const asked = await startProxy();
    const url = `https://localhost.test:${port}`;
    const trusting = client(url, { proxyFromEnvironment: process.env, verifyTls: false });
    for (let i = 0; i < 2; i++) {
      expect(await trusting.ask()).toMatchObject({ line: "GET /api/x", headers: { authorization: "Bearer s3cret" } });
    }
    expect(new Set(asked)).toEqual(new Set([`CONNECT localhost.test:${port} null`]));
    await expect(client(url, { proxyFromEnvironment: process.env, ca: tls.cert }).ask()).rejects.toMatchObject({
      code: "ERR_TLS_CERT_ALTNAME_INVALID",
    });
  });

  it("that speaks TLS is trusted as the homeserver is", async () => {
    const port = await listen(createTlsServer(tls, echo));
    const asked = await startProxy({ overTls: true });
    for (const url of ["http://synapse.test:8008", `https://localhost:${port}`]) {
      for (const trust of [{ ca: tls.cert }, { verifyTls: false }]) {
        const { line } = await client(url, { proxyFromEnvironment: process.env, ...trust }).ask();
        expect(line).toMatch(/^GET .*\/api\/x$/);
      }
      await expect(client(url, { proxyFromEnvironment: process.env }).ask()).rejects.toMatchObject({ code: "PROXY" });
    }
    const passed = `CONNECT localhost:${port} null`;
    expect(asked).toEqual([...Array<string>(2).fill("GET http://synapse.test:8008/api/x"), passed, passed]);
  });

  it("that never answers is left when time is up", async () => {
    const left = vi.fn();
    const proxy = createServer().on("connect", (_request, socket) => void socket.resume().on("end", left));
    const proxyFromEnvironment = { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` };
    const { ask } = client("https://synapse.test", { proxyFromEnvironment, timeoutMs: 100 });
    await expect(ask()).rejects.toMatchObject({ name: "NetworkError", code: "UNREACHED" });
    await vi.waitFor(() => expect(left).toHaveBeenCalled());
  });

  it.each(["http://synapse.test", "https://synapse.test"])(
    "that is down at each of its addresses says why: %s",
    async (url) => {
      // What a name with several addresses answers.
      const lookup = (_name: string, _options: object, done: (error: null, all: dns.LookupAddress[]) => void) =>
        done(
          null,
          ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 })),
        );
      vi.spyOn(dns, "lookup").mockImplementation(lookup as typeof dns.lookup);
      const proxyFromEnvironment = { all_proxy: "http://proxy.test:1" };
      await expect(client(url, { proxyFromEnvironment }).ask()).rejects.toMatchObject({
        code: "PROXY",
        message:
          "the proxy proxy.test:1 cannot be used: connect ECONNREFUSED 127.0.0.1:1; connect ECONNREFUSED 127.0.0.2:1",
      });
    },
  );

  it.each([
    ["NO_PROXY", "127.0.0.1"],
    ["NO_PROXY", "*"],
    ["no_proxy", "synapse.test, 127.0.0.1"],
  ])("does not where %s is %s", async (name, value) => {
    const port = await listen(createServer(echo));
    const asked = await startProxy();
    vi.stubEnv(name, value);
    expect((await client(`http://127.0.0.1:${port}`, { proxyFromEnvironment: process.env }).ask()).line).toBe(
      "GET /api/x",
    );
    expect(asked).toEqual([]);
  });

  it("does not, as a library, unless told to", async () => {
    const port = await listen(createServer(echo));
    const asked = await startProxy();
    expect((await client(`http://127.0.0.1:${port}`).ask()).line).toBe("GET /api/x");
    expect(asked).toEqual([]);
  });
});
