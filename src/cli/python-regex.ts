import { messageOf, UsageError } from "./errors.js";

/**
 * Reads a regular expression for Matrix IDs as Python's `re.match` would: it must match from the start of the full ID,
 * `@` included, and may end before it. `(?i)`, `(?s)` and `(?m)` may stand at its beginning. Other than there, `\w`, `\d`
 * and `\b` know ASCII only, of which Matrix IDs are made.
 *
 * @throws UsageError when it is no regular expression, or when JavaScript would take it for something else than Python
 */
export function userPattern(text: string): RegExp {
  const [flags = ""] = /^(?:\(\?[ims]+\))+/.exec(text) ?? [];
  const { source } = new Translation(text, flags.length);
  if (source === "")
    throw new UsageError("an empty regular expression matches every account; if that is meant, give .*");
  const letters = `u${["i", "m", "s"].filter((letter) => flags.includes(letter)).join("")}`;
  try {
    new RegExp(source, letters); // on its own, lest `a)|(b` gets its brackets from below
    return new RegExp(`^(?:${source})`, letters);
  } catch (error) {
    const why = messageOf(error).replace(/^.*\/[a-z]*: /s, "");
    throw new UsageError(`'${text}' is no regular expression: ${why}`);
  }
}

const next = {
  escape: /\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|[1-9]\d?|.)/suy,
  set: /\[(\^|(?!\^))(\]|(?!\]))((?:\\.|[^\]\\])*)\]/suy,
  open: /\((\?(?:[:=!]|<[=!])?)?/uy,
  times: /\{\d+(?:,\d*)?\}/uy,
  upTo: /\{,\d*\}/uy,
  mayBeNone: /[*?]|\{0+(?:,\d*)?\}/uy,
  octal: /\\(?:0|[1-7][0-7]{2})/uy,
  character: /./suy,
};

const advice: Readonly<Record<string, string>> = { A: "every expression starts at the beginning", Z: "write $" };

/** A group that is open, or the whole expression. */
interface Frame {
  /** The number of the group, where it captures. */
  capture: number | undefined;
  isLookbehind: boolean;
  /** Where it stands: unique, and a prefix of every place inside of it. */
  readonly place: string;
  /** The same for the alternative that is being read. */
  alternative: string;
}

/** A Python expression in JavaScript's stricter mode, which has no second meaning for what it does not know. */
class Translation {
  source = "";
  readonly #text: string;
  #at: number;
  #captures = 0;
  readonly #frames: Frame[] = [{ capture: undefined, isLookbehind: false, place: "", alternative: "0|" }];
  /** Where the groups stood that are closed and must have matched when what follows in that place is tried. */
  readonly #certain = new Map<number, string>();

  constructor(text: string, start: number) {
    this.#text = text;
    this.#at = start;
    while (this.#at < text.length) this.#step();
  }

  #step(): void {
    if (this.#is(next.upTo)) this.#refuse("{,n}", "write {0,n}");
    if (this.#is(next.octal)) this.#refuse("\\0 or \\123", "write \\x00");
    this.source += this.#piece();
  }

  #piece(): string {
    const [times] = this.#take(next.times) ?? [];
    if (times !== undefined) return times;
    const [escaped] = this.#take(next.escape) ?? [];
    if (escaped !== undefined) return this.#escape(escaped);
    const set = this.#take(next.set);
    if (set) return this.#set(set[1] ?? "", (set[2] ?? "") + (set[3] ?? ""));
    const group = this.#take(next.open);
    if (group) return this.#open(group[1]);
    const [one = ""] = this.#take(next.character) ?? [];
    if (one === "|") this.#nextAlternative();
    if (one === ")") this.#close();
    return /[{}\]]/.test(one) ? `\\${one}` : one;
  }

  #open(kind: string | undefined): string {
    if (kind === "?") {
      const shown = /.{1,2}/su.exec(this.#text.slice(this.#at))?.[0] ?? "";
      this.#refuse(`(?${shown}`, "of these only (?: (?= (?! (?<= (?<! are understood, and (?i) at the very beginning");
    }
    const outer = this.#frames.at(-1);
    const place = `${outer?.alternative ?? ""}${this.#at}/`;
    this.#frames.push({
      capture: kind === undefined ? ++this.#captures : undefined,
      isLookbehind: kind?.startsWith("?<") === true || outer?.isLookbehind === true,
      place,
      alternative: `${place}0|`,
    });
    return `(${kind ?? ""}`;
  }

  #close(): void {
    if (this.#frames.length === 1) return; // one too many, which the compiler tells
    const capture = this.#frames.pop()?.capture;
    const outer = this.#frames.at(-1);
    if (capture !== undefined && outer && !this.#is(next.mayBeNone)) this.#certain.set(capture, outer.alternative);
  }

  #nextAlternative(): void {
    const frame = this.#frames.at(-1);
    if (frame) frame.alternative = `${frame.place}${this.#at}|`;
  }

  /** A backslash and what belongs to it, outside of `[...]`. */
  #escape(escaped: string): string {
    return /^\\[1-9]/.test(escaped) ? this.#reference(escaped) : this.#plainEscape(escaped, /^\\[dDwWsSbBfnrtv]$/);
  }

  /** Where a group took no part in the match, its back-reference matches nothing in Python, and anything in JavaScript. */
  #reference(escaped: string): string {
    const here = this.#frames.at(-1);
    const place = this.#certain.get(Number(escaped.slice(1)));
    if (place === undefined || here === undefined || here.isLookbehind || !here.alternative.startsWith(place)) {
      this.#refuse(escaped, "the group that it refers to must stand before it and must have matched");
    }
    return `(?:${escaped})`;
  }

  #plainEscape(escaped: string, known: RegExp): string {
    if (known.test(escaped) || escaped.length > 2) return escaped;
    const one = escaped.slice(1);
    if (/[\dA-Za-z]/.test(one)) this.#refuse(escaped, advice[one] ?? "");
    return /[\^$\\.*+?()[\]{}|/-]/.test(one) ? `\\x${one.charCodeAt(0).toString(16)}` : one;
  }

  /** In Python, a `]` at the beginning of a set is one of its characters, and so is any `[`. */
  #set(not: string, characters: string): string {
    const inside = characters.replace(/\\(?:x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|.)|[[\]]/gsu, (part) =>
      part.length === 1 ? `\\${part}` : this.#plainEscape(part, /^\\[dDwWsSbfnrtv]$/),
    );
    return `[${not}${inside}]`;
  }

  #is(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #refuse(construct: string, wayOut: string): never {
    throw new UsageError(
      `the regular expression '${this.#text}' holds ${construct}, which is not understood here${wayOut && `: ${wayOut}`}`,
    );
  }
}
