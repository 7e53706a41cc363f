/** What every offset-paged list of Synapse takes. */
export interface PageQuery {
  /** Rows to skip. Default 0. */
  from?: number | undefined;
  /** Rows in one answer; for the generators, in each of their requests. Default 100. */
  limit?: number | undefined;
}

/** `f` is ascending, `b` descending; counts of rooms go the other way round. */
export type Direction = "f" | "b";

export interface Page<T> {
  items: readonly T[];
  /** Offset of the next page, as a number or as text; absent on the last one. */
  next: number | string | undefined;
}

/**
 * Walks an offset-paged list and yields its items; leaving the loop stops the requests. Rows shift when some vanish, so
 * whoever changes them collects them first.
 */
export async function* items<T>(
  from: number,
  fetch: (from: number) => Promise<Page<T>>,
): AsyncGenerator<T, void, void> {
  for (;;) {
    const page = await fetch(from);
    yield* page.items;
    const next = Number(page.next);
    // With limit=0 Synapse answers no rows and the offset that it was asked for, for ever.
    if (page.items.length === 0 || !(next > from)) return;
    from = next;
  }
}
