import { entries, isList, isRecord } from "./data.js";
import { numberText } from "./numbers.js";
import { size } from "./sizes.js";
import { visible } from "./visible.js";

/** What a person reads for a value, on one line. What is not there is `-`. */
export function cell(value: unknown, isSize = false): string {
  if (typeof value === "string") return visible(value);
  if (typeof value === "number" || typeof value === "bigint") return isSize ? size(value) : numberText(value);
  if (isList(value)) return value.map(inner).join(", ") || "-";
  if (isRecord(value)) return pairs(value) || "-";
  return typeof value === "boolean" ? String(value) : "-";
}

function inner(value: unknown): string {
  if (isList(value)) return `[${value.map(inner).join(", ")}]`;
  return isRecord(value) ? `{${pairs(value)}}` : cell(value);
}

function pairs(record: Readonly<Record<string, unknown>>): string {
  return entries(record)
    .map(([name, value]) => `${visible(name)}: ${inner(value)}`)
    .join(", ");
}
