import { parse, stringify } from "lossless-json";

/** Sixteen digits in a row may be an integer that a double cannot hold; anything else is left to the fast parser. */
const maybeHuge = /\d{16}/;

/**
 * Reads JSON without losing anything: integers beyond 2^53 become `bigint` (old events have a `depth` of
 * 9223372036854775807).
 *
 * @throws SyntaxError when `text` is not JSON
 */
export function parseJson(text: string): unknown {
  if (!maybeHuge.test(text)) return JSON.parse(text);
  return parse(text, null, { parseNumber, onDuplicateKey: ({ newValue }) => newValue });
}

/** The opposite of {@link parseJson}. */
export function writeJson(data: unknown): string {
  try {
    return JSON.stringify(data);
  } catch (error) {
    const text = error instanceof TypeError ? stringify(data) : undefined; // JSON.stringify refuses bigint
    if (text === undefined) throw error;
    return text;
  }
}

function parseNumber(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
