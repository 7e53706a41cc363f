import type { GeneratedUsers } from "./generated-users.js";
import type { User } from "./user.js";

/** What `users list` can filter by; undefined means both. */
export interface UserFilter {
  name?: string | undefined;
  userId?: string | undefined;
  guests: boolean;
  locked: boolean;
  deactivated: boolean | undefined;
  admins: boolean | undefined;
  notUserTypes: string[];
}

/**
 * All accounts: the stored ones, and the generated ones, which become stored ones when they are first changed.
 * A generated user is active, unlocked, no guest, no admin and has no type, so that a list of a million is mostly
 * counting.
 */
export class UserStore {
  private readonly stored = new Map<string, User>();
  private lastSearch: { term: string; indexes: number[] } = { term: "", indexes: [] };

  constructor(readonly generated: GeneratedUsers) {}

  get size(): number {
    return this.storedOnly().length + this.generated.count;
  }

  add(user: User): User {
    this.stored.set(user.userId, user);
    return user;
  }

  has(userId: string): boolean {
    return this.get(userId) !== undefined;
  }

  /** To look at. Use `edit` to change a user. */
  get(userId: string): Readonly<User> | undefined {
    const index = this.generated.indexOf(userId);
    return this.stored.get(userId) ?? (index === undefined ? undefined : this.generated.make(index));
  }

  /** The user as an object that may be changed. */
  edit(userId: string): User | undefined {
    const index = this.generated.indexOf(userId);
    if (index !== undefined && !this.stored.has(userId)) this.add(this.generated.make(index));
    return this.stored.get(userId);
  }

  /** Every stored account; the generated ones have no threepids, external IDs or media to be found by. */
  values(): IterableIterator<User> {
    return this.stored.values();
  }

  /** One page in the order of the IDs, without making the users before it. */
  page(filter: UserFilter, from: number, limit: number, backwards: boolean): { users: User[]; total: number } {
    const test = termTest(filter);
    const stored = [...this.stored.values()]
      .filter((user) => matches(user, filter) && test(user.userId, user.displayname ?? ""))
      .sort((a, b) => (a.userId < b.userId ? -1 : 1));
    const plain = this.matchingIndexes(filter);
    const ranks = stored.map((user, nth) => nth + plain.countBefore(this.generated.countBefore(user.userId)));
    const total = stored.length + plain.count;
    const users: User[] = [];
    for (let nth = from; nth < Math.min(from + limit, total); nth += 1) {
      const rank = backwards ? total - 1 - nth : nth;
      const before = ranks.filter((other) => other <= rank).length;
      const here = before > 0 && ranks[before - 1] === rank ? stored[before - 1] : undefined;
      users.push(here ?? this.generated.make(plain.at(rank - before)));
    }
    return { users, total };
  }

  /** Everything that matches, for the sort orders that need it. */
  all(filter: UserFilter): User[] {
    return this.page(filter, 0, Number.MAX_SAFE_INTEGER, false).users;
  }

  private storedOnly(): User[] {
    return [...this.stored.values()].filter((user) => this.generated.indexOf(user.userId) === undefined);
  }

  /** The generated users that match and are not stored, as a sequence that can be counted and indexed. */
  private matchingIndexes(filter: UserFilter): Sequence {
    const noneMatch = filter.deactivated === true || filter.admins === true || filter.notUserTypes.includes("");
    if (noneMatch || this.generated.count === 0) return new Sequence([], []);
    const changed = [...this.stored.keys()]
      .flatMap((userId) => this.generated.indexOf(userId) ?? [])
      .sort((a, b) => a - b);
    const indexes = filter.name || filter.userId ? this.search(filter) : this.generated.count;
    return new Sequence(indexes, changed);
  }

  private search(filter: UserFilter): number[] {
    const term = filter.name ? `name ${filter.name}` : `id ${filter.userId ?? ""}`;
    // The next page asks for the same again: looking through a million names takes a while.
    if (this.lastSearch.term !== term) {
      const indexes: number[] = [];
      const test = termTest(filter);
      for (let index = 0; index < this.generated.count; index += 1) {
        if (test(this.generated.userId(index), this.generated.displayname(index))) indexes.push(index);
      }
      this.lastSearch = { term, indexes };
    }
    return this.lastSearch.indexes;
  }
}

/** Sorted indexes (all below a count, or the listed ones) minus the changed ones. */
class Sequence {
  private readonly left: readonly number[] | undefined;
  readonly count: number;

  constructor(
    private readonly indexes: number | readonly number[],
    private readonly changed: readonly number[],
  ) {
    const gone = new Set(changed);
    this.left = typeof indexes === "number" ? undefined : indexes.filter((index) => !gone.has(index));
    this.count = this.left?.length ?? Number(indexes) - changed.length;
  }

  at(position: number): number {
    if (this.left) return this.left[position] ?? 0;
    return this.changed.reduce((index, changed) => (changed <= index ? index + 1 : index), position);
  }

  /** How many of them are smaller. */
  countBefore(index: number): number {
    if (this.left) return this.left.filter((other) => other < index).length;
    return index - this.changed.filter((other) => other < index).length;
  }
}

function matches(user: User, filter: UserFilter): boolean {
  const { notUserTypes } = filter;
  return (
    (filter.guests || !user.isGuest) &&
    (filter.locked || !user.locked) &&
    (filter.deactivated === undefined || user.deactivated === filter.deactivated) &&
    (filter.admins === undefined || user.admin === filter.admins) &&
    !notUserTypes.includes(user.userType ?? "")
  );
}

function termTest(filter: UserFilter): (userId: string, displayname: string) => boolean {
  if (filter.name) {
    const term = like(filter.name);
    const inLocalpart = new RegExp(`^@.*${term}.*:`, "is");
    const inDisplayname = new RegExp(term, "is");
    return (userId, displayname) => inLocalpart.test(userId) || inDisplayname.test(displayname);
  }
  if (filter.userId) {
    const inUserId = new RegExp(like(filter.userId), "is");
    return (userId) => inUserId.test(userId);
  }
  return () => true;
}

/** The term stands in an SQL LIKE, where % and _ are wildcards. */
export function like(term: string): string {
  return term
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
}
