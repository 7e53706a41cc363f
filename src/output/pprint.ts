import { isList, isRecord, sortedEntries } from "./data.js";
import { numberText } from "./numbers.js";
import type { Formatter } from "./view.js";
import { codeEscape, unseen } from "./visible.js";

const pageWidth = 80; // Python's, whatever the terminal has

/** A Python literal, laid out as `pprint.pprint` does, except that long strings stay in one piece. */
export const pprint: Formatter = (data) => pieces(data, 0, 0);

/** The two upper levels item by item, since that is where lists are long; what is below comes as one text. */
function* pieces(data: unknown, indent: number, after: number, depth = 0): Generator<string> {
  const line = oneLine(data, pageWidth - indent - after);
  if (line !== undefined) {
    yield line;
    return;
  }
  const { open, close, items } = shapeOf(data);
  let before = open;
  for (const [at, [label, item]] of items.entries()) {
    const itemAfter = at === items.length - 1 ? after + 1 : 1;
    const itemIndent = indent + 1 + label.length;
    yield before + label;
    if (depth < 2) yield* pieces(item, itemIndent, itemAfter, depth + 1);
    else yield [...pieces(item, itemIndent, itemAfter, depth + 1)].join("");
    before = ",\n" + " ".repeat(indent + 1);
  }
  yield close;
}

interface Shape {
  open: string;
  close: string;
  /** Each with what stands before it. */
  items: [label: string, item: unknown][];
}

function shapeOf(data: unknown): Shape {
  if (isList(data)) return { open: "[", close: "]", items: data.map((item) => ["", item]) };
  const fields = isRecord(data) ? sortedEntries(data) : [];
  return { open: "{", close: "}", items: fields.map(([key, item]) => [`${quoted(key)}: `, item]) };
}

/** The data as `repr` writes it, or undefined when that is a list or record with items and too wide. */
function oneLine(data: unknown, width: number): string | undefined {
  if (!isList(data) && !isRecord(data)) return scalar(data);
  const { open, close, items } = shapeOf(data);
  let text = open;
  for (const [at, [label, item]] of items.entries()) {
    if (at > 0) text += ", ";
    const line = oneLine(item, width - text.length - label.length - 1);
    text += label + (line ?? "");
    if (line === undefined || text.length + 1 > width) return undefined;
  }
  return text + close;
}

function scalar(data: unknown): string {
  if (typeof data === "string") return quoted(data);
  if (typeof data === "number" && Number.isNaN(data)) return "None";
  if (typeof data === "number" || typeof data === "bigint") return numberText(data);
  if (typeof data === "boolean") return data ? "True" : "False";
  return "None";
}

/** What `str.isprintable` denies, the backslash, and what no format sends raw. */
const unprintable = new RegExp(`[\\p{C}\\p{Z}\\\\]|${unseen.source}`, "gu");
const short: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", " ": " " };

/** Single quotes, unless the text has some and no double ones. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(unprintable, (character) => {
    return short[character] ?? codeEscape(character, (hex) => `\\U${hex.padStart(8, "0")}`);
  });
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}
