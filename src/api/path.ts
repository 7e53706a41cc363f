import { InvalidValueError } from "./errors.js";
import { hidden } from "./log.js";

class EncodedPath {
  declare protected readonly brand: true; // another object with the same fields is none

  constructor(
    /** Goes on the wire. */
    readonly encoded: string,
    /** Goes into logs and errors: secret holes are blanked. */
    readonly shown: string,
    /** What `shown` leaves out. Servers repeat it in `Location` and in error messages. */
    readonly secrets: readonly string[] = [],
  ) {}
}

/**
 * A path below an API prefix whose holes are percent-encoded. Only the `path` tag and `rawPath` make one, so that
 * forgetting to encode does not compile.
 */
export type Path = EncodedPath;

/** A hole that must not be seen in a log or an error, such as a registration token. */
export class Secret {
  constructor(readonly text: string) {}
}

/** `` path`v1/rooms/${roomId}/block` ``: each hole becomes one percent-encoded segment. */
export function path(literals: TemplateStringsArray, ...holes: readonly (string | number | Secret)[]): Path {
  let encoded = literals[0] ?? "";
  let shown = encoded;
  const secrets: string[] = [];
  holes.forEach((hole, i) => {
    const literal = literals[i + 1] ?? "";
    const segment = encodeSegment(hole instanceof Secret ? hole.text : hole);
    encoded += segment + literal;
    shown += (hole instanceof Secret ? hidden : segment) + literal;
    if (hole instanceof Secret) secrets.push(segment, hole.text);
  });
  return new EncodedPath(encoded, shown, secrets);
}

/**
 * What an administrator typed for `raw`: path and query as they stand, braces and all. Dot segments would leave the
 * prefix, because URL parsers resolve them, also when percent-encoded.
 */
export function rawPath(text: string): Path {
  if (/[^ -~\xa0-\ud7ff\ue000-\u{10ffff}]/u.test(text)) {
    throw new InvalidValueError("the endpoint must not hold control characters or half of a surrogate pair");
  }
  const relative = text.replace(/^\/+/, "");
  if (relative.includes("#")) throw new InvalidValueError("the endpoint must not hold '#': write %23");
  const [segments = ""] = relative.split("?", 1);
  if (segments === "") throw new InvalidValueError("the endpoint is empty");
  if (segments.split(/[/\\]/).some((s) => /^(\.|%2e){1,2}$/i.test(s))) {
    throw new InvalidValueError("the endpoint must not hold '.' or '..' as a segment");
  }
  const encoded = relative.replace(/\\/g, "%5C").replace(/ /g, "%20");
  const [, before = "", secret = "", after = ""] =
    /^(.*registration(?:_|%5f)tokens(?:\/|%2f)+)(?!new$)([^/?]+)(.*)$/is.exec(encoded) ?? [];
  return secret === ""
    ? new EncodedPath(encoded, encoded)
    : new EncodedPath(encoded, before + hidden + after, [secret]);
}

/** As Python's `urllib.parse.quote(text, safe="")`: `encodeURIComponent` alone leaves `!'()*`. */
function encodeSegment(hole: unknown): string {
  if (typeof hole !== "string" && typeof hole !== "number")
    throw new InvalidValueError(`${hole === null ? "null" : typeof hole} cannot be part of a path`);
  const text = String(hole);
  if (text === "" || text === "." || text === "..") {
    throw new InvalidValueError(
      text === "" ? "an empty value cannot be part of a path" : `'${text}' cannot be part of a path`,
    );
  }
  if (!text.isWellFormed()) throw new InvalidValueError("the value holds half of a surrogate pair, which is no text");
  if (text.includes("\0")) throw new InvalidValueError("the value holds a NUL, which no ID does");
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
