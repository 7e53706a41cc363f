import { entries, isList, isRecord } from "./data.js";
import { numberText } from "./numbers.js";
import type { Formatter } from "./view.js";
import { escapeUnseen, unseen } from "./visible.js";

/** As Python's `json.dumps(indent=4)`, but with text as it is. */
export const json: Formatter = (data) => pieces(data, { newline: "\n", step: "    ", colon: ": " });

/** The same on one line, without spaces. */
export const minified: Formatter = (data) => pieces(data, { newline: "", step: "", colon: ":" });

interface Style {
  newline: string;
  step: string;
  colon: string;
}

/** The two upper levels item by item, since that is where lists are long; what is below comes as one text. */
function* pieces(data: unknown, style: Style, indent = "", depth = 0): Generator<string> {
  const shape = depth < 2 ? shapeOf(data, style) : undefined;
  if (!shape) {
    yield text(data, style, indent);
    return;
  }
  const inner = style.newline + indent + style.step;
  let before = shape.open + inner;
  for (const [label, item] of shape.items) {
    yield before + label;
    yield* pieces(item, style, indent + style.step, depth + 1);
    before = "," + inner;
  }
  yield style.newline + indent + shape.close;
}

function text(data: unknown, style: Style, indent: string): string {
  const shape = shapeOf(data, style);
  if (!shape) return scalar(data);
  const inner = style.newline + indent + style.step;
  const items = shape.items.map(([label, item]) => inner + label + text(item, style, indent + style.step));
  return shape.open + items.join(",") + style.newline + indent + shape.close;
}

interface Shape {
  open: string;
  close: string;
  /** Each with what stands before it. */
  items: [label: string, item: unknown][];
}

/** A list or record that has items. */
function shapeOf(data: unknown, style: Style): Shape | undefined {
  if (isList(data)) {
    return data.length > 0 ? { open: "[", close: "]", items: data.map((item) => ["", item]) } : undefined;
  }
  if (!isRecord(data)) return undefined;
  const items = entries(data).map(([key, item]): [string, unknown] => [quoted(key) + style.colon, item]);
  return items.length > 0 ? { open: "{", close: "}", items } : undefined;
}

function scalar(data: unknown): string {
  if (typeof data === "string") return quoted(data);
  if (typeof data === "number" || typeof data === "bigint") return numberText(data);
  if (isList(data)) return "[]";
  if (isRecord(data)) return "{}";
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
