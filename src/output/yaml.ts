import { dump, type DumpOptions, Schema, Type } from "js-yaml";
import { byCodePoint, isList, isRecord, slices, sortedEntries } from "./data.js";
import { numberText } from "./numbers.js";
import type { Formatter } from "./view.js";
import { codeEscape, escapeUnseen, hasUnseen, unseen } from "./visible.js";

/**
 * Block style, keys sorted, lists flush with their key, as PyYAML writes it. js-yaml does the layout. The scalars are
 * written here, since what it writes for `1_000` or `1:30` is another value for a reader of YAML 1.1.
 *
 * Long lists go piece by piece: js-yaml holds the whole text of what it is given.
 */
export const yaml: Formatter = function* (data) {
  if (isList(data) && data.length > 0) yield* items(data);
  else if (isRecord(data) && sortedEntries(data).length > 0) yield* fields(sortedEntries(data));
  else yield block(data);
};

function* items(list: readonly unknown[]): Generator<string> {
  let before = "";
  for (const slice of slices(list)) {
    yield before + block(slice);
    before = "\n";
  }
}

function* fields(entries: readonly [string, unknown][]): Generator<string> {
  let before = "";
  for (const [key, value] of entries) {
    const label = scalar(key);
    if (isList(value) && value.length > 0 && label.length < 1000) {
      yield `${before}${label}:\n`;
      yield* items(value);
    } else {
      yield before + block({ [key]: value });
    }
    before = "\n";
  }
}

const own = new Type("scalar", {
  kind: "scalar",
  predicate: (data: unknown) =>
    data === null || (typeof data !== "object" && data !== undefined && !(typeof data === "string" && isBlock(data))),
  represent: (data: unknown) => scalar(data), // js-yaml takes the text as it is
  resolve: () => false, // for reading only
});
const schema = new Schema({ implicit: [own] });

const options: DumpOptions = { schema, sortKeys: byCodePoint, noRefs: true, lineWidth: -1 };

function block(data: unknown): string {
  const flush = dump(data, { ...options, noArrayIndent: true });
  // After a key of more than 1024 characters (`? key`) js-yaml gets the indent of a flush list wrong.
  const text = /^[- ]*\? /m.test(flush) ? dump(data, options) : flush;
  return text.slice(0, -1);
}

/** Text of several lines, which js-yaml writes after a `|-`, unless its blanks and breaks could get lost that way. */
function isBlock(text: string): boolean {
  return /^\S.*\n[^]*\S$/.test(text) && !hasUnseen(text);
}

/** What may stand without quotes: no other value, no comment and no syntax for PyYAML and readers of YAML 1.2. */
const plain = new RegExp(
  [
    "^(?![\\s\\-?:,[\\]{}#&*!|>'\"%@`=<~]|[.]{3})", // starts like syntax
    "(?!(?:y|n|yes|no|on|off|true|false|null|[+.]*(?:inf|nan))$)",
    "(?!\\d{4}-)", // a date
    "(?!\\+?(?:0[box][\\da-f_]+|\\d[\\d_]*(?::[\\d_]+)+(?:\\.[\\d_]*)?|[\\d_]*(?:\\.[\\d_]*)?(?:e[-+]?[\\d_]*)?)$)",
    "(?!.*(?::\\s|\\s#|[:\\s]$)).",
  ].join(""),
  "i",
);

function scalar(data: unknown): string {
  if (typeof data === "string") return string(data);
  if (typeof data === "number") return float(data);
  return typeof data === "boolean" || typeof data === "bigint" ? String(data) : "null";
}

function string(text: string): string {
  if (!unseen.test(text)) return plain.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
  return escapeUnseen(JSON.stringify(text), (character) => {
    return codeEscape(character, (hex) => `\\U${hex.padStart(8, "0")}`);
  });
}

/** A float of YAML 1.1 needs its point, also before an exponent. */
function float(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return numberText(value).replace(/^(-?\d+)e/, "$1.0e");
}
