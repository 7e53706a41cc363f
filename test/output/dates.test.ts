import { afterEach, describe, expect, it, vi } from "vitest";
import { localDate, withDates } from "../../src/output/dates.js";
import { formats } from "../../src/output/index.js";
import { text } from "./samples.js";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("localDate", () => {
  it.each([
    ["Europe/Berlin", 1609492830000, "2021-01-01 10:20:30 +01:00"],
    ["Europe/Berlin", 1625131230999, "2021-07-01 11:20:30 +02:00"],
    ["America/St_Johns", 1609492830000, "2021-01-01 05:50:30 -03:30"],
    ["UTC", 0, "1970-01-01 00:00:00 +00:00"],
    ["UTC", 253402300800000, "10000-01-01 00:00:00 +00:00"],
  ])("in %s tells %d as %s", (zone, ms, date) => {
    vi.stubEnv("TZ", zone);
    expect(localDate(ms)).toBe(date);
  });

  it("names an instant in any zone", () => {
    const [day, time, zone] = localDate(1609492830000).split(" ");
    expect(new Date(`${day}T${time}${zone}`).getTime()).toBe(1609492830000);
  });
});

describe("withDates", () => {
  const at = localDate(1609492830000);

  it("converts the named fields at any depth", () => {
    const data = [{ ts: 1609492830000, other: 1609492830000, deep: { list: [{ s: 1609492830, ts: null }] } }];
    expect(withDates(data, ["ts"], ["s"])).toEqual([
      { ts: at, other: 1609492830000, deep: { list: [{ s: at, ts: null }] } },
    ]);
  });

  it.each([null, "2021", true, 8.7e15, -8.7e15, Infinity, 10n ** 20n])("leaves %s as it is", (ts) => {
    expect(withDates({ ts }, ["ts"], [])).toEqual({ ts });
  });

  it("goes on below a named field that holds more", () => {
    expect(withDates({ ts: [{ ts: 1609492830000 }] }, ["ts"], [])).toEqual({ ts: [{ ts: at }] });
  });

  it("changes no data of the caller's and keeps a field named __proto__", () => {
    const data: unknown = JSON.parse('{"__proto__": {"ts": 1609492830000}}');
    expect(JSON.stringify(withDates(data, ["ts"], []))).toBe(`{"__proto__":{"ts":"${at}"}}`);
    expect(JSON.stringify(data)).toBe('{"__proto__":{"ts":1609492830000}}');
  });
});

describe.each(formats)("%s", (format) => {
  const data = { expiry_time: 1609492830000 };

  it("tells dates where the page wants them", async () => {
    const view = { times: ["expiry_time"] };
    expect(await text(format, data, view, { dates: true })).toContain(localDate(1609492830000));
    expect(await text(format, data, view, { dates: false })).toContain("1609492830000");
    expect(await text(format, data, {}, { dates: true })).toContain("1609492830000");
  });
});
