/**
 * Characters that steer a terminal, reorder text or cannot be seen: controls, lone surrogates, bidi marks and
 * overrides, line separators, fillers, zero-width and tag characters. Names and topics are written by strangers, and no
 * format sends these raw. The joiners U+200C and U+200D and the variation selectors stay: emoji and Persian need them.
 */
export const unseen =
  /[^ -~\xa0-\ud7ff\ue000-\u{10ffff}]|[\xad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\u{1d173}-\u{1d17a}\u{1bca0}-\u{1bca3}\u{13430}-\u{1343f}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]|\u034f|\u17b4|\u17b5/u;

/** Whether anything in lines of text is better not sent raw, their breaks aside. */
export function hasUnseen(lines: string): boolean {
  return unseen.test(lines.replaceAll("\n", ""));
}

const eachUnseen = new RegExp(unseen, "gu");

/** Puts an escape in place of each character that is better not sent raw. */
export function escapeUnseen(text: string, escape: (character: string) => string): string {
  return text.replace(eachUnseen, escape);
}

/** A character as `\x1b`, `\u202e` or, with `astral`, what that writes for a code point beyond U+FFFF. */
export function codeEscape(character: string, astral: (hex: string) => string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length > 4) return astral(hex);
  return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
}

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** One line of text for a terminal: what would act on it or hide in it is shown as `\n`, `\x1b`, `\u202e`, `\u{e0041}`. */
export function visible(text: string): string {
  return escapeUnseen(text, (character) => short[character] ?? codeEscape(character, (hex) => `\\u{${hex}}`));
}
