import Table from "cli-table3";

export interface Column {
  title: string;
  width: number;
  align: "left" | "right";
}

const gap = "  ";
/** No walls and one rule only, so that a row can be copied. */
const noWalls = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "", "bottom-left": "" },
  ...{ "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "", right: "", "right-mid": "", middle: gap },
};
const noStyle = { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 };

/** cli-table3's time grows with the square of the rows, so it gets this many at once, their widths fixed beforehand. */
const sliceRows = 30;

/** The page that a table of these columns needs. */
export function tableWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1));
}

/** The lines of a table whose cells fit their columns. */
export function* table(
  columns: readonly Column[],
  rows: Iterable<readonly string[]>,
  emphasize: (text: string) => string,
): Generator<string> {
  for (const line of lines(columns, [columns.map(({ title }) => title)])) yield emphasize(line);
  yield columns.map(({ width }) => "─".repeat(width)).join(gap);
  let slice: (readonly string[])[] = [];
  for (const row of rows) {
    slice.push(row);
    if (slice.length < sliceRows) continue;
    yield* lines(columns, slice);
    slice = [];
  }
  yield* lines(columns, slice);
}

function lines(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const laidOut = new Table({
    chars: noWalls,
    style: noStyle,
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align),
  });
  laidOut.push(...rows.map((row) => [...row]));
  return laidOut
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
