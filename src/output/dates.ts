import { format } from "date-fns/format";
import { isList, isRecord, type Fields } from "./data.js";

/** Milliseconds since the epoch as `2021-01-01 10:20:30 +01:00`, on the clock and in the zone of this machine. */
export function localDate(ms: number): string {
  return format(ms, "uuuu-MM-dd HH:mm:ss xxx");
}

/** The data with local dates in these fields, at any depth; what has none of them is not copied. */
export function withDates(data: unknown, times: readonly string[], seconds: readonly string[]): unknown {
  const factors = new Map([
    ...times.map((name) => [name, 1] as const),
    ...seconds.map((name) => [name, 1000] as const),
  ]);
  return factors.size > 0 ? convert(data, factors) : data;
}

function convert(data: unknown, factors: ReadonlyMap<string, number>): unknown {
  if (isList(data)) {
    const items = data.map((item) => convert(item, factors));
    return items.some((item, at) => item !== data[at]) ? items : data;
  }
  return isRecord(data) ? convertFields(data, factors) : data;
}

function convertFields(record: Fields, factors: ReadonlyMap<string, number>): Fields {
  const fields = Object.entries(record).map(([name, value]): [string, unknown] => {
    const factor = factors.get(name);
    return [name, typeof value === "number" && factor ? dateOr(value, factor) : convert(value, factors)];
  });
  return fields.some(([name, value]) => value !== record[name]) ? Object.fromEntries(fields) : record;
}

const lastMs = 8.64e15; // of a JavaScript date, in the year 275760; before the epoch as far

/** What is beyond any date stays the number it is. */
function dateOr(value: number, factor: number): string | number {
  const ms = value * factor;
  return Math.abs(ms) <= lastMs ? localDate(ms) : value;
}
