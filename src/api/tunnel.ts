import http, { type ClientRequest } from "node:http";
import https, { type AgentOptions, type RequestOptions } from "node:https";
import { PassThrough, type Duplex } from "node:stream";
import { connect } from "node:tls";
import { reasonOf } from "./errors.js";
import { bare, proxyAuthorization, proxySecrets, provenName } from "./proxy.js";
import { Secrets } from "./secrets.js";

/** A proxy that could not be used; nothing reached the homeserver. */
export class ProxyError extends Error {
  readonly code = "PROXY";
}

/** Goes with a request, which Node does not end while it waits for a connection. */
export interface Asking {
  /** No longer waits for the proxy; absent as soon as that has answered. */
  giveUp?: () => void;
}

/**
 * TLS with the homeserver through a proxy, which passes the bytes on and sees neither token nor path. It is asked with
 * CONNECT; what it answers there is its own and never taken for the homeserver's, which is what the packages for this do
 * with a refusal.
 */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;
  readonly #options: AgentOptions;
  /** Not yet connected, so that they are not the pool's. */
  readonly #asked = new Set<ClientRequest>();

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
    this.#options = options;
  }

  override createConnection(
    options: RequestOptions & { asking?: Asking },
    callback: (error: Error | null, stream: Duplex) => void = () => undefined,
  ): undefined {
    const { protocol, hostname, port, host: shown } = this.#proxy;
    const target = `${bracketed(options.host ?? "")}:${options.port ?? 443}`;
    const authorization = proxyAuthorization(this.#proxy);
    const asked = (protocol === "https:" ? https : http).request({
      method: "CONNECT",
      host: bare(hostname),
      port: port === "" ? undefined : port,
      path: target,
      agent: false,
      ...tlsTrust(this.#options),
      servername: provenName(this.#proxy),
      headers: { Host: target, ...(authorization === undefined ? {} : { "Proxy-Authorization": authorization }) },
    });
    this.#asked.add(asked);
    const { asking = {} } = options;
    asking.giveUp = () => void asked.destroy();
    const fail = (what: string) => {
      if (!this.#asked.delete(asked)) return;
      delete asking.giveUp;
      callback(new ProxyError(`the proxy ${shown} ${what}`), new PassThrough()); // with an error, nobody looks at it
    };
    asked.on("error", (error) => fail(`cannot be used: ${reasonOf(error)}`));
    asked.on("close", () => fail("cut off the connection"));
    asked.on("connect", ({ statusCode = 0, statusMessage = "" }, socket) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        const secrets = new Secrets();
        secrets.add(proxySecrets(this.#proxy));
        fail(secrets.hide(`refused: ${statusCode} ${statusMessage}`.trimEnd()));
      } else if (this.#asked.delete(asked)) {
        delete asking.giveUp;
        callback(null, connect({ ...tlsOptions(options), socket }));
      }
    });
    asked.end();
  }

  override destroy(): void {
    for (const asked of this.#asked) asked.destroy();
    super.destroy();
  }
}

/** A proxy that speaks TLS is trusted as the homeserver is. */
function tlsTrust({ ca, rejectUnauthorized }: AgentOptions): AgentOptions {
  return { ...(ca === undefined ? {} : { ca }), ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }) };
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Without the path of the request, which TLS would take for a socket's. */
function tlsOptions(options: RequestOptions): object {
  return { ...options, path: undefined };
}
