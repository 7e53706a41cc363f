import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { daysFrom, milliseconds, pointInTime } from "../../src/cli/when.js";

const now = Date.UTC(2026, 10, 22, 12);
const io = { env: process.env, now: () => now };
const hour = 3_600_000;

describe("a point in time (A26)", () => {
  beforeEach(() => void vi.stubEnv("TZ", "Europe/Berlin")); // winter +01:00, summer +02:00
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ["2021-01-01", "2020-12-31T23:00:00.000Z"],
    ["2021-07-01", "2021-06-30T22:00:00.000Z"],
    ["2021-01-01T10:20:30", "2021-01-01T09:20:30.000Z"],
    ["2021-01-01 10:20:30", "2021-01-01T09:20:30.000Z"],
    ["2021-01-01T10:20", "2021-01-01T09:20:00.000Z"],
    ["2021-01-01T10:20:30.5", "2021-01-01T09:20:30.500Z"],
    ["2021-01-01T10:20:30Z", "2021-01-01T10:20:30.000Z"],
    ["2021-01-01T10:20:30+05:30", "2021-01-01T04:50:30.000Z"],
    ["2021-01-01T10:20:30-0800", "2021-01-01T18:20:30.000Z"],
    ["2024-02-29", "2024-02-28T23:00:00.000Z"],
    ["2021-1-2T3:4:5Z", "2021-01-02T03:04:05.000Z"],
    ["1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"],
  ])("%s is %s", (text, utc) => {
    expect(new Date(pointInTime(text, -1, io)).toISOString()).toBe(utc);
  });

  it.each([
    ["30d", 30 * 24 * hour],
    ["12h", 12 * hour],
    ["2w", 14 * 24 * hour],
    ["0d", 0],
  ])("%s counts back or ahead from now", (text, ms) => {
    expect(pointInTime(text, -1, io)).toBe(now - ms);
    expect(pointInTime(text, 1, io)).toBe(now + ms);
  });

  it.each([
    ["45m", 0.75 * hour],
    ["90s", 90_000],
    ["6M", 0.1 * hour],
  ])("%s counts ahead, and is no age: six months ago is not six minutes ago", (text, ms) => {
    expect(pointInTime(text, 1, io)).toBe(now + ms);
    expect(() => pointInTime(text, -1, io)).toThrow("an age is given in h, d or w");
  });

  it.each([
    "2021-02-30",
    "2021-13-01",
    "2021-01-01T24:00:00",
    "yesterday",
    "",
    "30",
    "30 parsecs",
    "1960-01-01",
    "999999999w",
  ])("%j is refused", (text) => {
    expect(() => pointInTime(text, -1, io)).toThrow();
  });

  it("a day has 24 hours, also when the clocks change", () => {
    const afterChange = Date.UTC(2026, 2, 29, 12);
    expect(daysFrom(afterChange, -1)).toBe(afterChange - 24 * hour);
  });
});

describe("a zone in TZ", () => {
  const summer = (tz: string, text = "2021-07-01") => {
    vi.stubEnv("TZ", tz);
    return new Date(pointInTime(text, -1, io)).toISOString();
  };
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ["", "2021-07-01T00:00:00.000Z"],
    ["UTC0", "2021-07-01T00:00:00.000Z"],
    [":Europe/Berlin", "2021-06-30T22:00:00.000Z"],
    ["MSK-3", "2021-06-30T21:00:00.000Z"],
    ["UTC+3", "2021-07-01T03:00:00.000Z"], // as POSIX counts
    ["EST5", "2021-07-01T05:00:00.000Z"],
    ["EST5EDT", "2021-07-01T04:00:00.000Z"],
    ["Etc/GMT-3", "2021-06-30T21:00:00.000Z"],
  ])("%j is read as the C library reads it", (tz, utc) => {
    expect(summer(tz)).toBe(utc);
  });

  it.each([
    "CET-1CEST,M3.5.0,M10.5.0/3",
    "CET-1CEST",
    "<+03>-3",
    "/usr/share/zoneinfo/Europe/Berlin",
    "europe/berlin",
    "Europe/Belin",
    "IST",
    " ",
  ])("%j, which Node would go by silently as something else, is refused", (tz) => {
    expect(() => summer(tz)).toThrow(`what TZ='${tz}' means is not sure: set TZ to a name such as Europe/Berlin`);
    expect(summer(tz, "2021-07-01T10:00+02:00")).toBe("2021-07-01T08:00:00.000Z");
    expect(summer(tz, "2w")).toBe(new Date(now - 14 * 24 * hour).toISOString());
  });

  it("and an hour that there is twice or not at all is none of its business", () => {
    expect(summer("Europe/Berlin", "2021-03-28T02:30")).toBe("2021-03-28T01:30:00.000Z");
    expect(summer("Europe/Berlin", "2021-10-31T02:30")).toBe("2021-10-31T00:30:00.000Z");
    expect(summer("Africa/Monrovia", "1971-06-01")).toBe("1971-06-01T00:44:30.000Z");
  });
});

describe("milliseconds", () => {
  it.each([
    ["1600000000000", 1_600_000_000_000],
    ["0", 0],
    ["315532800000", 315_532_800_000],
    [" 1600000000000\r", 1_600_000_000_000],
  ])("%s", (text, ms) => {
    expect(milliseconds(text)).toBe(ms);
  });

  it.each(["1600000000", "1", "-1", "1.5", "soon", "", " ", "1 600000000000", "9007199254740993"])(
    "%j is refused",
    (text) => {
      expect(() => milliseconds(text)).toThrow();
    },
  );

  it("says what was meant, where seconds were given", () => {
    expect(() => milliseconds("1600000000")).toThrow("such as 1600000000000");
  });

  it("takes what means something else", () => {
    expect(milliseconds("-1", [-1])).toBe(-1);
  });
});
