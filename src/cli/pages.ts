import { offsetAfter } from "../api/synapse-admin/pages.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import type { Paging } from "./options.js";

/** How a paged endpoint is asked and its pages are put together. */
export interface PagedList<Reply, Item> {
  /** What is wanted, for errors. */
  purpose: string;
  fetch(page: { from: number; limit: number }): Promise<Reply>;
  items(reply: Reply): readonly Item[];
  /** What tells an item from the others, if it has that. */
  id(item: Item): unknown;
  /** How many there are on all pages. */
  total(reply: Reply): number;
  /** Offset of the next page, as a number or as text; undefined on the last one. */
  next(reply: Reply): string | number | undefined;
  /** The first page's reply with the items of all pages, and without a next page. */
  whole(reply: Reply, items: Item[]): Reply;
}

/**
 * The page that was asked for, or with `--all` everything from there on in one reply that no longer names a next page.
 * Rows shift while a busy server's list is read: what comes twice is taken once, and what may be missing is said.
 */
export async function collectPages<Reply extends object, Item>(
  ctx: Context,
  { from, limit, all }: Paging,
  list: PagedList<Reply, Item>,
): Promise<Reply> {
  if (all === true && limit === 0) throw new UsageError("--all takes a --limit of 1 at least");
  const first = await list.fetch({ from, limit });
  if (all !== true) return first;
  const found = new Map<unknown, Item>();
  let shrank = false;
  for (let reply = first, at = from; ;) {
    const items = list.items(reply);
    for (const item of items) found.set(list.id(item) ?? item, item);
    const next = offsetAfter(list.purpose, { from: at, limit }, { items, next: list.next(reply) });
    if (next === undefined) break;
    at = next;
    const total = list.total(reply);
    reply = await list.fetch({ from: at, limit });
    shrank ||= list.total(reply) < total;
  }
  if (shrank) ctx.warning("the list got shorter while it was read: some of it may be missing");
  return list.whole(first, [...found.values()]);
}

/** What a person should know beside the page: how much there is, and how to see more. */
export function pageNotes(
  { from }: Paging,
  { shown, total, next }: { shown: number; total: number; next: string | number | undefined },
): string[] {
  const range = shown === 0 ? "none" : `${from + 1} to ${from + shown}`;
  return [
    shown === total ? `${total} in all` : `${range} of ${total}`,
    ...(next === undefined ? [] : [`more: --from ${next}, or --all`]),
  ];
}
