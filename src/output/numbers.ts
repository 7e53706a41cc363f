/**
 * A number as text that JSON, Python and JavaScript read as the same value. Whole floats from 2^53 on get an exponent:
 * their plain digits (`590295810358705700000`) would be read as another, exact integer.
 */
export function numberText(value: number | bigint): string {
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return Object.is(value, -0) ? "-0.0" : String(value);
  if (Number.isFinite(value)) return Number.isInteger(value) ? value.toExponential() : String(value);
  if (Number.isNaN(value)) return "null"; // JSON has no way to send one
  return value > 0 ? "1e999" : "-1e999";
}
