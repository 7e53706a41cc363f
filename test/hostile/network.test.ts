import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createSocketServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { proxyFor } from "../../src/api/proxy.js";
import { homeWith, inShell } from "../helpers/process.js";
import { closeAll, later, listen, serve } from "./servers.js";

afterEach(closeAll);

const token = "syt_s3cret_token";
const answer = '{"server_version":"1"}';
const ofApi = new URL("../api/fixtures/", import.meta.url);
const own = new URL("fixtures/", import.meta.url);
const key = readFileSync(new URL("localhost.key", ofApi), "utf8");
const authority = new URL("localhost.crt", ofApi).pathname;

/** A homeserver behind TLS, with this certificate; notes the tokens that come. */
async function startTls(cert = authority): Promise<{ port: number; tokens: (string | undefined)[] }> {
  const tokens: (string | undefined)[] = [];
  const server = createTlsServer({ key, cert: readFileSync(cert, "utf8") }, (request, response) => {
    tokens.push(request.headers.authorization);
    response.end(answer);
  });
  server.on("tlsClientError", () => undefined);
  return { port: await listen(server), tokens };
}

/** Runs the built program; the bundle has its own idea of what the HTTP library needs. */
async function version(
  base_url: string,
  { flags = "", env = {} }: { flags?: string; env?: Record<string, string> } = {},
) {
  const home = homeWith({ token, base_url });
  const { stdout, stderr, code } = await inShell({ shell: `synadm -o m -vvv ${flags} version`, home, env });
  expect(stderr).not.toContain("s3cret");
  const said = stderr.split("\n").filter((line) => /^(synadm|hint): |^\(node/.test(line));
  return { code, stdout: stdout.trimEnd(), said: said.join("\n") };
}

const success = { code: 0, stdout: answer, said: "" };

describe("TLS", () => {
  it("to a server that nobody vouches for is refused, with the ways out", async () => {
    const { port, tokens } = await startTls();
    const { code, stdout, said } = await version(`https://localhost:${port}`);
    expect({ code, stdout, tokens }).toEqual({ code: 3, stdout: "", tokens: [] });
    expect(said).toMatch(/self-signed certificate\nhint: .*--ca-file.*--insecure/);
  });

  it("is not checked with --insecure, for that call; the variable of Node's changes nothing", async () => {
    const { port } = await startTls();
    const baseUrl = `https://localhost:${port}`;
    expect(await version(baseUrl, { flags: "--insecure" })).toEqual(success);
    expect(await version(baseUrl)).toMatchObject({ code: 3 });
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: "0", NODE_NO_WARNINGS: "1" };
    expect(await version(baseUrl, { env })).toMatchObject({ code: 3 });
    expect(await version(baseUrl, { env: { SYNADM_SSL_VERIFY: "no" } })).toEqual(success);
  });

  it("trusts the authority it is told of", async () => {
    const { port, tokens } = await startTls();
    expect(await version(`https://localhost:${port}`, { flags: `--ca-file '${authority}'` })).toEqual(success);
    expect(await version(`https://127.0.0.1:${port}`, { env: { SYNADM_CA_FILE: authority } })).toEqual(success);
    expect(tokens).toEqual([`Bearer ${token}`, `Bearer ${token}`]);
  });

  it("trusts an authority whose file begins with a byte order mark", async () => {
    const { port } = await startTls();
    const file = join(homeWith(undefined), "ca.pem");
    writeFileSync(file, `\ufeff${readFileSync(authority, "utf8")}`);
    expect(await version(`https://localhost:${port}`, { flags: `--ca-file '${file}'` })).toEqual(success);
  });

  it.each(["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])(
    "trusts what %s says that the system does",
    async (name) => {
      const { port, tokens } = await startTls();
      const env = { [name]: authority };
      expect(await version(`https://localhost:${port}`, { env })).toEqual(success);
      expect(tokens).toEqual([`Bearer ${token}`]);
      const file = join(homeWith(undefined), "garbage.pem");
      writeFileSync(file, "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n");
      for (const other of [file, "/nowhere.pem"]) {
        const { code, said } = await version(`https://localhost:${port}`, { env: { [name]: other } });
        expect(code).toBe(3);
        expect(said).toMatch(/self-signed certificate\nhint: /);
        expect(said.includes(`synadm: warning: ${name}: /nowhere.pem: ENOENT`)).toBe(other !== file);
      }
      expect(tokens).toHaveLength(1);
      appendFileSync(file, readFileSync(authority, "utf8"));
      expect(await version(`https://localhost:${port}`, { env: { [name]: file } })).toEqual(success);
    },
  );

  it.each(["SYNADM_CA_FILE", "SSL_CERT_FILE"])("trusts what Node is told to, also with %s", async (name) => {
    const { port } = await startTls();
    const env = { NODE_EXTRA_CA_CERTS: authority, [name]: new URL("other-host.crt", own).pathname };
    expect(await version(`https://localhost:${port}`, { env })).toEqual(success);
  });

  it("that wants a certificate of ours says so in plain words", async () => {
    const ca = readFileSync(authority, "utf8");
    const server = createTlsServer({ key, cert: ca, ca, requestCert: true, rejectUnauthorized: true });
    server.on("tlsClientError", () => undefined);
    const flags = `--ca-file '${authority}'`;
    const { code, said } = await version(`https://localhost:${await listen(server)}`, { flags });
    expect(code).toBe(3);
    expect(said).toMatch(/certificate required\nhint: the server wants a certificate of the client/);
    expect(said).not.toMatch(/openssl|SSL routines|--insecure/);
  });

  const [begin, end] = ["-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"];
  it.each([
    ["is garbage", () => `${begin}\nnonsense\n${end}\n`],
    ["only begins", () => `${begin}\n`],
    ["has a broken one among others", () => `${begin}\nAAAA\n${end}\n${readFileSync(authority, "utf8")}`],
  ])("an authority that %s is no authority", async (_what, pem) => {
    const file = join(homeWith(undefined), "ca.pem");
    writeFileSync(file, pem());
    const { code, said } = await version("http://127.0.0.1:9", { flags: `--ca-file '${file}'` });
    expect(code).toBe(2);
    expect(said).toMatch(/^synadm: ca_file: .*ca\.pem/);
  });

  it.each([
    ["for another host", "other-host.crt", /altnames.*\nhint: base_url must name/],
    ["that has expired", "expired.crt", /expired\nhint: renew/],
  ])("a certificate %s is refused, also with its authority", async (_name, file, says) => {
    const certificate = new URL(file, own).pathname;
    const { port, tokens } = await startTls(certificate);
    const { code, stdout, said } = await version(`https://localhost:${port}`, { flags: `--ca-file '${certificate}'` });
    expect({ code, stdout, tokens }).toEqual({ code: 3, stdout: "", tokens: [] });
    expect(said).toMatch(says);
  });

  it("where there is none, and plain text where there is TLS, gets a hint", async () => {
    const { port } = await startTls();
    const plain = await serve((_request, response) => void response.end("{}"));
    for (const baseUrl of [plain.replace("http:", "https:"), `http://127.0.0.1:${port}`]) {
      const { code, stdout, said } = await version(baseUrl);
      expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
      expect(said).toMatch(/\nhint: does base_url say http where the server speaks https/);
      expect(said).not.toMatch(/openssl|SSL routines/i);
    }
  });
});

interface Proxy {
  port: number;
  url: string;
  /** What it was asked, with what it could see of secrets. */
  asked: string[];
}

/** Forwards; or answers CONNECT with this instead. */
async function startProxy(refusal?: string): Promise<Proxy> {
  const asked: string[] = [];
  const note = ({ method = "", url = "", headers }: IncomingMessage) =>
    asked.push([method, url, headers.authorization, headers["proxy-authorization"]].filter(Boolean).join(" "));
  const proxy = createServer((request, response) => {
    note(request);
    if (refusal !== undefined) response.statusCode = Number(refusal.split(" ")[1]) || 502;
    response.end(refusal === undefined ? answer : "<html>");
  });
  proxy.on("connect", (request: IncomingMessage, near: Socket) => {
    note(request);
    near.on("error", () => undefined);
    if (refusal !== undefined) return void near.end(refusal);
    const far = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1", () => {
      near.write("HTTP/1.1 200 Connection established\r\nX-Via: proxy\r\n\r\n");
      far.pipe(near).pipe(far);
    });
    far.on("error", () => void near.destroy());
    later(() => [near, far].forEach((socket) => void socket.destroy()));
  });
  const port = await listen(proxy);
  return { port, url: `http://127.0.0.1:${port}`, asked };
}

