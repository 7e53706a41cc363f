import { InvalidArgumentError } from "commander";
import { Option, pairSeparator } from "./command.js";
import { UsageError } from "./errors.js";

export const userIdHelp = "full Matrix ID, or the localpart of a local account";
export const roomIdHelp = "room ID, or an alias such as #lobby:example.org";

/** A whole number, undefined where it is none. `wc -l` and files with CRLF leave blanks around it. */
export function wholeNumber(text: string): number | undefined {
  const number = Number(text);
  return /^\s*[+-]?\d+\s*$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

/** A whole number from `min` to `max`. */
export function integer(min = 0, max = Infinity): (text: string) => number {
  return (text) => {
    const number = wholeNumber(text);
    if (number === undefined || number < min || number > max) {
      const range = max === Infinity ? `from ${min} on` : `from ${min} to ${max}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
    }
    return number;
  };
}

interface Choice<T> {
  flags: string;
  description: string;
  value: T;
  also?: readonly string[];
}

/** Options that set one key to different values, such as opposites; the one typed last wins. */
export function oneOf<T>(key: string, choices: readonly Choice<T>[], fallback?: T): Option[] {
  return choices.map(({ flags, description, value, also = [] }) => {
    const option = new Option(flags, description, { key, also }).preset(value);
    // Its default would be announced behind both; the description of one says it better.
    return fallback === undefined ? option : Object.assign(option, { defaultValue: fallback });
  });
}

/** The usual pair of {@link oneOf}: yes, no, or nothing said. */
export function eitherOr(
  key: string,
  yes: readonly [string, string],
  no: readonly [string, string],
  fallback?: boolean,
): Option[] {
  return oneOf(
    key,
    [
      { flags: yes[0], description: yes[1], value: true },
      { flags: no[0], description: no[1], value: false },
    ],
    fallback,
  );
}

/** For options that may be repeated. */
export function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}

export interface Pair {
  first: string;
  second: string;
}

/** For repeatable options with two values, see `pair` of `Option`. */
export function collectPairs(joined: string, before: readonly Pair[] | undefined): Pair[] {
  const [first = "", second = ""] = joined.split(pairSeparator);
  return [...(before ?? []), { first, second }];
}

export interface Paging {
  from: number;
  limit: number;
  all?: boolean;
}

/** A page of a list. */
export function paging(limit = 100): Option[] {
  return [
    new Option("-f, --from <offset>", "how many to skip").argParser(integer()).default(0),
    new Option("-l, --limit <number>", "how many at most in one answer").argParser(integer()).default(limit),
    new Option("--all", "everything from there on, asking page by page (--limit each)"),
  ];
}

/** `undefined` leaves the order to the server. */
export function direction(reverse: boolean | undefined): "b" | undefined {
  return reverse === true ? "b" : undefined;
}

/** Whether points in time are shown as dates; left out, it depends on who reads. */
export function datesOrNumbers(): Option[] {
  return oneOf("dates", [
    {
      flags: "--datetime",
      also: ["--dt"],
      value: true,
      description: "points in time as local dates, also in pipes and files",
    },
    { flags: "--timestamp", also: ["--ts"], value: false, description: "points in time as milliseconds since 1970" },
  ]);
}

/** How many of these were typed must be within bounds, as with options that exclude each other. */
export function countTyped<T extends object>(
  options: T,
  flags: Readonly<Partial<Record<keyof T & string, string>>>,
  { min, max }: { min: number; max: number },
): void {
  const typed = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined));
  const names = Object.entries<string | undefined>(flags);
  const given = names.filter(([key]) => typed.has(key));
  const list = (some: typeof names) => some.map(([, flag]) => flag).join(", ");
  if (given.length < min) throw new UsageError(`one of these is needed: ${list(names)}`);
  if (given.length > max) throw new UsageError(`these exclude each other: ${list(given)}`);
}
