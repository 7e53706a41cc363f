import { cell } from "./cells.js";
import { entries, type Fields, isList, isRecord } from "./data.js";
import { type Column, table, tableWidth } from "./table.js";
import type { Block, FieldKinds, Page } from "./view.js";
import { visible } from "./visible.js";
import { cut, widthOf } from "./width.js";

/** What may be cut to make a table fit is prose, down to this width. IDs, tokens and dates never are. */
const leastProse = 14;
/** Wider it is nowhere, not even in a pipe: the longest would widen all rows, and a room's name may have 60,000 characters. */
const mostProse = 100;
/** Fields with words of people, as the APIs of Synapse and Matrix call them: one without blanks is as long as its writer likes. */
const prose: ReadonlySet<string> = new Set([
  "displayname",
  "display_name",
  "topic",
  "upload_name",
  "reason",
  "error",
  "user_agent",
  "last_seen_user_agent",
]);
/** A value with less room beside its name goes below it. */
const leastValue = 24;

/** Lists as tables where they fit the page, else as one record below the other; records as a line for each field. */
export async function human(blocks: readonly Block[], page: Page, kinds: FieldKinds): Promise<Iterable<string>> {
  const emphasize = page.colour ? await bold() : (text: string) => text;
  return sheet(blocks, page.width, new Layout(kinds, emphasize));
}

/** With a level of its own, chalk does not go by what it finds in the environment. */
async function bold(): Promise<(text: string) => string> {
  const { Chalk } = await import("chalk");
  return new Chalk({ level: 1 }).bold;
}

function* sheet(blocks: readonly Block[], width: number, layout: Layout): Generator<string> {
  let before = "";
  for (const { heading, empty = "(none)", ...block } of blocks) {
    yield before;
    if (heading !== undefined) yield layout.emphasize(visible(heading)) + "\n";
    yield* joined(layout.block({ ...block, empty: visible(empty) }, width));
    before = "\n\n";
  }
}

class Layout {
  private readonly sizes: ReadonlySet<string>;
  private readonly dates: ReadonlySet<string>;

  constructor(
    { times = [], seconds = [], sizes = [] }: FieldKinds,
    readonly emphasize: (text: string) => string,
  ) {
    this.sizes = new Set(sizes);
    this.dates = new Set([...times, ...seconds]);
  }

  /** Pieces that stand below each other, of one line or more. */
  *block({ data, columns, days, empty = "-" }: Block, width: number): Generator<string> {
    if (isList(data) && data.length > 0) {
      const names = data.every(isRecord) ? (columns ?? namesOf(data)) : [];
      if (data.every(isRecord) && names.length > 0) yield* this.rows(data, width, names, days);
      else for (const item of data) yield cell(item);
    } else if (isRecord(data) && !isEmpty(data)) {
      yield* this.record(data, width, columns ?? namesOf([data]));
    } else {
      yield isEmpty(data) ? empty : cell(data);
    }
  }

  private *rows(
    rows: readonly Fields[],
    width: number,
    names: readonly string[],
    days: readonly string[] = [],
  ): Generator<string> {
    for (const shown of days.length > 0 ? [rows, withDays(rows, days)] : [rows]) {
      const columns = fitted(this.measured(shown, names), width);
      if (!columns) continue;
      yield* table(columns, this.cells(shown, columns), this.emphasize);
      return;
    }
    for (const [at, row] of rows.entries()) {
      if (at > 0) yield "";
      yield [...this.record(row, width, names)].join("\n");
    }
  }

  private *cells(rows: readonly Fields[], columns: readonly Measured[]): Generator<string[]> {
    for (const row of rows) {
      yield columns.map(({ name, width }) => cut(this.cell(row, name), width));
    }
  }

  private cell(row: Fields, name: string): string {
    return cell(field(row, name), this.sizes.has(name));
  }

  private measured(rows: readonly Fields[], names: readonly string[]): Measured[] {
    return names.map((name) => {
      const title = visible(name);
      let width = widthOf(title);
      let least = width;
      const types = new Set<string>();
      for (const row of rows) {
        const value = field(row, name);
        const whole = widthOf(this.cell(row, name));
        const isProse = this.isProse(row, name);
        width = Math.max(width, isProse ? Math.min(whole, mostProse) : whole);
        least = Math.max(least, isProse ? Math.min(whole, leastProse) : whole);
        if (value !== null && value !== undefined) types.add(typeof value);
      }
      const isNumeric = types.size > 0 && [...types].every((type) => type === "number" || type === "bigint");
      return { name, title, width, least, align: isNumeric ? "right" : "left" };
    });
  }

  /** Words, as far as can be told: hardly an ID has blanks. The name of a room stands beside its ID, that of a user is the ID. */
  private isProse(row: Fields, name: string): boolean {
    const value = field(row, name);
    if (typeof value !== "string" || this.dates.has(name) || name.endsWith("_id")) return false;
    return prose.has(name) || (name === "name" && Object.hasOwn(row, "room_id")) || /\s/.test(value);
  }

  private *record(record: Fields, width: number, names: readonly string[]): Generator<string> {
    const labels = names.map(visible);
    const labelWidth = labels.reduce((widest, label) => Math.max(widest, widthOf(label)), 0) + 2;
    for (const [at, name] of names.entries()) {
      const label = labels[at] ?? "";
      const value = field(record, name);
      const isBelow = isNested(value) && width - labelWidth < leastValue;
      const indent = " ".repeat(isBelow ? 2 : labelWidth);
      let before = this.emphasize(label) + (isBelow ? "\n" + indent : indent.slice(widthOf(label)));
      const pieces = isNested(value) ? this.block({ data: value }, width - indent.length) : [this.cell(record, name)];
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

function namesOf(rows: readonly Fields[]): string[] {
  const names = new Set<string>();
  for (const row of rows) for (const [name] of entries(row)) names.add(name);
  return [...names];
}

/** Rows may lack a field; one named `constructor` must not come from elsewhere then. */
function field(row: Fields, name: string): unknown {
  return Object.hasOwn(row, name) ? row[name] : undefined;
}

function withDays(rows: readonly Fields[], names: readonly string[]): Fields[] {
  return rows.map((row) => ({ ...row, ...Object.fromEntries(names.map((name) => [name, dayOf(field(row, name))])) }));
}

/** Of a local date, as `localDate` writes it. */
function dayOf(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^(\d+-\d\d-\d\d) [\d:]{8} [+-][\d:]{5}$/, "$1") : value;
}

function isNested(value: unknown): boolean {
  return typeof value === "object" && !isEmpty(value);
}

function isEmpty(value: unknown): boolean {
  if (isList(value)) return value.length === 0;
  return isRecord(value) ? entries(value).length === 0 : value === null || value === undefined;
}
