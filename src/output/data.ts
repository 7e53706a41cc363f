/** What parsed JSON is made of, besides strings, numbers, big integers, booleans and null. */
export type List = readonly unknown[];
export type Fields = Readonly<Record<string, unknown>>;

export function isList(value: unknown): value is List {
  return Array.isArray(value);
}

/** An object that is no list. */
export function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields in the order sent. One that is undefined was never there, as in JSON. */
export function entries(record: Fields): [string, unknown][] {
  return Object.entries(record).filter(([, value]) => value !== undefined);
}

/** The fields sorted by code point, as Python sorts. */
export function sortedEntries(record: Fields): [string, unknown][] {
  const keys = Object.keys(record).sort(); // fast, and right below U+D800: it puts emoji before U+E000 to U+FFFF
  if (keys.some((key) => /[^\0-\ud7ff]/.test(key))) keys.sort(byCodePoint);
  return keys.map((key): [string, unknown] => [key, record[key]]).filter(([, value]) => value !== undefined);
}

export function byCodePoint(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let at = 0;
  while (at < end && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === end) return a.length - b.length;
  // The difference may be in the second half of a pair, or make a pair of what is alone in the other text.
  if (at > 0 && isHigh(a.charCodeAt(at - 1))) {
    const difference = codePoint(a, at - 1) - codePoint(b, at - 1);
    if (difference !== 0) return difference;
  }
  return codePoint(a, at) - codePoint(b, at);
}

function codePoint(text: string, at: number): number {
  return text.codePointAt(at) ?? -1;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** A long list in pieces: small enough not to hold the text of all, long enough that a writer is seldom begun anew. */
export function* slices(list: List): Generator<List> {
  for (let at = 0; at < list.length; at += 50) yield list.slice(at, at + 50);
}
