import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import * as tls from "node:tls";
import { AxiosHeaders, getAdapter, type AxiosAdapter, type AxiosProxyConfig } from "axios";
import { NetworkError } from "./errors.js";
import { blankBody, blankHeaders, blankUrl, silent, type Logger } from "./log.js";
import { bare, proxyAuthorization, proxyFor, withoutJargon, type Environment } from "./proxy.js";

export interface ConnectionOptions {
  /** Socket to speak HTTP over, instead of TCP. */
  socketPath?: string | undefined;
  /** Certificates that are trusted beside the system's, PEM. */
  ca?: string | undefined;
  /** Whether certificates are checked; for this connection only, never for the process. Default true. */
  verifyTls?: boolean | undefined;
  /**
   * Where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are looked up, such as `process.env`. A library leaves
   * the environment alone: by default there is no proxy.
   */
  proxyFromEnvironment?: Environment | undefined;
  /** For one try, from the first byte sent to the last byte read. Default 30,000. */
  timeoutMs?: number | undefined;
  /** For calls that Synapse answers only when a long job is done. Default the larger of `timeoutMs` and 300,000. */
  slowTimeoutMs?: number | undefined;
  userAgent?: string | undefined;
  logger?: Logger | undefined;
}

export type Method = "get" | "post" | "put" | "delete";

/** One try of one request. */
export interface Try {
  /** What is wanted, as an infinitive; errors say it. */
  purpose: string;
  method: Method;
  url: string;
  /** Blanks secrets of the URL, wherever they turn up in the log. */
  hide: (text: string) => string;
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
}

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

/** A pool of kept-alive connections, and one HTTP request over it. Knows neither tokens nor JSON. */
export class Connection {
  readonly timeoutMs: number;
  readonly slowTimeoutMs: number;
  readonly logger: Logger;
  /** `undefined` over TCP. */
  readonly socketPath: string | undefined;
  /**
   * Of axios only what speaks HTTP. What it puts before that, merging of defaults, interceptors and transforming of
   * bodies, has nothing to do here and takes half of the time of a request.
   */
  readonly #http: AxiosAdapter = getAdapter("http");
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agents: { http?: HttpAgent; https?: HttpsAgent } = {};
  /** By the proxy they lead through. */
  readonly #tunnels = new Map<string, HttpsAgent>();
  readonly #environment: Environment;
  readonly #tls: { rejectUnauthorized: boolean; ca?: string[] };