describe("a proxy", () => {
  it.each(["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])(
    "of %s passes TLS through, and sees neither token nor path",
    async (variable) => {
      const { port, tokens } = await startTls();
      const { url, asked } = await startProxy();
      const env = { [variable]: url };
      expect(await version(`https://localhost:${port}`, { flags: `--ca-file '${authority}'`, env })).toEqual(success);
      expect({ asked, tokens }).toEqual({ asked: [`CONNECT localhost:${port}`], tokens: [`Bearer ${token}`] });
    },
  );

  it("does not stand in for the server's certificate", async () => {
    const { port, tokens } = await startTls();
    const { url } = await startProxy();
    const untrusted = await version(`https://localhost:${port}`, { env: { HTTPS_PROXY: url } });
    expect(untrusted).toMatchObject({ code: 3, stdout: "" });
    const other = await version(`https://elsewhere.test:${port}`, {
      flags: `--ca-file '${authority}'`,
      env: { HTTPS_PROXY: url },
    });
    expect(other).toMatchObject({ code: 3, stdout: "" });
    expect(tokens).toEqual([]);
  });

  it("leads to a server for which the system vouches", async () => {
    const { port, tokens } = await startTls();
    const { url } = await startProxy();
    const env = { HTTPS_PROXY: url, SSL_CERT_FILE: authority };
    expect(await version(`https://localhost:${port}`, { env })).toEqual(success);
    expect(tokens).toEqual([`Bearer ${token}`]);
  });

  it.each(["HTTP_PROXY", "http_proxy", "ALL_PROXY"])("of %s is asked for plain HTTP", async (variable) => {
    const { url, asked } = await startProxy();
    expect(await version("http://synapse.test:8008", { env: { [variable]: url } })).toEqual(success);
    expect(asked).toEqual([`GET http://synapse.test:8008/_synapse/admin/v1/server_version Bearer ${token}`]);
  });

  it.each(["[::1]:8008", "[fd00::5]"])("hears the host of %s as it is written", async (host) => {
    const hosts: (string | undefined)[] = [];
    const url = await serve(({ headers }, response) => {
      hosts.push(headers.host);
      response.end(answer);
    });
    expect(await version(`http://${host}`, { env: { HTTP_PROXY: url } })).toEqual(success);
    expect(hosts).toEqual([host]);
  });

  it("gets its user name and password, decoded, and only it", async () => {
    const { port: tls, tokens } = await startTls();
    const { port, asked } = await startProxy();
    const env = { ALL_PROXY: `http://us%40er:s3cret%3Aü%25@127.0.0.1:${port}` };
    await version("http://synapse.test", { env });
    await version(`https://localhost:${tls}`, { flags: "--insecure", env });
    const credentials = `Basic ${Buffer.from("us@er:s3cret:ü%").toString("base64")}`;
    expect(asked.map((line) => line.endsWith(` ${credentials}`))).toEqual([true, true]);
    expect(tokens).toEqual([`Bearer ${token}`]);
  });

  it("before a server that drops kept-alive connections costs no more than without one", async () => {
    const users = Array.from({ length: 6 }, (_, at) => ({ name: `@u${at}:x.test`, admin: false }));
    const served = new WeakMap<Socket, number>();
    const server = createTlsServer({ key, cert: readFileSync(authority, "utf8") }, ({ method, socket }, response) => {
      const count = (served.get(socket) ?? 0) + 1;
      served.set(socket, count);
      if (method === "POST" && count > 1) socket.destroy();
      else
        response.end(JSON.stringify({ users, total: 6, user_id: "@admin:x.test", id_server_unbind_result: "success" }));
    });
    const home = homeWith({ token, base_url: `https://localhost:${await listen(server)}` });
    const { url } = await startProxy();
    const shell = "synadm --insecure --batch -o json user deactivate-regex @u";
    const { stdout, code } = await inShell({ shell, home, env: { HTTPS_PROXY: url } });
    const outcomes = (JSON.parse(stdout) as { outcome: string }[]).map(({ outcome }) => outcome);
    expect({ code, failed: outcomes.filter((outcome) => outcome !== "done").length }).toEqual({ code: 4, failed: 1 });
  });

  it("may be given without http:// before it", async () => {
    const { port: tls } = await startTls();
    const { port, asked } = await startProxy();
    const env = { HTTPS_PROXY: `127.0.0.1:${port}` };
    expect(await version(`https://localhost:${tls}`, { flags: "--insecure", env })).toEqual(success);
    expect(asked).toEqual([`CONNECT localhost:${tls}`]);
  });

  it.each([
    [
      "wants a password",
      "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
      /refused: 407 Proxy Authentication Required$/m,
    ],
    ["cannot reach it", "HTTP/1.1 502 Bad Gateway\r\n\r\n", /refused: 502 Bad Gateway$/m],
    [
      "forges an answer",
      `HTTP/1.1 403 No\r\nContent-Length: 29\r\n\r\n{"errcode":"M_UNKNOWN_TOKEN"}`,
      /refused: 403 No$/m,
    ],
    ["says nothing", "", /cannot be used: socket hang up$/m],
    ["speaks something else", "SSH-2.0-OpenSSH_9.2\r\n", /cannot be used: Parse Error/],
  ])("that %s: its words are not the homeserver's", async (_name, refusal, says) => {
    const { url } = await startProxy(refusal);
    const { code, stdout, said } = await version("https://synapse.test", { env: { HTTPS_PROXY: url } });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(said).toMatch(says);
    expect(said).toContain("hint: the proxy comes from HTTPS_PROXY");
  });

  it("that wants a password for plain HTTP", async () => {
    const { url } = await startProxy("HTTP/1.1 407 x");
    const { code, said } = await version("http://synapse.test", { env: { HTTP_PROXY: url } });
    expect(code).toBe(1);
    expect(said).toMatch(/: 407: .*\nhint: the proxy comes from HTTPS_PROXY/);
  });

  it("that never answers is waited for as long as --timeout says", async () => {
    const silent = createSocketServer((socket) => later(() => socket.destroy()));
    const env = { ALL_PROXY: `http://127.0.0.1:${await listen(silent)}` };
    for (const [baseUrl, says] of [
      ["https://synapse.test", "the request could not be sent within 0.3 s"],
      ["http://synapse.test", "no whole answer within 0.3 s"], // to it the request was sent
    ] as const) {
      const began = performance.now();
      const { code, said } = await version(baseUrl, { flags: "--timeout 0.3", env });
      expect(code).toBe(3);
      expect(said).toContain(says);
      expect(performance.now() - began).toBeLessThan(3000);
    }
  });

  it.each([
    ["that nobody runs", "http://127.0.0.1:1", 3, /the proxy 127\.0\.0\.1:1 cannot be used: connect ECONNREFUSED/],
    ["that is no URL", "http://user:s3cret@", 2, /^synadm: (HTTPS|HTTP)_PROXY is not the URL of a proxy$/],
    ["of another kind", "socks5://user:s3cret@127.0.0.1:1", 2, /^synadm: (HTTPS|HTTP)_PROXY must name an HTTP proxy/],
  ])("%s", async (_name, url, wanted, says) => {
    for (const baseUrl of ["https://synapse.test", "http://synapse.test"]) {
      const { code, stdout, said } = await version(baseUrl, { env: { HTTPS_PROXY: url, HTTP_PROXY: url } });
      expect({ code, stdout }).toEqual({ code: wanted, stdout: "" });
      expect(said).toMatch(says);
    }
  });

  it("is left aside where NO_PROXY says so, and on a socket", async () => {
    const { port } = await startTls();
    const { url, asked } = await startProxy();
    const env = { ALL_PROXY: url, NO_PROXY: "example.org,localhost" };
    expect(await version(`https://localhost:${port}`, { flags: "--insecure", env })).toEqual(success);
    const home = homeWith(undefined);
    const socket = join(home, "synapse.sock");
    const server = createServer((_request, response) => void response.end(answer));
    await new Promise<void>((resolve) => void server.listen(socket, resolve));
    later(() => server.close());
    const variables = {
      SYNADM_TOKEN: token,
      SYNADM_BASE_URL: `${socket}/`,
      SYNADM_PROTOCOL: "unix",
      ALL_PROXY: url,
      HTTP_PROXY: "no proxy",
    };
    const { stdout } = await inShell({ shell: "touch $HOME/synadm.yaml; synadm -o m version", home, env: variables });
    expect({ stdout, asked }).toEqual({ stdout: `${answer}\n`, asked: [] });
  });
});

describe("which proxy", () => {
  const proxies = { http_proxy: "http://plain:1", https_proxy: "http://tls:2", all_proxy: "http://all:3" };

  it.each<[string, Record<string, string>, string | undefined]>([
    ["http://a.test", proxies, "plain:1"],
    ["https://a.test", proxies, "tls:2"],
    ["https://a.test", { HTTP_PROXY: "http://plain:1", ALL_PROXY: "http://all:3" }, "all:3"],
    ["https://a.test", { HTTP_PROXY: "http://plain:1" }, undefined],
    ["https://a.test", { https_proxy: "http://lower:1", HTTPS_PROXY: "http://upper:1" }, "lower:1"],
    ["https://a.test", { https_proxy: "", HTTPS_PROXY: "http://upper:1" }, "upper:1"],
    ["https://a.test", {}, undefined],
    ["https://a.test", { ...proxies, NO_PROXY: "*" }, undefined],
    ["https://a.test", { ...proxies, no_proxy: "b.test", NO_PROXY: "a.test" }, "tls:2"],
    ["https://sub.a.test", { ...proxies, no_proxy: "a.test" }, undefined],
    ["https://sub.a.test", { ...proxies, no_proxy: ".a.test" }, undefined],
    ["https://sub.a.test.", { ...proxies, no_proxy: "a.test" }, undefined],
    ["https://sub.a.test", { ...proxies, no_proxy: ".a.test." }, undefined],
    ["https://sub.a.test", { ...proxies, no_proxy: "*.a.test" }, undefined],
    ["https://xa.test", { ...proxies, no_proxy: "a.test,.a.test,*.a.test" }, "tls:2"],
    ["https://A.test", { ...proxies, no_proxy: "b.test  a.TEST" }, undefined],
    ["https://a.test", { ...proxies, no_proxy: " , ,." }, "tls:2"],
    ["https://a.test:8448", { ...proxies, no_proxy: "a.test:443" }, "tls:2"],
    ["https://a.test:8448", { ...proxies, no_proxy: "a.test:8448" }, undefined],
    ["https://a.test", { ...proxies, no_proxy: "a.test:443" }, undefined],
    ["http://a.test", { ...proxies, no_proxy: "a.test:80" }, undefined],
    ["http://10.1.2.3", { ...proxies, no_proxy: "10.0.0.0/8" }, undefined],
    ["http://11.1.2.3", { ...proxies, no_proxy: "10.0.0.0/8,10.0.0.0/99,x/8,/8" }, "plain:1"],
    ["http://10.1.2.3", { ...proxies, no_proxy: "10.1.2.3" }, undefined],
    ["http://[fd00::1]", { ...proxies, no_proxy: "fd00::/8" }, undefined],
    ["http://[fd00::1]", { ...proxies, no_proxy: "fd00::1" }, undefined],
    ["http://[::1]:8008", { ...proxies, no_proxy: "[::1]:8008" }, undefined],
    ["http://[::1]:8008", { ...proxies, no_proxy: "[::1]:8009,::2,10.0.0.0/8" }, "plain:1"],
  ])("for %s with %j: %s", (url, environment, host) => {
    expect(proxyFor(new URL(url), environment)?.host).toBe(host);
  });
});
