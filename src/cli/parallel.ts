/**
 * Does what does not hang on each other a few at a time. After an error nothing more is begun, and what is begun is
 * waited for: nothing goes on behind the caller's back.
 *
 * @returns the results, in the order of the items
 */
export async function fewAtATime<T, R>(items: readonly T[], act: (item: T) => Promise<R>, atATime = 32): Promise<R[]> {
  const results: R[] = [];
  const queue = numbered(items);
  const workers = items.slice(0, atATime).map(async (_, place) => {
    // One after the other: the first request is on its way while the last is still made.
    for (let turn = 0; turn < place; turn++) await new Promise(setImmediate);
    for (const [at, item] of queue) results[at] = await act(item);
  });
  try {
    await Promise.all(workers);
  } finally {
    await Promise.allSettled(workers);
  }
  return results;
}

/** A generator, unlike the entries of an array, is over for all once one loop is left. */
function* numbered<T>(items: readonly T[]): Generator<[number, T], void, void> {
  yield* items.entries();
}
