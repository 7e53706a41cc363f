import type { IncomingHttpHeaders } from "node:http";
import { badRequest, internalError, invalidParam, missingParams } from "./errors.js";
import { type JsonObject, isObject } from "./json.js";
import type { AccessToken, World } from "./world.js";

export interface CallParts {
  world: World;
  method: string;
  /** Not decoded, without the query. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
  remoteAddress: string;
}

/** An answer other than 200 with a JSON body. */
export class Reply {
  constructor(
    readonly status: number,
    /** A Buffer is sent as it is, a text as text/plain, anything else as JSON. */
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}

/** One request on its way through a handler, with Synapse's ways to read parameters and to complain about them. */
export class Call {
  readonly world: World;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly remoteAddress: string;

  constructor(
    parts: CallParts,
    private readonly params: Readonly<Record<string, string>>,
    private readonly accessToken: AccessToken | undefined,
  ) {
    this.world = parts.world;
    this.method = parts.method;
    this.path = parts.path;
    this.query = parts.query;
    this.headers = parts.headers;
    this.body = parts.body;
    this.remoteAddress = parts.remoteAddress;
  }

  /** Whose token came with the request. Only for routes that ask for one. */
  get caller(): AccessToken {
    if (this.accessToken === undefined) throw internalError();
    return this.accessToken;
  }

  /** A decoded segment of the path. */
  param(name: string): string {
    return this.params[name] ?? "";
  }

  /** A query parameter, undefined when absent. */
  text(name: string, charset: "ascii" | "utf-8" = "ascii"): string | undefined {
    const value = this.query.get(name) ?? undefined;
    if (charset === "ascii" && value !== undefined && !/^[\0-\x7f]*$/.test(value)) {
      throw badRequest(`Query parameter '${name}' must be ascii`);
    }
    return value;
  }

  choice<T extends string>(name: string, allowed: readonly T[], byDefault: T): T {
    const value = this.text(name);
    if (value === undefined) return byDefault;
    const chosen = allowed.find((one) => one === value);
    if (chosen === undefined) {
      const list = allowed.map((one) => `'${one}'`).join(", ");
      throw invalidParam(`Query parameter '${name}' must be one of [${list}]`);
    }
    return chosen;
  }

  /** True when `dir=b`. */
  backwards(): boolean {
    return this.choice("dir", ["b", "f"], "f") === "b";
  }

  flag(name: string): boolean | undefined {
    const value = this.query.get(name);
    if (value === null) return undefined;
    if (value !== "true" && value !== "false") {
      throw invalidParam(`Boolean query parameter '${name}' must be one of ['true', 'false']`);
    }
    return value === "true";
  }

  /** Without a default the parameter is required. */
  integer(name: string, byDefault?: number): number {
    const value = this.query.get(name);
    if (value === null) {
      if (byDefault !== undefined) return byDefault;
      throw badRequest(`Missing required integer query parameter ${name}`, "M_MISSING_PARAM");
    }
    if (!/^\s*[+-]?\d+\s*$/.test(value)) throw invalidParam(`Query parameter ${name} must be an integer`);
    const integer = BigInt(value.trim().replace("+", ""));
    if (integer < 0n) throw invalidParam(`Query parameter ${name} must be a positive integer.`);
    // What a database column cannot hold blows up inside Synapse.
    if (integer > 0x7fff_ffff_ffff_ffffn) throw internalError();
    return Number(integer);
  }

  /** The body, which must be a JSON object. */
  object(options: { mayBeEmpty?: boolean } = {}): JsonObject {
    if (options.mayBeEmpty === true && this.body.length === 0) return {};
    const content = parseJson(this.body);
    if (!isObject(content)) throw badRequest("Content must be a JSON object.", "M_BAD_JSON");
    return content;
  }
}

export function requireKeys(body: JsonObject, ...names: string[]): void {
  const absent = names.filter((name) => !(name in body));
  if (absent.length > 0) throw missingParams(...absent);
}

/** A boolean of the body. The words differ between Synapse's endpoints, so each hands in its own error. */
export function booleanOf(body: JsonObject, name: string, byDefault: boolean, error: Error): boolean {
  const value = name in body ? body[name] : byDefault;
  if (typeof value !== "boolean") throw error;
  return value;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw badRequest("Content not JSON.", "M_NOT_JSON");
  }
}
