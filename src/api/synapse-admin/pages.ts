import { NetworkError } from "../errors.js";

/** What every offset-paged list of Synapse takes. */
export interface PageQuery {
  /** Rows to skip. Default 0. */
  from?: number | undefined;
  /** Rows in one answer; for the generators, in each of their requests. Default 100. */
  limit?: number | undefined;
}

export interface EveryPageQuery extends PageQuery {
  /** Called at the end where fewer rows came than there were said to be: some vanished meanwhile, or are missing. */
  onShort?: (() => void) | undefined;
}

/** `f` is ascending, `b` descending; counts of rooms go the other way round. */
export type Direction = "f" | "b";

export interface Page<T> {
  items: readonly T[];
  /** How many there are on all pages. */
  total: number;
  /** Offset of the next page, as a number or as text; absent, or null, on the last one. */
  next: unknown;
}

/**
 * Walks an offset-paged list and yields its items; leaving the loop stops the requests. Rows shift when some vanish, so
 * whoever changes them collects them first.
 *
 * @param purpose what is wanted, for errors
 */
export async function* items<T>(
  purpose: string,
  { from = 0, limit, onShort }: EveryPageQuery,
  fetch: (from: number) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  for (let count = from, promised = 0; ;) {
    const page = await fetch(from);
    yield* page.items;
    count += page.items.length;
    promised = Math.max(promised, page.total);
    const next = offsetAfter(purpose, { from, limit }, page);
    if (next === undefined) {
      if (count < promised) onShort?.();
      return;
    }
    from = next;
  }
}

/**
 * Where the page after this one begins; `undefined` on the last one. A page may have fewer rows than its limit, since
 * some vanish between Synapse's counting and reading. Synapse before 1.27 names an empty page after the last full one.
 *
 * @throws NetworkError when it does not lie ahead or leaves rows out: a list that just went on would be taken for whole;
 *   or when it lies behind the end: such a list may never end
 */
export function offsetAfter(
  purpose: string,
  { from = 0, limit = defaultLimit }: PageQuery,
  { items, total, next }: Page<unknown>,
): number | undefined {
  if (next === null || next === undefined) return undefined;
  const offset = Number(pageToken(next) ?? NaN);
  const isAhead = Number.isSafeInteger(offset) && offset > from && offset <= total && items.length > 0;
  if (isAhead && offset - from <= Math.max(limit, items.length)) return offset;
  const named = Number.isNaN(offset) ? "what is no number" : String(offset);
  throw new NetworkError(
    purpose,
    `the page from ${from} on names ${named} as the next one, of ${total} in all`,
    "UNEXPECTED",
  );
}

/** What names a next page, if it is a number or a text that can. */
export function pageToken(next: unknown): number | string | undefined {
  return typeof next === "number" || (typeof next === "string" && /^\S+$/.test(next)) ? next : undefined;
}

/** Synapse's own. */
const defaultLimit = 100;
