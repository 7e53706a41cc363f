/**
 * What callers rely on in an answer, by example: its fields, the types of their values, the items of lists, how texts
 * look. A boolean is one that was asked for: the answer must hold the same; `Boolean` stands for either.
 */
export type Needs<T> = T extends string
  ? string | RegExp
  : T extends readonly (infer Item)[]
    ? readonly [Needs<Item>]
    : T extends object
      ? { readonly [Key in keyof T]?: Needs<T[Key]> }
      : T extends boolean
        ? T | BooleanConstructor
        : T;

/**
 * Looks whether an answer is like the example.
 *
 * @returns the path of the first place where it is not, such as `users[].name`; empty for the answer as a whole
 */
export function unlike(answer: unknown, example: unknown, path = ""): string | undefined {
  if (example instanceof RegExp) return typeof answer === "string" && example.test(answer) ? undefined : path;
  if (example === Boolean) return typeof answer === "boolean" ? undefined : path;
  if (typeof example === "boolean") return answer === example ? undefined : path;
  if (Array.isArray(example)) {
    if (!Array.isArray(answer)) return path;
    return first(answer, (item) => unlike(item, example[0], `${path}[]`));
  }
  if (isRecord(example)) {
    if (!isRecord(answer)) return path;
    return first(Object.entries(example), ([key, inner]) => unlike(answer[key], inner, path ? `${path}.${key}` : key));
  }
  return typeof answer === typeof example ? undefined : path;
}

function first<T>(items: readonly T[], find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