  constructor(options: ConnectionOptions = {}) {
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.slowTimeoutMs = options.slowTimeoutMs ?? Math.max(this.timeoutMs, 300_000);
    this.logger = options.logger ?? silent;
    this.socketPath = options.socketPath;
    this.#environment = (options.socketPath === undefined ? options.proxyFromEnvironment : undefined) ?? {};
    this.#tls = {
      rejectUnauthorized: options.verifyTls ?? true,
      ...(options.ca === undefined ? {} : { ca: [...systemCertificates(), options.ca] }),
    };
    this.#headers = { Accept: "application/json", "User-Agent": options.userAgent ?? "synadm (node)" };
  }

  /**
   * Sends once and reads the answer to its end, whatever its status.
   *
   * @throws NetworkError when there was no whole answer in time
   * @throws InvalidValueError when the environment names a proxy that is none
   */
  async send({ purpose, method, url, hide, headers, body, timeoutMs }: Try): Promise<Reply> {
    const what = () => `${method.toUpperCase()} ${blankUrl(hide(url))}`;
    const proxy = proxyFor(new URL(url), this.#environment);
    this.logger.info(what);
    this.logger.debug(() => [blankHeaders(headers), ...(body === undefined ? [] : [blankBody(body)])].join("\n"));
    const timeout = AbortSignal.timeout(timeoutMs); // axios' own timeout does not end an answer that drips
    try {
      const response = await this.#http({
        method,
        url,
        headers: new AxiosHeaders({ ...this.#headers, ...headers, ...proxyHeaders(url, proxy) }),
        data: body,
        responseType: "text",
        signal: timeout,
        validateStatus: null,
        maxRedirects: 0, // axios would repeat a POST as a GET, with the token: see request.ts
        ...(this.socketPath === undefined ? {} : { socketPath: this.socketPath }),
        ...(await this.#route(url, proxy)),
      });
      const answer = {
        status: response.status,
        headers: Object.fromEntries(Object.entries(response.headers)),
        text: String(response.data),
      };
      this.logger.info(() => `${what()}: ${answer.status}`);
      this.logger.debug(() => hide(`${blankHeaders(answer.headers)}\n${blankBody(answer.text)}`));
      return answer;
    } catch (error) {
      if (timeout.aborted) throw new NetworkError(purpose, `no whole answer within ${timeoutMs / 1000} s`, "TIMEOUT");
      throw networkError(purpose, error, isTls(url) ? undefined : proxy);
    }
  }

  /** Closes what is kept alive. */
  close(): void {
    this.#agents.http?.destroy();
    this.#agents.https?.destroy();
    for (const tunnel of this.#tunnels.values()) tunnel.destroy();
  }

  /** Agents are made at first use: plain HTTP has no need of TLS, which is slow to load. */
  async #route(url: string, proxy: URL | undefined): Promise<Route> {
    if (!isTls(url)) {
      const httpAgent = (this.#agents.http ??= new HttpAgent({ keepAlive: true }));
      return { httpAgent, proxy: proxy === undefined ? false : forward(proxy) };
    }
    if (proxy === undefined) {
      const httpsAgent = (this.#agents.https ??= new HttpsAgent({ keepAlive: true, ...this.#tls }));
      return { httpsAgent, proxy: false };
    }
    const { TunnelAgent } = await import("./tunnel.js");
    const httpsAgent = this.#tunnels.get(proxy.href) ?? new TunnelAgent(proxy, { keepAlive: true, ...this.#tls });
    this.#tunnels.set(proxy.href, httpsAgent);
    return { httpsAgent, proxy: false };
  }
}

interface Route {
  httpAgent?: HttpAgent;
  httpsAgent?: HttpsAgent;
  proxy: AxiosProxyConfig | false;
}

function isTls(url: string): boolean {
  return /^https:/i.test(url);
}

/** A proxy for plain HTTP is asked in place of the homeserver. */
function forward({ protocol, hostname, port }: URL): AxiosProxyConfig {
  return { protocol, host: bare(hostname), port: Number(port) || (protocol === "https:" ? 443 : 80) };
}

function proxyHeaders(url: string, proxy: URL | undefined): Record<string, string> {
  const authorization = proxy === undefined || isTls(url) ? undefined : proxyAuthorization(proxy);
  return authorization === undefined ? {} : { "Proxy-Authorization": authorization };
}

/** What Node trusts by default; with `ca` given, TLS would trust that alone. */
function systemCertificates(): readonly string[] {
  const newer: object = tls;
  return tellsDefaults(newer) ? newer.getCACertificates("default") : tls.rootCertificates;
}

/** Since Node 22.15, and then with what `NODE_EXTRA_CA_CERTS` and `--use-system-ca` add. */
function tellsDefaults(module: object): module is { getCACertificates(type: "default"): readonly string[] } {
  return "getCACertificates" in module;
}

/** Takes the words and the code of an error, never the error: axios puts the request with its headers into it. */
function networkError(purpose: string, error: unknown, proxy: URL | undefined): NetworkError {
  if (!(error instanceof Error)) return new NetworkError(purpose, String(error), "UNKNOWN");
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  // What axios calls it when an answer ends before it is whole.
  if (code === "ERR_BAD_RESPONSE") return new NetworkError(purpose, "the answer broke off", "ECONNRESET");
  // Where a name has several addresses, Node's own error has no message, only those of each address.
  const inner = error.cause instanceof AggregateError ? error.cause.errors.map(String).join("; ") : "";
  const message = inWords(error.message || inner || code, code);
  if (proxy === undefined || code === "ECONNRESET") return new NetworkError(purpose, message, code);
  return new NetworkError(purpose, `the proxy ${proxy.host} cannot be used: ${message}`, "PROXY");
}

function inWords(message: string, code: string): string {
  if (/^Z_|BROTLI|ZSTD/.test(code)) return `the compressed answer cannot be unpacked: ${message}`;
  return withoutJargon(message);
}
