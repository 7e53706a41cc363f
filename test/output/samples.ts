import fc from "fast-check";
import { render, type Format, type Page, type View } from "../../src/output/index.js";

export const page: Page = { width: 80, colour: false, dates: false };

export async function text<T>(format: Format, data: T, view: View<T> = {}, on: Partial<Page> = {}): Promise<string> {
  return [...(await render(format, data, view, { ...page, ...on })).chunks].join("");
}

/** Strings that look like something else, or that must not reach a terminal or a parser as they are. */
export const hostile: readonly string[] = [
  ..."yes no on off y n Y N true TRUE null Null ~ = < << ? - : -- --- ... # @ % ` ! & * | > [ ] { } , ' \" \\ / _ .".split(
    " ",
  ),
  ..."012 0o7 0x1f 0b11 1e3 1.5e3 1.e+3 1_000 1__0 _1 1:30 1:30:45.5 190:20:30 +1 -1 +.5 .5 5. 1. 0.0 -0 +12e03".split(
    " ",
  ),
  ..."2001-01-01 2001-1-1 2001-12-14T21:59:43.10-05:00 12:30 .inf -.inf +.INF .nan .NaN inf NaN 685.230_15e+03".split(
    " ",
  ),
  ..."127.0.0.1 ::1 2001:db8::1 1:2:3:4:5:6:7:8 a: a:b :a a:#b @a:b.c !a:b.c #a:b.c mxc://a/b %41 a%41 &a *a !!int".split(
    " ",
  ),
  ...[
    "",
    " ",
    "  a",
    "a ",
    "a  b",
    "- x",
    "? x",
    ": x",
    "a: b",
    "a #b",
    "a\t#b",
    "# c",
    "it's",
    '"q"',
    "'",
    "''",
    "{a}",
  ],
  ...[
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    "a\nb",
    "a\n b\n\nc",
    " a\nb",
    "a\nb ",
    "a \nb",
    "a\r\nb",
    "\r",
    "a\n\tb",
    "\t",
  ],
  ...[
    "a\n---\nb",
    "--- a",
    "... a",
    "a\n# b\n- c: d",
    "\\n",
    "\\x41",
    "\\",
    "a\\",
    "\0",
    "\x07",
    "\x1b[31mred",
    "\x7f",
  ],
  ...[
    "\x80",
    "\x85",
    "a\x85b",
    "\x9b31m",
    "\xa0",
    "\xa0a\xa0",
    "\xad",
    "\u061c",
    "\u200b",
    "\u200d",
    "\u200e",
    "\u2028",
    "a\u2029b",
  ],
  ...[
    "\u202e\u2066x",
    "\u2060",
    "\ufeff",
    "\ufeffa",
    "\ufffd",
    "\ufffe",
    "\uffff",
    "\ue000",
    "\ud800",
    "a\udc00",
    "\ude00\ud83d",
  ],
  ...[
    "😀",
    "👨‍👩‍👧",
    "\u{e0041}",
    "\u{1d173}",
    "\u{10ffff}",
    "Łódź",
    "名前",
    "é",
    "e\u0301",
    "x".repeat(127),
    "x y".repeat(60),
  ],
  ...[
    "x".repeat(1023),
    "x".repeat(1024),
    "x".repeat(1025),
    "'".repeat(600),
    "\x01".repeat(300),
    "__proto__",
    "constructor",
  ],
];

const string = fc.oneof(
  fc.constantFrom(...hostile),
  fc.string({ unit: "binary" }),
  fc
    .array(fc.constantFrom(...hostile.filter(({ length }) => length < 9)), { maxLength: 4 })
    .map((parts) => parts.join("")),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 1e16, 1e21, 2 ** 69, 1e-7, 1.5e300, 5e-324, -1e21, 0.1, Infinity, -Infinity, 2 ** 53),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
);

/** Any JSON, as the API hands it over. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.oneof(string, number, fc.boolean(), fc.constant(null)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(string, tie("value")), { maxLength: 4 }).map((fields): unknown => Object.fromEntries(fields)),
  ),
})).value;
