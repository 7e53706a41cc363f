import { isRecord } from "./promises.js";

/** What a homeserver might say in place of a value. */
export type Mutant = readonly [name: string, value: unknown];

const junk: readonly Mutant[] = [
  ["null", null],
  ["a list of null", [null]],
  ["an empty object", {}],
  ["a list", []],
  ["a text", "text"],
  ["a number", 42],
];

const huge = 123_456_789_012_345_678_901_234_567_890n;

/** What may stand in a field instead of what belongs there; undefined: nothing. */
const wrong: readonly (readonly [name: string, make: (value: unknown) => unknown])[] = [
  ["missing", () => undefined],
  ["of another type", ofAnotherType],
  ["huge", () => huge],
  ["null", () => null],
  ["nested", () => [{ text: [null, {}] }]],
];

function ofAnotherType(value: unknown): unknown {
  if (typeof value === "string") return -1;
  if (typeof value === "object") return value === null || Array.isArray(value) ? { text: "text" } : ["text"];
  return "\u001b[31mtext";
}

/**
 * The whole answer replaced by junk, and its fields spoilt, on each level: all at once, and one by one.
 *
 * @param thorough in each way; otherwise in those that find the most
 */
export function* mutants(answer: unknown, thorough: boolean): Generator<Mutant> {
  yield* thorough ? junk : junk.slice(0, 3);
  yield* spoilt(answer, thorough, "");
}

function* spoilt(value: unknown, thorough: boolean, path: string): Generator<Mutant> {
  if (Array.isArray(value)) {
    if (value.length === 0) return;
    for (const [name, item] of thorough ? junk : junk.slice(0, 3)) yield [`${path}[] ${name}`, value.map(() => item)];
    // What is spoilt in the first item is spoilt in all of them.
    for (const [name, item] of spoilt(value[0], thorough, `${path}[]`)) {
      yield [name, value.map((other: unknown) => merged(other, value[0], item))];
    }
    return;
  }
  if (!isRecord(value)) return;
  const keys = Object.keys(value);
  for (const chosen of keys.length > 1 ? [keys, ...keys.map((key) => [key])] : [keys]) {
    for (const [name, make] of thorough ? wrong : wrong.slice(0, chosen === keys ? 3 : 1)) {
      const fields = keys.map((key) => [key, chosen.includes(key) ? make(value[key]) : value[key]]);
      yield [`${path}.${chosen.length > 1 ? "*" : chosen.join()} ${name}`, Object.fromEntries(fields)];
    }
  }
  for (const key of keys) {
    for (const [name, inner] of spoilt(value[key], thorough, `${path}.${key}`))
      yield [name, { ...value, [key]: inner }];
  }
}

/** `other` with those fields that `after` changed in `before`. */
function merged(other: unknown, before: unknown, after: unknown): unknown {
  if (!isRecord(other) || !isRecord(before) || !isRecord(after)) return after;
  const changed = Object.entries(after).filter(([key, value]) => value !== before[key]);
  return { ...other, ...Object.fromEntries(changed) };
}
