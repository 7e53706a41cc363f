import Table from "cli-table3";
import { widthOf } from "./cells.js";

export interface Column {
  title: string;
  width: number;
  align: "left" | "right";
}

const gap = "  ";
const sliceRows = 200; // cli-table3 takes quadratic time

/** No walls and no lines but one, so that a row can be copied. */
const noLines = Object.fromEntries(
  [
    ...["top", "top-mid", "top-left", "top-right", "bottom", "bottom-mid", "bottom-left", "bottom-right"],
    ...["left", "left-mid", "mid", "mid-mid", "right", "right-mid"],
  ].map((name) => [name, ""]),
);

/** The page that a table of these columns needs. */
export function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1));
}

/** Slices of some rows, the first with the titles. The cells fit their columns. */
export function* table(
  columns: readonly Column[],
  rows: Iterable<readonly string[]>,
  emphasize: (text: string) => string,
): Generator<string> {
  let slice: (readonly string[])[] = [
    columns.map(({ title }) => emphasize(title)),
    columns.map(({ width }) => "─".repeat(width)),
  ];
  for (const row of rows) {
    slice.push(row);
    if (slice.length >= sliceRows) {
      yield draw(columns, slice);
      slice = [];
    }
  }
  if (slice.length > 0) yield draw(columns, slice);
}

function draw(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    chars: { ...noLines, middle: gap },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align),
  });
  drawn.push(columns.map((_, at) => rows.map((row) => row[at]).join("\n")));
  return drawn.toString().replaceAll(/ +$/gm, "");
}

/** A text cut to a width, with an ellipsis at its end. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  for (const character of text) {
    left -= widthOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept.trimEnd() + "…";
}
