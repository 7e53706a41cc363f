import { numberText } from "./numbers.js";

const units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/** A number of bytes as `512 B`, `1.5 MiB`. */
export function size(bytes: number | bigint): string {
  let amount = Number(bytes);
  if (!Number.isFinite(amount)) return numberText(bytes);
  if (Math.abs(amount) < 1024) return `${amount} B`;
  let unit = -1;
  // What would be rounded to 1024.0 is 1.0 of the next unit.
  while (Math.abs(amount) >= 1023.95 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${amount.toFixed(1)} ${units[unit]}`;
}
