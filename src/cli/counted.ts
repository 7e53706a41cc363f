/** `1 room`, `2 rooms`. */
export function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}

/** The first of a list that is longer than anybody reads before answering, and how many more there are. */
export function firstOf(items: readonly string[], shown: number, total = items.length): string[] {
  const first = items.slice(0, shown);
  const more = total - first.length;
  return more > 0 ? [...first, `and ${more} more`] : first;
}
