import http from "node:http";
import https from "node:https";
import { AxiosHeaders, getAdapter, type AxiosAdapter, type AxiosProxyConfig } from "axios";
import { Deadline } from "./deadline.js";
import { InvalidValueError, NetworkError, reasonOf, resets } from "./errors.js";
import { blankBody, blankHeaders, blankUrl, silent, type Logger } from "./log.js";
import { bare, proxyAuthorization, proxyFor, proxySecrets, provenName, type Environment } from "./proxy.js";
import { Secrets } from "./secrets.js";
import { isUntrusted, Trust, type TrustOptions } from "./trust.js";
import type { Asking } from "./tunnel.js";

export interface ConnectionOptions extends TrustOptions {
  /** Socket to speak HTTP over, instead of TCP. */
  socketPath?: string | undefined;
  /**
   * Where `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are looked up, such as `process.env`. A library leaves
   * the environment alone: by default there is no proxy.
   */
  proxyFromEnvironment?: Environment | undefined;
  /** For one try, from the call to the last byte read, name look-up and connecting included. Default 30,000. */
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
  headers: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
}

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  /** Missing where a refusal broke off: its status says enough. */
  text: string | undefined;
}

/** A pool of kept-alive connections, and one HTTP request over it. Knows neither tokens nor JSON. */
export class Connection {
  readonly timeoutMs: number;
  readonly slowTimeoutMs: number;
  readonly logger: Logger;
  /** Whatever secret was sent; errors and the log do without them. */
  readonly secrets = new Secrets();
  /** What changes that were sent and not answered yet are for; they may be done. */
  readonly underway = new Set<string>();
  /** `undefined` over TCP. */
  readonly socketPath: string | undefined;
  /**
   * Of axios only what speaks HTTP. What it puts before that, merging of defaults, interceptors and transforming of
   * bodies, has nothing to do here and takes half of the time of a request.
   */
  readonly #http: AxiosAdapter = getAdapter("http");
  readonly #headers: Readonly<Record<string, string>>;
  readonly #retired: http.Agent[] = [];
  #agents: { http?: http.Agent; https?: https.Agent; proxy?: https.Agent } = {};
  /** By the proxy they lead through. */
  readonly #tunnels = new Map<string, https.Agent>();
  #keepAlive = true;
  #answered = false;
  readonly #environment: Environment;
  readonly #trust: Trust;
  #trusting: Promise<void> | undefined;

  /** @throws InvalidValueError when a time-out is not above zero, or longer than timers can be */
  constructor(options: ConnectionOptions = {}) {
    this.timeoutMs = wholeMs(options.timeoutMs ?? 30_000);
    this.slowTimeoutMs = wholeMs(options.slowTimeoutMs ?? Math.max(this.timeoutMs, 300_000));
    this.logger = options.logger ?? silent;
    this.socketPath = options.socketPath;
    this.#environment = (options.socketPath === undefined ? options.proxyFromEnvironment : undefined) ?? {};
    this.#trust = new Trust(options);
    this.#headers = { Accept: "application/json", "User-Agent": options.userAgent ?? "synadm (node)" };
  }

