/** What strangers put into names to get at a terminal, by what it is. */
export const attacks: Readonly<Record<string, string>> = {
  colour: "\u001b[31;5m",
  clear: "\u001b[2J\u001b[H",
  title: "\u001b]0;owned\u0007",
  link: "\u001b]8;;http://evil.test\u001b\\click\u001b]8;;\u001b\\",
  clipboard: "\u001b]52;c;cm0gLXJmIC8=\u0007",
  device: '\u001bP$q"p\u001b\\',
  c1: "\u009b31m\u009d0;owned\u009c\u0090x\u009c\u0085",
  overwrite: "all is well\r\b\b\b\b",
  lines: "one\nsynadm: all is well\u2028two\u2029three\u000bfour\u000c",
  bidi: "\u202egnp.exe\u202c\u2066x\u2069\u200f\u061c",
  unseen: "pay\u200bpal\ufeff\u2060\u00ad\u3164\u115f\u034f\uffa0",
  tags: "\u{e0041}\u{e0042}\u{e007f}\u{e0080}\u{e0fff}\u{1bca0}\u{13437}",
  nothing: "\u0000\u007f\u0001",
};

/** All of them in one text, with blanks, so that it passes for prose. */
export const hostile = Object.values(attacks).join(" & ");

/** Written apart from the code under test. Line feeds are looked at where it matters who wrote them. */
const raw = new RegExp(
  [
    "[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u00ad]", // controls
    "[\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u206f]", // order and lines
    "[\\u180e\\u200b\\u2060-\\u2065\\ufeff\\ufff0-\\ufffb]", // of no width
    "[\\u115f\\u1160\\u3164\\uffa0]|\\u034f", // blank letters, and what joins nothing
    "[\\u{e0000}-\\u{e00ff}\\u{e01f0}-\\u{e0fff}]", // tags, and what is kept for more of them
    "[\\u{1bca0}-\\u{1bca3}\\u{13430}-\\u{1343f}]", // controls of shorthand and hieroglyphs
  ].join("|"),
  "u",
);

/** What of a text would act on a terminal or hide in it; `undefined`: nothing. */
export function danger(text: string): string | undefined {
  const found = raw.exec(text);
  if (found === null) return undefined;
  return `${JSON.stringify(found[0])} in ${JSON.stringify(text.slice(Math.max(0, found.index - 60), found.index + 20))}`;
}
