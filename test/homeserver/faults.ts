import type { IncomingMessage, ServerResponse } from "node:http";
import { Reply } from "./call.js";
import { toJson } from "./json.js";

/** Ways to misbehave. Those marked "handled" let the request take effect first. */
export type Fault =
  /** The connection is reset; the request had no effect. */
  | { kind: "reset" }
  /** Handled, then the connection is reset before any byte of the answer. */
  | { kind: "reset-after" }
  /** Handled and answered as usual, later. */
  | { kind: "delay"; ms: number }
  /** Handled; one byte of the answer every `ms`, and blanks when it is over, without end. */
  | { kind: "drip"; ms: number }
  /** Handled; half of the body, then the connection ends: less than Content-Length said, or no last chunk. */
  | { kind: "truncated"; chunked?: boolean }
  /** The page of a proxy in front of Synapse, such as 404, 502, 503 or 504. `handled`: Synapse did it all the same. */
  | { kind: "html"; status: number; handled?: boolean }
  /** Nothing at all in the body. */
  | { kind: "empty"; status?: number; handled?: boolean }
  /** Any JSON value: `[]`, `"text"`, `null` where an object belongs. */
  | { kind: "json"; value: unknown; status?: number; handled?: boolean }
  /** A body that calls itself JSON and is none. */
  | { kind: "not-json"; text: string; status?: number; handled?: boolean }
  | { kind: "redirect"; status: 301 | 302 | 303 | 307 | 308; location: string }
  /** An error as Synapse words it. */
  | {
      kind: "error";
      status: number;
      errcode: string;
      error?: string;
      retryAfterMs?: number;
      headers?: Record<string, string>;
      handled?: boolean;
    }
  /** Anything else. */
  | { kind: "raw"; respond: (req: IncomingMessage, res: ServerResponse) => void };

export interface When {
  method?: string;
  /** Tested against the undecoded path: a text must be part of it. */
  path?: string | RegExp;
  /** How many requests it hits; for ever by default. */
  times?: number;
}

export class Faults {
  private rules: { fault: Fault; when: When; left: number }[] = [];

  add(fault: Fault, when: When = {}): void {
    this.rules.push({ fault, when, left: when.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.rules = [];
  }

  /** The fault for a request, if one is due. The oldest goes first. */
  take(method: string, path: string): Fault | undefined {
    const rule = this.rules.find(({ when, left }) => left > 0 && fits(when, method, path));
    if (rule === undefined) return undefined;
    rule.left -= 1;
    return rule.fault;
  }
}

function fits(when: When, method: string, path: string): boolean {
  if (when.method !== undefined && when.method.toUpperCase() !== method) return false;
  if (when.path === undefined) return true;
  return typeof when.path === "string" ? path.includes(when.path) : when.path.test(path);
}

/** True when the request is to take effect although it meets this fault. */
export function isHandled(fault: Fault): boolean {
  switch (fault.kind) {
    case "delay":
    case "drip":
    case "truncated":
    case "reset-after":
      return true;
    case "html":
    case "empty":
    case "json":
    case "not-json":
    case "error":
      return fault.handled === true;
    case "reset":
    case "redirect":
    case "raw":
      return false;
  }
}

/** The answer that stands in for the real one; undefined where the fault is in how the real one is sent. */
export function replacement(fault: Fault): Reply | undefined {
  switch (fault.kind) {
    case "html": {
      const title = `${fault.status} ${STATUS_TEXTS[fault.status] ?? "Error"}`;
      const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`;
      return new Reply(fault.status, page, { "Content-Type": "text/html", Server: "nginx" });
    }
    case "empty":
      return new Reply(fault.status ?? 200, "", { "Content-Type": "application/json" });
    case "json":
      return new Reply(fault.status ?? 200, toJson(fault.value), { "Content-Type": "application/json" });
    case "not-json":
      return new Reply(fault.status ?? 200, fault.text, { "Content-Type": "application/json" });
    case "redirect":
      return new Reply(fault.status, "", { Location: fault.location });
    case "error": {
      const { errcode, error = "An error on request", retryAfterMs } = fault;
      const retry = retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs };
      return new Reply(fault.status, { errcode, error, ...retry }, fault.headers);
    }
    default:
      return undefined;
  }
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
  404: "Not Found",
  413: "Request Entity Too Large",
  502: "Bad Gateway",
  503: "Service Temporarily Unavailable",
  504: "Gateway Time-out",
};
