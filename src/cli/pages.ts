import { offsetAfter, pageToken } from "../api/synapse-admin/pages.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import type { Paging } from "./options.js";

/** How a paged endpoint is asked, and how the fields of its answer are named. */
export interface PagedList<Reply, Rows, Id, Total, Next> {
  /** What is wanted, for errors. */
  purpose: string;
  fetch(page: { from: number; limit: number }): Promise<Reply>;
  rows: Rows;
  /** What tells a row from the others, if it has that. */
  id: Id;
  /** How many there are on all pages. */
  total: Total;
  /** Offset of the next page, as a number or as text; absent on the last one. */
  next: Next & keyof NoInfer<Reply>;
}

type Row<Id extends string> = Readonly<Record<Id, unknown>>;
type Answer<Rows extends string, Id extends string, Total extends string, Next extends string> = Record<
  Rows,
  readonly Row<Id>[]
> &
  Record<Total, number> &
  Partial<Record<Next, unknown>>;

/**
 * The page that was asked for, or with `--all` everything from there on: the first answer with the rows of all pages, and
 * without a next one. Rows shift while a busy server's list is read: what comes twice is taken once, and what may be
 * missing is said.
 */
export async function collectPages<
  Reply extends Answer<Rows, Id, Total, Next>,
  Rows extends string,
  Id extends string,
  Total extends string,
  Next extends string,
>(ctx: Context, { from, limit, all }: Paging, list: PagedList<Reply, Rows, Id, Total, Next>): Promise<Reply> {
  if (all === true && limit === 0) throw new UsageError("--all takes a --limit of 1 at least");
  const first = await list.fetch({ from, limit });
  if (all !== true) return first;
  const found = new Map<unknown, Row<Id>>();
  let shrank = false;
  for (let reply = first, at = from; ;) {
    const items = reply[list.rows];
    for (const item of items) found.set(item[list.id] ?? item, item);
    const total = reply[list.total];
    const next = offsetAfter(list.purpose, { from: at, limit }, { items, total, next: reply[list.next] });
    if (next === undefined) break;
    at = next;
    reply = await list.fetch({ from: at, limit });
    shrank ||= reply[list.total] < total;
  }
  if (shrank || from + found.size < first[list.total]) warnOfShortList(ctx);
  return { ...first, [list.rows]: [...found.values()], [list.next]: undefined };
}

/** For whoever wanted every page. */
export function warnOfShortList(ctx: Context): void {
  ctx.warning("the list is shorter than it was said to be: some may be missing");
}

/** What a person should know beside the page: how much there is, and how to see more. */
export function pageNotes(
  { from }: Paging,
  { shown, total, next }: { shown: number; total: number; next: unknown },
): string[] {
  const range = shown === 0 ? "none" : `${from + 1} to ${from + shown}`;
  const token = pageToken(next);
  return [
    shown === total ? `${total} in all` : `${range} of ${total}`,
    ...(token === undefined ? [] : [`more: --from ${token}, or --all`]),
  ];
}
