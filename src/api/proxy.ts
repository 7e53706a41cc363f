import { BlockList, isIP } from "node:net";
import { InvalidValueError } from "./errors.js";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL, in the variables that curl reads.
 *
 * @internal
 * @throws InvalidValueError when it cannot be used; the message names the variable alone, for its value may hold a password
 */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const set = (name: string) =>
    [name, name.toUpperCase()].flatMap((key) => (environment[key] ? [{ key, value: environment[key] }] : [])).at(0);
  const found = set(url.protocol.replace(":", "_proxy")) ?? set("all_proxy");
  if (found === undefined || isExempt(url, set("no_proxy")?.value ?? "")) return undefined;
  const { key, value } = found;
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) throw new InvalidValueError(`${key} is not the URL of a proxy`);
  const proxy = new URL(text);
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:")
    throw new InvalidValueError(`${key} must name an HTTP proxy, such as http://proxy.example.org:3128`);
  return proxy;
}

/**
 * `Proxy-Authorization` for the user name and password of the proxy's URL, where it has any.
 *
 * @internal
 */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  const credentials = new TextEncoder().encode(`${decoded(username)}:${decoded(password)}`);
  return `Basic ${btoa(String.fromCharCode(...credentials))}`;
}

/**
 * The name that a proxy which speaks TLS proves; Node would take that of the `Host` header, the homeserver's.
 *
 * @internal
 */
export function provenName({ hostname }: URL): string {
  return isIP(bare(hostname)) === 0 ? hostname : "";
}

/**
 * What of the proxy's URL must not be shown, as it may be repeated by a proxy.
 *
 * @internal
 */
export function proxySecrets(proxy: URL): string[] {
  const authorization = proxyAuthorization(proxy);
  const own = proxy.password === "" ? proxy.username : proxy.password; // some put a token in place of both
  return [own, decoded(own), authorization?.replace("Basic ", "") ?? ""];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % stands for itself
  }
}

/** `NO_PROXY` lists hosts, which stand for their subdomains too, and networks, each with or without a port. */
function isExempt({ protocol, hostname, port }: URL, list: string): boolean {
  const host = withoutDot(bare(hostname));
  const actualPort = port === "" ? (protocol === "https:" ? "443" : "80") : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = "", wantedPort] = /^(\[.*\]|[^:]*|.*:.*:.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== undefined && wantedPort !== actualPort) return false;
      if (name === "*") return true;
      const domain = withoutDot(bare(name).replace(/^\*?\./, ""));
      return domain !== "" && (host === domain || host.endsWith(`.${domain}`) || isWithin(host, domain));
    });
}

/** A name that ends with a dot is the same, only complete for sure. */
function withoutDot(name: string): string {
  return name.replace(/\.$/, "");
}

/**
 * An IPv6 address without its brackets.
 *
 * @internal
 */
export function bare(host: string): string {
  return host.replace(/^\[|\]$/g, "");
}

function isWithin(address: string, network: string): boolean {
  const [, base = "", bits = ""] = /^(.+)\/(\d+)$/.exec(network) ?? [];
  const family = isIP(address);
  if (family === 0 || family !== isIP(base) || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? "ipv4" : "ipv6";
  const block = new BlockList();
  block.addSubnet(base, Number(bits), type);
  return block.check(address, type);
}
