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

/** As it is, in JSON, in JSON within JSON, in ASCII, in Python's quotes, in HTML as Python and as Go write it, in Base64, in a URL and in a form. */
function spellings(secret: string): string[] {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
  const inAscii = (text: string) =>
    text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [
    inJson(inJson(secret)),
    inJson(secret),
    inAscii(inJson(secret)),
    secret,
    secret.replace(/[\\']/g, "\\$&"),
    inHtml(secret, "&quot;", "&#x27;"),
    inHtml(secret, "&#34;", "&#39;"),
    Buffer.from(secret).toString("base64"),
    ...(secret.isWellFormed()
      ? [encodeURIComponent(secret), new URLSearchParams([["", secret]]).toString().slice(1)]
      : []),
  ];
}

function inHtml(text: string, quote: string, apostrophe: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': quote,
    "'": apostrophe,
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/** A short one not inside of another word: it would be given away by what is hidden beside it. */
function standingAlone(secret: string): string | RegExp {
  if (secret.length >= 8) return secret;
  const literal = secret.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<![\\w.~%-])${literal}(?![\\w~%-])`, "g");
}
