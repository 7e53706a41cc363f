import { offsetAfter } from "../api/synapse-admin/pages.js";
import { UsageError } from "./errors.js";
import type { Paging } from "./options.js";

/** How a paged endpoint is asked and its pages are put together. */
export interface PagedList<Reply, Item> {
  /** What is wanted, for errors. */
  purpose: string;
  fetch(page: { from: number; limit: number }): Promise<Reply>;
  items(reply: Reply): readonly Item[];
  /** Offset of the next page, as a number or as text; undefined on the last one. */
  next(reply: Reply): string | number | undefined;
  /** The first page's reply with the items of all pages, and without a next page. */
  whole(reply: Reply, items: Item[]): Reply;
}

/** The page that was asked for, or with `--all` everything from there on in one reply that no longer names a next page. */
export async function collectPages<Reply extends object, Item>(
  { from, limit, all }: Paging,
  list: PagedList<Reply, Item>,
): Promise<Reply> {
  if (all === true && limit === 0) throw new UsageError("--all takes a --limit of 1 at least");
  const first = await list.fetch({ from, limit });
  if (all !== true) return first;
  const items = [...list.items(first)];
  for (let reply = first, at = from; ;) {
    const next = offsetAfter(list.purpose, { from: at, limit }, { items: list.items(reply), next: list.next(reply) });
    if (next === undefined) break;
    at = next;
    reply = await list.fetch({ from: at, limit });
    items.push(...list.items(reply));
  }
  return list.whole(first, items);
}

/** What a person should know beside the page: how much there is, and how to see more. */
export function pageNotes(
  { from }: Paging,
  { shown, total, next }: { shown: number; total: number; next: string | number | undefined },
): string[] {
  const range = shown === 0 ? "none" : `${from + 1} to ${from + shown}`;
  return [
    shown === total ? `${total} in all` : `${range} of ${total}`,
    ...(next === undefined || shown === 0 ? [] : [`more: --from ${next}, or --all`]),
  ];
}
