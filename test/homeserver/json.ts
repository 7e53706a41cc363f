/** What a request body or an event content may hold. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/**
 * JSON as Synapse writes it: no blanks, ASCII only (`Ł` becomes `\u0141`), and integers of any size: a bigint is
 * written with all its digits, since old rooms hold 9223372036854775807, which no JavaScript number can be.
 */
export function toJson(value: unknown): string {
  return ascii(hasBigInt(value) ? write(value) : JSON.stringify(value));
}

function ascii(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function hasBigInt(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasBigInt);
  if (isObject(value)) return Object.values(value).some(hasBigInt);
  return typeof value === "bigint";
}

function write(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
