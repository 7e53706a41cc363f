import { parse, stringify } from "lossless-json";

/** JSON nested deeper than anything that homeservers send: whatever walks through it would run out of stack. */
export class TooDeepError extends SyntaxError {}

const maxDepth = 1000;

/** Sixteen digits where a number may stand may be an integer that a double cannot hold: the fast parser takes all else. */
const maybeHuge = /(?:^|[\s:,[])-?\d{16}/;

/**
 * Reads JSON without losing anything: integers beyond 2^53 become `bigint` (old events have a `depth` of
 * 9223372036854775807).
 *
 * @throws SyntaxError when `text` is not JSON
 */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new TooDeepError(`nested deeper than ${maxDepth} levels`);
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

function isTooDeep(text: string): boolean {
  if (!isFoundTimes(maxDepth / 2, "{", text) && !isFoundTimes(maxDepth / 2, "[", text)) return false; // most answers
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    // `{` and `}` are `[` and `]` with one bit more.
    else if ((code & ~0x20) === open && ++depth > maxDepth) return true;
    else if ((code & ~0x20) === close) depth--;
  }
  return false;
}

function isFoundTimes(times: number, what: string, text: string): boolean {
  let at = -1;
  for (let found = 0; found < times; found++) {
    at = text.indexOf(what, at + 1);
    if (at === -1) return false;
  }
  return true;
}

const [quote, backslash, open, close] = [0x22, 0x5c, 0x5b, 0x5d];

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === backslash) before--;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length; // unfinished: the parser will say so
}

function parseNumber(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
