import { HttpError, NetworkError } from "../api/errors.js";

/** The cause behind an error and the way out, where they are known. */
export function hintFor(error: unknown): string | undefined {
  if (error instanceof HttpError) return httpHint(error);
  if (error instanceof NetworkError) return networkHint(error);
  return undefined;
}

/** A reverse proxy heard nothing of Synapse, which may be at work. */
export function isOfGateway({ status, body }: HttpError): boolean {
  return body === undefined && status >= 502 && status <= 504;
}

function httpHint(error: HttpError): string | undefined {
  const { status, errcode, body, isWhole, location, isCircle, retryAfterMs = 0, message } = error;
  if (isCircle)
    return "the redirects go round in circles, or on and on; look at the reverse proxy (base_url, admin_path)";
  if (location !== undefined)
    return "a redirect is followed only for reads, and only to the same host; set base_url to where it points";
  if (errcode === "M_UNKNOWN_TOKEN" || errcode === "M_MISSING_TOKEN")
    return "the access token is wrong or has expired; give a new one where this one came from, such as: synadm config";
  if (status === 407) return proxyVariablesHint;
  if (errcode === "M_USER_LOCKED")
    return "the account is locked; another admin can unlock it: synadm user modify --unlock USER";
  if (status === 403 && /not a server admin/i.test(message)) {
    return "the token must be a server admin's; behind Matrix Authentication Service it needs the scope urn:synapse:admin:*";
  }
  if (errcode === "M_UNRECOGNIZED") {
    return "this homeserver does not have that endpoint: Synapse is too old for it or removed it, the call reached a worker, or Matrix Authentication Service took it over";
  }
  if (status === 400 && message.includes("must not appear in content.users"))
    return "from room version 12 on the creators of a room stand above all power levels, and cannot be given one";
  if (status === 429) {
    const seconds = Math.ceil(retryAfterMs / 1000);
    const wait = seconds > 0 && seconds < 1e6 ? `${seconds} s` : "a while";
    return `there were too many requests; wait ${wait} before you try again`;
  }
  if (body === undefined && status === 413)
    return "a reverse proxy limits the size of a request's body; raise that limit (nginx: client_max_body_size)";
  if (isOfGateway(error)) {
    return "a reverse proxy does not reach Synapse, or gave up waiting; Synapse may still be at work, so look before you try again";
  }
  if (body === undefined && isWhole) return proxyHint;
  return undefined;
}

const proxyHint =
  "is this Synapse? A reverse proxy must forward /_synapse/admin and /_matrix to it (base_url, admin_path)";

const proxyVariablesHint =
  "the proxy comes from HTTPS_PROXY, HTTP_PROXY or ALL_PROXY (http://user:password@host:port); NO_PROXY names hosts to reach without it";

function networkHint({ code, message }: NetworkError): string | undefined {
  if (code === "PROXY") return proxyVariablesHint;
  if (message.includes("certificate required"))
    return "the server wants a certificate of the client, and synadm has none";
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code))
    return "renew the server's certificate, or set this machine's clock; for one call, --insecure skips the check";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return "base_url must name the homeserver as its certificate does; for one call, --insecure skips the check";
  if (/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/.test(code)) {
    return "trust the certificate's authority with ca_file (--ca-file), or for one call skip the check with --insecure";
  }
  if (code === "EPROTO" || /wrong version number|Parse Error: Expected HTTP/.test(message))
    return "does base_url say http where the server speaks https, or the other way round?";
  if (code.startsWith("HPE_"))
    return "what answers there does not speak proper HTTP; is it the homeserver, or its reverse proxy (base_url)?";
  switch (code) {
    case "ECONNREFUSED":
      return "nothing listens there; is base_url right, and does the homeserver run?";
    case "ENOENT":
      return "there is no such socket; with protocol unix, base_url is the socket's path";
    case "EACCES":
      return "you may not use that socket";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "the host name of base_url cannot be resolved";
    case "ECONNRESET":
      return message.includes("hang up") ? "does base_url say http where the server speaks https?" : undefined;
    case "UNREACHED":
      return "is base_url right, and does the way there work (name server, firewall, proxy)? A longer wait: --timeout SECONDS";
    case "TIMEOUT":
      return "the homeserver may still be at work; a longer wait: --timeout SECONDS";
    case "NOT_JSON":
    case "UNEXPECTED":
      return proxyHint;
    default:
      return undefined;
  }
}
