import { parseJson, writeJson } from "./json.js";

/**
 * Where a client says what it does. Secrets are blanked before anything gets here. It is given functions, because most of
 * the time nobody listens.
 */
export interface Logger {
  /** A line for each request: what is asked for. */
  info(text: () => string): void;
  /** Headers and bodies. */
  debug(text: () => string): void;
}

export const silent: Logger = { info: () => undefined, debug: () => undefined };

/** `next_token` and its kin are page numbers; every other key with such a word in it is taken for a secret. */
const secretKey =
  /pass(word|phrase)|secret|token|credential|authorization|cookie|private|^pass$|passwd|^pwd$|jwt|^mac$|nonce$|[a-z][_-]key$|apikey$/i;
const harmlessKey = /^(next|prev|from|to|start|end)_token$|^registration_tokens$|^signing_key$|^verify_keys?$/i;

function isSecret(key: string): boolean {
  return secretKey.test(key) && !harmlessKey.test(key);
}

/** The JSON text of a body with each secret replaced; a text that is no JSON is only measured. */
export function blankBody(text: string): string {
  try {
    return writeJson(blank(parseJson(text), (inner) => inner));
  } catch {
    return `<${text.length} characters that are not JSON>`;
  }
}

/** Data without what stands under a key for secrets; `hide` blanks them in its keys and its other values. */
export function blank(value: unknown, hide: (text: string) => string): unknown {
  if (typeof value === "string") return hide(value);
  if (typeof value === "number" || typeof value === "bigint") return hide(String(value)) === hidden ? hidden : value;
  if (Array.isArray(value)) return value.map((inner) => blank(inner, hide));
  if (typeof value !== "object" || value === null) return value;
  const blanked = (key: string, inner: unknown) => (isSecret(key) && inner !== null ? hidden : blank(inner, hide));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [hide(key), blanked(key, inner)]));
}

export const hidden = "<hidden>";

/** The secrets of a body: JSON, a form, or what was meant to be one of them, which a server is likely to repeat. */
export function secretsOf(body: string): string[] {
  try {
    return secretTexts(parseJson(body));
  } catch {
    const start = body.slice(0, 2 ** 20); // nobody types more of what is wrong
    return [...secretParameters(start), ...secretsByLooks(start)];
  }
}

/** The values of secret parameters, as in a query string. */
export function secretParameters(query: string): string[] {
  return [query, query.replaceAll(";", "&")]
    .flatMap((text) => [...new URLSearchParams(text)])
    .flatMap(([key, value]) => (isSecret(key) ? [value] : []));
}

/** Where JSON is broken, nobody can tell where a value ends: the words of the line after a key for secrets. */
function secretsByLooks(text: string): string[] {
  const found = new Set<string>();
  for (const line of text.split("\n")) {
    let wanted = 0;
    for (const word of line.match(/[^\s"'\u2018-\u201d`\\,;:&=(){}[\]<>]+/g) ?? []) {
      if (wanted-- > 0 && found.size < 1000) found.add(word);
      if (isSecret(word)) wanted = 20;
    }
  }
  return [...found];
}

function secretTexts(value: unknown, isBelowSecret = false): string[] {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint")
    return isBelowSecret ? [String(value)] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => secretTexts(inner, isBelowSecret || isSecret(key)));
}

export function blankHeaders(headers: Readonly<Record<string, unknown>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${isSecret(name) ? hidden : blankUrl(String(value))}`)
    .join("\n");
}

/** A URL whose password and secret parameters, also those after its #, are blanked. */
export function blankUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z\d+.-]*:)?(\/\/)[^/?#]*@/i, `$1$2${hidden}@`)
    .replace(/([?&;#])([^=&;#]+)=[^&;#]*/g, (whole, mark: string, key: string) =>
      isSecret(key) ? `${mark}${key}=${hidden}` : whole,
    );
}
