type Value = string | number | boolean | null;

/** Sorts like the database: null first; ties by the second key, which `dir` leaves alone. */
export function sortRows<T>(rows: T[], by: (row: T) => Value, then: (row: T) => string, backwards: boolean): T[] {
  const keyed = rows.map((row) => ({ row, key: by(row), tie: then(row) }));
  const sign = backwards ? -1 : 1;
  return keyed.sort((a, b) => sign * compare(a.key, b.key) || compare(a.tie, b.tie)).map(({ row }) => row);
}

export function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}
