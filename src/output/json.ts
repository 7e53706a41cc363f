import { entries, isList, isRecord, slices } from "./data.js";
import { numberText } from "./numbers.js";
import type { Formatter } from "./view.js";
import { escapeUnseen, hasUnseen, unseen } from "./visible.js";

/** As Python's `json.dumps(indent=4)`, but with text as it is. */
export const json: Formatter = (data) => pieces(data, { step: "    ", colon: ": " }, "\n");

/** The same on one line, without spaces. */
export const minified: Formatter = (data) => pieces(data, { step: "", colon: ":" }, "");

interface Style {
  /** What a level is indented by. */
  step: string;
  colon: string;
}

/**
 * The two upper levels in pieces, since that is where lists are long; what is below comes as one text.
 *
 * @param newline with the indent of the line that the value is on
 */
function* pieces(data: unknown, style: Style, newline: string, depth = 0): Generator<string> {
  if (depth === 2 || !(isList(data) || isRecord(data))) {
    yield plainText(data, style, depth) ?? text(data, style, newline);
    return;
  }
  const [open, close] = isList(data) ? ["[", "]"] : ["{", "}"];
  const inner = newline + style.step;
  let before = open;
  for (const slice of isList(data) ? slices(data) : [data]) {
    const plain = isList(slice) ? plainText(slice, style, depth) : undefined;
    if (plain !== undefined) {
      yield before + plain.slice(open.length, -(newline + close).length);
      before = ",";
      continue;
    }
    for (const [key, item] of isList(slice) ? slice.entries() : entries(slice)) {
      yield before + inner + (typeof key === "string" ? quoted(key) + style.colon : "");
      yield* pieces(item, style, inner, depth + 1);
      before = ",";
    }
  }
  yield before === open ? open + close : newline + close;
}

const notLatin = /[^\n -~\xa1-\xac\xae-\u02ff]/; // most answers need no closer look

/** What JavaScript itself writes, which is faster, where that is right: for plain numbers and text that can be seen. */
function plainText(data: unknown, { step }: Style, depth: number): string | undefined {
  if (!isPlain(data)) return undefined;
  const literal = JSON.stringify(inLists(data, depth), null, step); // so that it indents as deep as the data stand
  if (notLatin.test(literal) && hasUnseen(literal)) return undefined;
  const [before = "", after = ""] = JSON.stringify(inLists(0, depth), null, step).split("0");
  return literal.slice(before.length, literal.length - after.length);
}

function inLists(data: unknown, depth: number): unknown {
  return depth > 0 ? [inLists(data, depth - 1)] : data;
}

/** Whether all numbers are such that it writes them with the digits that they have. */
function isPlain(data: unknown): boolean {
  if (typeof data === "object" && data !== null) return Object.values(data).every(isPlain);
  if (typeof data === "number") return Number.isSafeInteger(data) && !Object.is(data, -0);
  return typeof data === "string" || typeof data === "boolean" || data === null;
}

function text(data: unknown, style: Style, newline: string): string {
  if (typeof data === "string") return quoted(data);
  if (typeof data === "number" || typeof data === "bigint") return numberText(data);
  const inner = newline + style.step;
  const items: string[] = [];
  if (isList(data)) {
    for (const item of data) items.push(inner + text(item, style, inner));
    return items.length > 0 ? `[${items.join()}${newline}]` : "[]";
  }
  if (isRecord(data)) {
    for (const key of Object.keys(data)) {
      const value = data[key];
      if (value !== undefined) items.push(inner + quoted(key) + style.colon + text(value, style, inner));
    }
    return items.length > 0 ? `{${items.join()}${newline}}` : "{}";
  }
  return typeof data === "boolean" ? String(data) : "null";
}

/** A string that JSON reads back and that does not act on a terminal. */
function quoted(text: string): string {
  const literal = JSON.stringify(text);
  return unseen.test(literal) ? escapeUnseen(literal, units) : literal;
}

/** JSON writes a character beyond U+FFFF as two escapes. */
function units(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return "\\u" + character.charCodeAt(at).toString(16).padStart(4, "0");
  }).join("");
}