  /**
   * Sends once and reads the answer to its end, whatever its status.
   *
   * @throws NetworkError when there was no whole answer in time
   * @throws InvalidValueError when the environment names a proxy that is none
   */
  async send(request: Try): Promise<Reply> {
    const trusted = this.#trust.options;
    try {
      return await this.#send(request);
    } catch (error) {
      if (!(error instanceof NetworkError && isUntrusted(error.code))) throw error;
      await this.#trustMore();
      if (this.#trust.options === trusted) throw error;
      this.logger.info(
        () => "nobody vouches for that server: nothing was sent, and it is tried with more certificates",
      );
      return this.#send(request);
    }
  }

  /** Once, whoever asks for it. */
  #trustMore(): Promise<void> {
    return (this.#trusting ??= this.#trust.widen().then(() => this.renew()));
  }

  async #send({ purpose, method, url, headers, body, timeoutMs }: Try): Promise<Reply> {
    const what = () => `${method.toUpperCase()} ${blankUrl(this.secrets.hide(url))}`;
    const proxy = proxyFor(new URL(url), this.#environment);
    if (proxy !== undefined) this.secrets.add(proxySecrets(proxy));
    this.logger.info(what);
    this.logger.debug(() => this.#blank(headers, body));
    if (method !== "get") {
      await turns(); // a connection that the server has closed by now is not used
      this.underway.add(purpose);
    }
    const deadline = new Deadline(timeoutMs); // axios' own timeout does not end an answer that drips
    let begun: http.IncomingMessage | undefined;
    let isSent: boolean | undefined;
    const asking: Asking = {};
    try {
      const response = await this.#http({
        transport: requests(
          asking,
          () => (isSent = true),
          (response) => (begun = response),
        ),
        method,
        url,
        headers: new AxiosHeaders({ ...this.#headers, ...headers, ...proxyHeaders(url, proxy) }),
        data: body,
        responseType: "text",
        signal: deadline,
        validateStatus: null,
        maxContentLength: maxAnswer,
        maxRedirects: 0, // axios would repeat a POST as a GET, with the token: see request.ts
        ...(this.socketPath === undefined ? {} : { socketPath: this.socketPath }),
        ...(await this.#route(url, proxy)),
      });
      const answer = {
        status: response.status,
        headers: Object.fromEntries(Object.entries(response.headers)),
        text: String(response.data),
      };
      this.#answered = true;
      this.logger.info(() => `${what()}: ${answer.status}`);
      this.logger.debug(() => this.#blank(answer.headers, answer.text));
      return answer;
    } catch (error) {
      const { statusCode: status = 200, headers = {} } = begun ?? {};
      if (status < 200 || status > 299) {
        this.logger.info(() => `${what()}: ${status}, and then the answer broke off`);
        return { status, headers, text: undefined };
      }
      if (deadline.aborted) throw timeOut(purpose, timeoutMs / 1000, isSent === true || begun !== undefined);
      // Once the request is through, what goes wrong may be the proxy's fault or not, and the change be done.
      const failure = networkError(purpose, error, isTls(url) || isSent === true ? undefined : proxy);
      if (!this.#answered || !resets.has(failure.code)) throw failure;
      // Where a server closes what it was to keep alive, the next change would be lost like this one.
      this.renew();
      this.#keepAlive = false;
      throw new NetworkError(purpose, "the connection broke off before an answer", failure.code);
    } finally {
      deadline.clear();
      asking.giveUp?.();
      this.underway.delete(purpose);
    }
  }

  /** What is sent from here on goes over new connections: kept ones that rested for long may be lost without a word. */
  renew(): void {
    this.#retired.push(...Object.values(this.#agents), ...this.#tunnels.values()); // others may still use them
    this.#agents = {};
    this.#tunnels.clear();
  }

  /** Closes what is kept alive. */
  close(): void {
    for (const agent of [...Object.values(this.#agents), ...this.#tunnels.values(), ...this.#retired]) agent.destroy();
  }

  /** What the log may show. */
  #blank(headers: Readonly<Record<string, unknown>>, body?: string): string {
    const lines = [blankHeaders(headers), ...(body === undefined ? [] : [blankBody(body)])];
    return this.secrets.hide(lines.join("\n"));
  }

  /** Agents are made at first use: plain HTTP has no need of TLS, which is slow to load. */
  async #route(url: string, proxy: URL | undefined): Promise<Route> {
    const keepAlive = this.#keepAlive;
    if (!isTls(url)) {
      const httpAgent = (this.#agents.http ??= new http.Agent({ keepAlive }));
      if (proxy === undefined) return { httpAgent, proxy: false };
      if (proxy.protocol === "http:") return { httpAgent, proxy: forward(proxy) };
      const options = { keepAlive, ...this.#trust.options, servername: provenName(proxy) };
      const httpsAgent = (this.#agents.proxy ??= new https.Agent(options));
      return { httpsAgent, proxy: forward(proxy) };
    }
    if (proxy === undefined) {
      const httpsAgent = (this.#agents.https ??= new https.Agent({ keepAlive, ...this.#trust.options }));
      return { httpsAgent, proxy: false };
    }
    const { TunnelAgent } = await import("./tunnel.js");
    const httpsAgent = this.#tunnels.get(proxy.href) ?? new TunnelAgent(proxy, { keepAlive, ...this.#trust.options });
    this.#tunnels.set(proxy.href, httpsAgent);
    return { httpsAgent, proxy: false };
  }
}

interface Route {
  httpAgent?: http.Agent;
  httpsAgent?: https.Agent;
  proxy: AxiosProxyConfig | false;
}

/** No text in Node can be longer. Counted unpacked: a small answer may unpack to anything. */
const maxAnswer = 2 ** 29;

/** 2.01 s are 2009.9999999999998 ms, which no timer takes. */
function wholeMs(ms: number): number {
  if (!(ms > 0 && ms < 2 ** 31)) throw new InvalidValueError(`a time-out cannot be ${ms} ms`);
  return Math.max(1, Math.round(ms));
}

/** Once around for Node to read that a connection was closed, and once more for it to be thrown away. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What axios has to send with. Asked to change to another protocol, Node alone would leave it waiting for ever. */
function requests(asking: Asking, onSent: () => void, onBegin: (response: http.IncomingMessage) => void): object {
  return {
    request(options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) {
      const all = { ...options, asking };
      const request = (options.protocol === "https:" ? https : http).request(all, onResponse);
      request.once("finish", onSent); // not before there is a connection, and its TLS
      request.once("response", onBegin);
      request.once("upgrade", (_response, socket) => {
        socket.destroy();
        request.emit("error", new Error("the answer is a change of protocol (101)")); // it is done otherwise
      });
      return request;
    },
  };
}

function isTls(url: string): boolean {
  return /^https:/i.test(url);
}

/** A proxy for plain HTTP is asked in place of the homeserver. */
function forward({ protocol, hostname, port }: URL): AxiosProxyConfig {
  return { protocol, host: bare(hostname), port: Number(port) || (protocol === "https:" ? 443 : 80) };
}

/** Left to itself, axios forgets the brackets of an IPv6 address. */
function proxyHeaders(url: string, proxy: URL | undefined): Record<string, string> {
  if (proxy === undefined || isTls(url)) return {};
  const authorization = proxyAuthorization(proxy);
  const host = { Host: new URL(url).host };
  return authorization === undefined ? host : { ...host, "Proxy-Authorization": authorization };
}

function timeOut(purpose: string, seconds: number, isSent: boolean): NetworkError {
  if (isSent) return new NetworkError(purpose, `no whole answer within ${seconds} s`, "TIMEOUT");
  return new NetworkError(purpose, `the request could not be sent within ${seconds} s`, "UNREACHED");
}

/** Takes the words and the code of an error, never the error: axios puts the request with its headers into it. */
function networkError(purpose: string, error: unknown, proxy: URL | undefined): NetworkError {
  if (!(error instanceof Error)) return new NetworkError(purpose, String(error), "UNKNOWN");
  const code = "code" in error && typeof error.code === "string" ? error.code : "UNKNOWN";
  if (error.message.startsWith("maxContentLength"))
    return new NetworkError(purpose, `the answer is larger than ${maxAnswer / 2 ** 20} MiB`, "UNEXPECTED");
  // What axios calls it when an answer ends before it is whole.
  if (code === "ERR_BAD_RESPONSE") return new NetworkError(purpose, "the answer broke off", "ECONNRESET");
  const message = inWords(reasonOf(error) || code, code);
  if (proxy === undefined || code === "ECONNRESET") return new NetworkError(purpose, message, code);
  return new NetworkError(purpose, `the proxy ${proxy.host} cannot be used: ${message}`, "PROXY");
}

function inWords(message: string, code: string): string {
  if (/^Z_|^ERR__ERROR_|BROTLI|ZSTD/.test(code)) return `the compressed answer cannot be unpacked: ${message}`;
  return message;
}
