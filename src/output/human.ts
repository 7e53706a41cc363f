import { Chalk } from "chalk";
import { cell, widthOf } from "./cells.js";
import { entries, isList, isRecord } from "./data.js";
import { type Column, cut, table, tableWidth } from "./table.js";
import type { Block, Page, View } from "./view.js";
import { visible } from "./visible.js";

type Row = Readonly<Record<string, unknown>>;

/** What may be cut to make a table fit: prose, down to this width. IDs, tokens and dates never are. */
const leastProse = 20;
/** A value with less room beside its name goes below it. */
const leastValue = 24;

/** Lists as tables where they fit the page, else as one record below the other; records as a line for each field. */
export function* human(
  blocks: readonly Block[],
  page: Page,
  view: Pick<View<unknown>, "times" | "seconds" | "sizes">,
): Generator<string> {
  const writer = new Writer(page, view);
  let before = "";
  for (const { heading, data, columns, empty = "(none)" } of blocks) {
    yield before;
    if (heading !== undefined) yield writer.emphasize(visible(heading)) + "\n";
    yield* joined(writer.block(data, page.width, columns, visible(empty)));
    before = "\n\n";
  }
}

class Writer {
  readonly emphasize: (text: string) => string;
  private readonly sizes: ReadonlySet<string>;
  private readonly dates: ReadonlySet<string>;

  constructor(
    page: Page,
    { times = [], seconds = [], sizes = [] }: Pick<View<unknown>, "times" | "seconds" | "sizes">,
  ) {
    const chalk = new Chalk({ level: page.colour ? 1 : 0 }); // not what chalk finds in the environment
    this.emphasize = (text) => chalk.bold(text);
    this.sizes = new Set(sizes);
    this.dates = new Set([...times, ...seconds]);
  }

  /** Pieces that stand below each other, of one line or more. */
  *block(data: unknown, width: number, columns?: readonly string[], empty = "-"): Generator<string> {
    if (isList(data) && data.length > 0) {
      const names = data.every(isRecord) ? (columns ?? namesOf(data)) : [];
      if (data.every(isRecord) && names.length > 0) yield* this.rows(data, width, names);
      else for (const item of data) yield cell(item);
    } else if (isRecord(data) && !isEmpty(data)) {
      yield* this.record(data, width, columns ?? namesOf([data]));
    } else {
      yield isEmpty(data) ? empty : cell(data);
    }
  }

  private *rows(rows: readonly Row[], width: number, names: readonly string[]): Generator<string> {
    const columns = fitted(this.measured(rows, names), width);
    if (columns) {
      yield* table(columns, this.cells(rows, columns), this.emphasize);
      return;
    }
    for (const [at, row] of rows.entries()) {
      if (at > 0) yield "";
      yield [...this.record(row, width, names)].join("\n");
    }
  }

  private *cells(rows: readonly Row[], columns: readonly Measured[]): Generator<string[]> {
    for (const row of rows) {
      yield columns.map(({ name, width }) => cut(cell(field(row, name), this.sizes.has(name)), width));
    }
  }

  private measured(rows: readonly Row[], names: readonly string[]): Measured[] {
    return names.map((name) => {
      const title = visible(name);
      let least = widthOf(title);
      let width = least;
      const values = new Set<string>(); // of these types
      for (const row of rows) {
        const value = field(row, name);
        if (value !== null && value !== undefined) values.add(typeof value);
        const wide = widthOf(cell(value, this.sizes.has(name)));
        if (wide > width) width = wide;
        const isProse = typeof value === "string" && /\s/.test(value) && !this.dates.has(name);
        least = Math.max(least, isProse ? Math.min(wide, leastProse) : wide);
      }
      const isNumeric = values.size > 0 && [...values].every((type) => type === "number" || type === "bigint");
      return { name, title, width, least, align: isNumeric ? "right" : "left" };
    });
  }

  private *record(record: Row, width: number, names: readonly string[]): Generator<string> {
    const labels = names.map(visible);
    const labelWidth = labels.reduce((widest, label) => Math.max(widest, widthOf(label)), 0) + 2;
    for (const [at, name] of names.entries()) {
      const label = labels[at] ?? "";
      const value = field(record, name);
      const isBelow = isNested(value) && width - labelWidth < leastValue;
      const indent = " ".repeat(isBelow ? 2 : labelWidth);
      let before = this.emphasize(label) + (isBelow ? "\n" + indent : indent.slice(widthOf(label)));
      const pieces = isNested(value) ? this.block(value, width - indent.length) : [cell(value, this.sizes.has(name))];
      for (const piece of pieces) {
        yield (before + piece.replaceAll(/\n(?=.)/g, "\n" + indent)).trimEnd();
        before = indent;
      }
    }
  }
}

interface Measured extends Column {
  name: string;
  /** The width it can be cut down to. */
  least: number;
}

/** The columns, those with prose cut as far as needed; undefined when they do not fit the page at all. */
function fitted(columns: readonly Measured[], width: number): readonly Measured[] | undefined {
  if (columns.length === 0) return undefined;
  let excess = tableWidth(columns) - width;
  const widths = new Map<Measured, number>();
  for (const column of columns.toSorted((a, b) => b.width - b.least - (a.width - a.least))) {
    const less = Math.min(Math.max(excess, 0), column.width - column.least);
    widths.set(column, column.width - less);
    excess -= less;
  }
  return excess > 0 ? undefined : columns.map((column) => ({ ...column, width: widths.get(column) ?? column.width }));
}

function* joined(pieces: Iterable<string>): Generator<string> {
  let before = "";
  for (const piece of pieces) {
    yield before + piece;
    before = "\n";
  }
}

function namesOf(rows: readonly Row[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const [name] of entries(row)) names.add(name);
  return [...names];
}

/** Rows may lack a field; one named `constructor` must not come from elsewhere then. */
function field(row: Row, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && !isEmpty(value);
}

function isEmpty(value: unknown): boolean {
  if (isList(value)) return value.length === 0;
  return isRecord(value) ? entries(value).length === 0 : value === null || value === undefined;
}
