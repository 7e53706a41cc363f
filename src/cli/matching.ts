import { runInNewContext } from "node:vm";
import { isRecord } from "../output/data.js";
import { UsageError } from "./errors.js";
import { signals } from "./print.js";

const atATime = 100;
/** Nothing else is done meanwhile, not even by a signal. */
const limitMs = 2000;

/**
 * Those whose full Matrix ID the expression matches.
 *
 * @throws UsageError when it takes too long: strangers choose the names
 */
export async function* matching<T extends { name: string }>(
  pattern: RegExp,
  users: AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  let some: T[] = [];
  for await (const user of users) {
    some.push(user);
    if (some.length < atATime) continue;
    yield* await matched(pattern, some);
    some = [];
  }
  yield* await matched(pattern, some);
}

async function matched<T extends { name: string }>(pattern: RegExp, users: readonly T[]): Promise<readonly T[]> {
  let found: readonly T[] = [];
  const match = () => void (found = users.filter(({ name }) => pattern.test(name)));
  try {
    runInNewContext("match()", { match }, { timeout: limitMs });
  } catch (error) {
    if (!isTimeOut(error)) throw error;
    await signals(); // the end of what Node is at
    await signals(); // then it looks whether there was a Ctrl-C meanwhile, which ends the program
    throw new UsageError(
      "the regular expression takes too long: repeats within or behind each other, such as (a+)+ or .*x.*y.*, try too many ways",
    );
  }
  return found;
}

/** It is an Error of the other context, not of ours. */
function isTimeOut(error: unknown): boolean {
  return isRecord(error) && error["code"] === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
