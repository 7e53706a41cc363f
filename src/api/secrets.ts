import { blank, hidden } from "./log.js";
import { isRecord } from "./needs.js";

/** What must not be shown, however servers and proxies repeat it. */
export class Secrets {
  readonly #known = new Set<string>();
  #patterns: readonly (string | RegExp)[] | undefined;

  add(secrets: Iterable<string>): void {
    const before = this.#known.size;
    for (const secret of secrets) if (secret !== "") this.#known.add(secret);
    if (this.#known.size > before) this.#patterns = undefined;
  }

  /** Blanks them where they stand alone. */
  hide(text: string): string {
    // The longest first: what is left of one that begins with another would be shown.
    this.#patterns ??= [...new Set([...this.#known].flatMap(spellings))]
      .sort((one, other) => other.length - one.length)
      .map(standingAlone);
    let rest = text;
    for (const pattern of this.#patterns) rest = rest.replaceAll(pattern, hidden);
    return rest;
  }

  /**
   * Blanks them in every text of an answer, and what stands under a key for secrets.
   *
   * @param printable stay as they are: the registration token that one asked for is part of the result
   */
  hideIn(answer: Readonly<Record<string, unknown>>, printable: readonly string[] = []): Record<string, unknown> {
    const others = new Secrets();
    others.add([...this.#known].filter((secret) => !printable.includes(secret)));
    const shown = blank(answer, (text) => others.hide(text));
    return isRecord(shown) ? shown : {};
  }
}

/**
 * As it is, and as servers, proxies and their languages write it: in JSON, also within JSON; for a URL, with more or less
 * of it in per cent signs; as a form, in Python's quotes, in HTML, in Base64.
 */
function spellings(secret: string): string[] {
  const once = inJson(secret);
  const plain = [secret, once];
  return [
    ...plain,
    inJson(once),
    inJson(inJson(once)),
    once.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    once.replace(/\//g, "\\/"),
    secret.replace(/[\\']/g, "\\$&"),
    inHtml(secret, "&quot;", "&#x27;"),
    inHtml(secret, "&#34;", "&#39;"),
    ...(secret.isWellFormed() ? plain.flatMap(inUrls).flatMap((text) => [text, withSmallCodes(text)]) : []),
    ...plain.flatMap(inBase64),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** As JavaScript, Python and forms write it. */
function inUrls(text: string): string[] {
  const most = encodeURIComponent(text);
  const all = most.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [most, all, all.replaceAll("%2F", "/"), new URLSearchParams([["", text]]).toString().slice(1)];
}

function withSmallCodes(text: string): string {
  return text.replace(/%[\dA-F]{2}/g, (code) => code.toLowerCase());
}

function inHtml(text: string, quote: string, apostrophe: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', quote)
    .replaceAll("'", apostrophe);
}

/** Alone, and what it is made of in the middle of something, which hangs on how many bytes come before it. */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  const within = [0, 1, 2].map((before) => {
    const all = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    return all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const found = [bytes.toString("base64"), ...within.filter((part) => part.length >= 8)];
  return found.flatMap((part) => [part, part.replaceAll("+", "-").replaceAll("/", "_")]);
}

/** A short one not inside of another word: it would be given away by what is hidden beside it. */
function standingAlone(secret: string): string | RegExp {
  if (secret.length >= 8) return secret;
  const literal = secret.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<![\\w.~%-])${literal}(?![\\w~%-])`, "g");
}
