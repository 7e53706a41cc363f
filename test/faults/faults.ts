import type { Fault } from "../homeserver/index.js";
import { token } from "./ground.js";

/** What goes wrong, and what a command line makes of it that meets it wherever it goes. */
export interface Trouble {
  fault: Fault;
  code: 1 | 3;
  /** The homeserver's error object, which is the result then. */
  body?: Readonly<Record<string, unknown>>;
  /** What a person must read of it. */
  says: RegExp;
  /** One of its kind that strikes at each place, and everywhere in the human format too; with `thorough` all do both. */
  typical?: true;
}

/** The server did nothing, and said so: then everything is sent again, unless that means to wait for ever. */
export function isPutOff(fault: Fault): boolean {
  const waits = "retryAfterMs" in fault ? fault.retryAfterMs : undefined;
  return (
    ("status" in fault && fault.status === 429 && (waits ?? 0) < 1e9) ||
    (fault.kind === "redirect" && fault.location.startsWith("/"))
  );
}

function refusal(status: number, errcode: string, error: string): Trouble {
  const words = `${status} ${errcode}: ${error}`;
  return { fault: { kind: "error", status, errcode, error }, code: 1, body: { errcode, error }, says: literal(words) };
}

function page(status: number, handled = false): Trouble {
  return { fault: { kind: "html", status, handled }, code: 1, says: new RegExp(`: ${status}\\b[^]*\nhint: `) };
}

const broken = { code: 3, says: /broke off|socket hang up|ECONNRESET|aborted/ } as const;

/** What can happen to a connection. Each meets each command, as do the refusals below. */
export const breaks: Readonly<Record<string, Trouble>> = {
  reset: { fault: { kind: "reset" }, ...broken },
  "reset when it is done": { fault: { kind: "reset-after" }, ...broken, typical: true },
  "half of an answer": { fault: { kind: "truncated" }, ...broken },
  "an answer without its last chunk": { fault: { kind: "truncated", chunked: true }, ...broken },
  "a page for an answer": { fault: { kind: "html", status: 200, handled: true }, code: 3, says: /200 with HTML/ },
  "an empty answer": {
    fault: { kind: "empty", handled: true },
    code: 3,
    says: /200 with an empty answer/,
    typical: true,
  },
  "no JSON": { fault: { kind: "not-json", text: '{"users": [' }, code: 3, says: /200 with an answer that is not JSON/ },
};

export const refusals: Readonly<Record<string, Trouble>> = {
  "page 401": page(401),
  "page 403": page(403),
  "page 404": page(404),
  "page 429": page(429),
  "page 500": page(500),
  "page 502": { ...page(502), typical: true },
  "page 504": page(504, true),
  "redirect to itself": {
    fault: { kind: "redirect", status: 302, location: "/elsewhere" },
    code: 1,
    says: /302: it points to \/elsewhere\nhint: /,
  },
  "redirect to somebody else": {
    fault: { kind: "redirect", status: 307, location: `https://elsewhere.test/?access_token=${token}` },
    code: 1,
    says: /307: it points to https:\/\/elsewhere\.test\/\?access_token=<hidden>\nhint: /,
  },
  "wrong token": refusal(401, "M_UNKNOWN_TOKEN", "Invalid access token passed."),
  "no admin": { ...refusal(403, "M_FORBIDDEN", "You are not a server admin"), typical: true },
  unknown: { ...refusal(404, "M_NOT_FOUND", "Not found"), typical: true },
  unrecognized: refusal(404, "M_UNRECOGNIZED", "Unrecognized request"),
  "too many requests": { ...refusal(429, "M_LIMIT_EXCEEDED", "Too Many Requests"), typical: true },
  "server error": refusal(500, "M_UNKNOWN", "Internal server error"),
};

/** What hangs on how answers are read, not on who reads them: these meet a few commands. */
export const oddities: Readonly<Record<string, Trouble>> = {
  "no HTTP": {
    fault: { kind: "raw", respond: (req) => req.socket.end("SSH-2.0-OpenSSH_9.2\r\n") },
    code: 3,
    says: /Parse Error/,
  },
  "a header without end": {
    fault: { kind: "raw", respond: (req) => req.socket.end(`HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}`) },
    code: 3,
    says: /Header overflow/,
  },
  "broken compression": {
    fault: {
      kind: "raw",
      respond: (_req, res) => res.writeHead(200, { "Content-Encoding": "gzip" }).end("no gzip at all"),
    },
    code: 3,
    says: /incorrect header check/,
  },
  silence: { fault: { kind: "raw", respond: () => undefined }, code: 3, says: /no whole answer within/ },
  "no content": { fault: { kind: "empty", status: 204 }, code: 3, says: /204 with an empty answer/ },
  "a silent server error": { fault: { kind: "empty", status: 500 }, code: 1, says: /: 500\b/ },
  "a list as an error": { fault: { kind: "json", status: 500, value: ["M_UNKNOWN"] }, code: 1, says: /: 500\b/ },
  "null as an error": { fault: { kind: "json", status: 400, value: null }, code: 1, says: /: 400\b/ },
  "an error of wrong types": {
    fault: { kind: "json", status: 400, value: { errcode: 1, error: ["no"] } },
    code: 1,
    body: { errcode: 1, error: ["no"] },
    says: /: 400\n/,
  },
  "an error for a terminal": {
    fault: { kind: "error", status: 400, errcode: "M_\u001b[31m", error: "\u001b]0;owned\u0007\nsynadm: \u202edone" },
    code: 1,
    body: { errcode: "M_\u001b[31m", error: "\u001b]0;owned\u0007\nsynadm: \u202edone" },
    says: /: 400 /,
  },
  "patience for ever": {
    fault: { kind: "error", status: 429, errcode: "M_LIMIT_EXCEEDED", error: "wait", retryAfterMs: 1e300 },
    code: 1,
    body: { errcode: "M_LIMIT_EXCEEDED", error: "wait", retry_after_ms: 1e300 },
    says: /: 429 /,
  },
  "patience backwards": {
    fault: { kind: "error", status: 429, errcode: "M_LIMIT_EXCEEDED", error: "wait", retryAfterMs: -1e300 },
    code: 1,
    body: { errcode: "M_LIMIT_EXCEEDED", error: "wait", retry_after_ms: -1e300 },
    says: /: 429 /,
  },
};

/** Answers with all that it was sent, as some proxies do. */
export const echo: Trouble = {
  fault: {
    kind: "raw",
    respond: (req, res) => {
      let body = "";
      req.on("data", (chunk: unknown) => (body += String(chunk)));
      req.on("end", () => {
        const error = `you sent ${req.url ?? ""} ${req.headers.authorization ?? ""} ${body}`;
        res.writeHead(400, { "Content-Type": "application/json" }).end(JSON.stringify({ errcode: "M_ECHO", error }));
      });
    },
  },
  code: 1,
  says: /: 400 M_ECHO: you sent /,
};

/** On a busy machine the connection alone may take that long. */
const late = /(no whole answer|could not be sent) within 0\.3 s/;

/** For a time-out of 0.3 s. */
export const delays: Readonly<Record<string, Trouble>> = {
  "an answer that is late": { fault: { kind: "delay", ms: 20_000 }, code: 3, says: late },
  "an answer that drips": {
    fault: { kind: "drip", ms: 100 },
    code: 3,
    says: late,
    typical: true,
  },
};

function literal(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
}
