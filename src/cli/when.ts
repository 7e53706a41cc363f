import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import type { Io } from "./io.js";
import { wholeNumber } from "./options.js";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const dateTime =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d?)(?::(\d\d?)(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** What `pointInTime` takes, for help texts. */
export const pointInTimeHelp = "a date or date and time (2021-01-01, 2021-01-01T10:20:30: local, or with a zone)";

/**
 * Reads a point in time as people type it: a date, a date and time (local without a zone), or an age such as `30d`.
 *
 * @param direction where an age counts to: -1 into the past, in hours at least, or 1 into the future
 * @returns milliseconds since the epoch
 * @throws UsageError also where it is local and `TZ` names a zone that Node does not go by
 */
export function pointInTime(text: string, direction: -1 | 1, { env, now }: Pick<Io, "env" | "now">): number {
  const [, amount, unit = ""] = /^(\d+)\s*([smhdw])$/i.exec(text.trim()) ?? [];
  if (direction < 0 && /^[sm]$/i.test(unit))
    // who means months would erase all but the last minutes
    throw new UsageError(`'${text}' could be minutes or months: an age is given in h, d or w, such as 12h, 30d, 2w`);
  if (amount !== undefined)
    return inRange(now() + direction * Number(amount) * (units[unit.toLowerCase()] ?? NaN), text);
  const [whole, ...parts] = dateTime.exec(text.trim()) ?? [];
  if (whole === undefined)
    throw new UsageError(
      `'${text}' is no point in time; such are 2021-01-01, 2021-01-01T10:20:30, 2021-01-01T10:20:30Z, 30d, 12h`,
    );
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, secs = 0] = parts
    .slice(0, 6)
    .map((part: string | undefined) => Number(part ?? 0));
  const ms = Number((parts[6] ?? "0").padEnd(3, "0"));
  // Built as UTC first, to see that the calendar has that day: 2021-02-30 would silently become March 2.
  const utc = new Date(0);
  utc.setUTCFullYear(year, month - 1, day);
  utc.setUTCHours(hours, minutes, secs, ms);
  const same = utc.getUTCMonth() === month - 1 && utc.getUTCDate() === day && hours < 24 && minutes < 60 && secs < 60;
  if (!same) throw new UsageError(`'${text}' is not in the calendar`);
  const zone = parts[7];
  if (zone !== undefined) return inRange(utc.getTime() - offsetMs(zone, text), text);
  const local = new Date(0);
  local.setFullYear(year, month - 1, day);
  local.setHours(hours, minutes, secs, ms);
  const { TZ = "" } = env;
  if (!isIn(TZ, local))
    throw new UsageError(
      `'${text}' is local time, and what TZ='${TZ}' means is not sure: set TZ to a name such as Europe/Berlin, or give a zone with the time, such as 2021-01-01T00:00Z`,
    );
  return inRange(local.getTime(), text);
}

/**
 * Reads milliseconds since the epoch. A number of seconds, typed by mistake, would be a day in 1970 and delete nothing
 * or, as an expiry, be over at once: it is refused.
 *
 * @param special values that mean something else, such as -1 for never
 */
export function milliseconds(text: string, special: readonly number[] = [0]): number {
  const ms = wholeNumber(text);
  if (ms === undefined) throw new UsageError(`'${text}' is no whole number of milliseconds`);
  if (special.includes(ms)) return ms;
  if (ms < 0) throw new UsageError(`'${text}' is before 1970`);
  if (ms < Date.UTC(1980, 0))
    throw new UsageError(`'${text}' looks like seconds; milliseconds since 1970 are wanted, such as ${ms * 1000}`);
  return ms;
}

/** Days before or after now, in milliseconds since the epoch. A day has 24 hours, also when the clocks change. */
export function daysFrom(now: number, days: number): number {
  return now + days * 86_400_000;
}

/** Under `-v`, what a point in time that was typed came to. */
export async function sayWhen(ctx: Context, label: string, ms: number): Promise<void> {
  if (ctx.globals.verbose > 0) ctx.note(`${label} ${await dateInWords(ms)}`);
}

/** A point in time for a question. */
export async function dateInWords(ms: number): Promise<string> {
  const { localDate } = await import("../output/dates.js");
  return Number.isNaN(new Date(ms).getTime()) ? `${ms} ms since 1970` : localDate(ms);
}

/** Where Node does not know a zone that the C library does, it silently goes by another, or by one without summer time. */
function isIn(tz: string, local: Date): boolean {
  const name = tz.replace(/^:/, "");
  if (name === "") return true; // UTC
  const timeZone = name.replace(
    /^[a-z]{3,}([+-]?)(\d\d?)$/i, // such as MSK-3
    (_name, sign: string, hours: string) => `Etc/GMT${sign || "+"}${Number(hours)}`,
  );
  try {
    return local.toTimeString().startsWith(local.toLocaleTimeString("en", { timeZone, hourCycle: "h23" }));
  } catch {
    return false;
  }
}

function offsetMs(zone: string, text: string): number {
  if (/^z$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) throw new UsageError(`'${text}' has a zone that there is not`);
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** @throws UsageError where no date can be so far away, or it is before 1970 */
export function inRange(ms: number, text: string): number {
  if (Number.isNaN(new Date(ms).getTime())) throw new UsageError(`'${text}' is too far away`);
  if (ms < 0) throw new UsageError(`'${text}' is before 1970`);
  return ms;
}
