import { runInNewContext } from "node:vm";
import { isRecord } from "../output/data.js";
import { UsageError } from "./errors.js";

/** Even a slow machine needs a hundredth of it for so many names. */
const atATime = 1000;
const limitMs = 1000;

/**
 * Those whose full Matrix ID the expression matches.
 *
 * @throws UsageError when it takes too long: strangers choose the names, and nothing else is done meanwhile, not even by a
 *   signal
 */
export async function* matching<T extends { name: string }>(
  pattern: RegExp,
  users: AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  let some: T[] = [];
  for await (const user of users) {
    some.push(user);
    if (some.length < atATime) continue;
    yield* matched(pattern, some);
    some = [];
  }
  yield* matched(pattern, some);
}

function matched<T extends { name: string }>(pattern: RegExp, users: readonly T[]): readonly T[] {
  let found: readonly T[] = [];
  const match = () => void (found = users.filter(({ name }) => pattern.test(name)));
  try {
    runInNewContext("match()", { match }, { timeout: limitMs });
  } catch (error) {
    if (!isTimeOut(error)) throw error;
    throw new UsageError(
      "the regular expression takes too long: a repeat within a repeat, such as (a+)+, tries too many ways",
    );
  }
  return found;
}

/** It is an Error of the other context, not of ours. */
function isTimeOut(error: unknown): boolean {
  return isRecord(error) && error["code"] === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
