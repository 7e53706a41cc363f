import { HttpError, InvalidValueError, NetworkError, resets } from "../api/errors.js";
import type { Context } from "./context.js";
import { exitCodeOf, exitCodes, PartialFailure, reason, report } from "./errors.js";
import { isOfGateway } from "./hints.js";
import { visible } from "../output/visible.js";
import type { View } from "../output/index.js";

/** How an item ends where nothing fails; a job that the homeserver took on is only started. */
type Success = "done" | "started";

/** What became of one item. */
export type Outcome<T> =
  { target: string; outcome: Success; result: T } | { target: string; outcome: "failed" | "not tried"; error: string };

/**
 * Does the same to one item after the other. A failing one does not stop the others, unless the connection is gone:
 * then the rest is not tried.
 *
 * @returns an outcome for each item, in order, and the first failure
 */
export async function eachInTurn<T>(
  ctx: Context,
  targets: readonly string[],
  act: (target: string) => Promise<T>,
  success: Success = "done",
): Promise<Outcomes<T>> {
  const outcomes: Outcome<T>[] = [];
  let failure: unknown;
  let unclear = 0;
  let unanswered = 0;
  let current: string | undefined;
  const lastWords = () => {
    const done = outcomes.filter(({ outcome }) => outcome === success);
    return [
      `synadm: until here, ${done.length} of ${targets.length} were ${success}`,
      ...done.map(({ target }) => `${success}: ${target}`),
      ...(current === undefined ? [] : [`perhaps ${success}: ${current}`]),
    ]
      .map((line) => `${visible(line)}\n`)
      .join("");
  };
  ctx.io.lastWords.add(lastWords); // for good: the result may not get through
  for (const target of targets) {
    if (unanswered >= 2) {
      outcomes.push({ target, outcome: "not tried", error: "the connection to the homeserver is gone" });
      continue;
    }
    current = target;
    try {
      outcomes.push({ target, outcome: success, result: await act(target) });
      unanswered = 0;
    } catch (error) {
      if (!itemErrors.some((type) => error instanceof type)) throw error;
      failure ??= error;
      // One answer that was cut off says little about the next item; a server that cannot be reached says it all.
      const weight = error instanceof NetworkError ? weightOf(error) : 0;
      if (error instanceof NetworkError ? weight < 2 : error instanceof HttpError && isOfGateway(error)) unclear++;
      unanswered = weight === 0 ? 0 : unanswered + weight;
      outcomes.push({ target, outcome: "failed", error: reason(error) });
      ctx.complain(report(error, false));
    }
  }
  current = undefined;
  return { outcomes, failure, unclear };
}

/** What one item fails with, and not the whole. */
const itemErrors = [HttpError, NetworkError, InvalidValueError, PartialFailure] as const;

const cutOff: ReadonlySet<string> = new Set([...resets, "TIMEOUT"]);
const unreachable =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ENOENT|EACCES|EPROTO|PROXY|UNREACHED)$|CERT|TLS|SIGNED/;

/** Whatever else went wrong, an answer that cannot be read among it, is no sign that the next item will fail. */
function weightOf({ code }: NetworkError): number {
  return cutOff.has(code) ? 1 : unreachable.test(code) ? 2 : 0;
}

export interface Outcomes<T> {
  outcomes: Outcome<T>[];
  failure: unknown;
  /** How many may have been done though they failed: there was no answer that could be read. */
  unclear: number;
}

/** Prints what became of the items, and throws if not all was done. Where no answer came at all, there is no result. */
export async function printOutcomes<T>(ctx: Context, outcomes: Outcomes<T>, view?: View<Outcome<T>[]>): Promise<void> {
  if (shortfallOf(outcomes)?.code !== exitCodes.noAnswer) await ctx.print(outcomes.outcomes, view);
  throwUnlessDone(ctx, outcomes);
}

/**
 * For commands that print in a shape of their own. Where there is no result, the items that were not tried are named.
 *
 * @throws PartialFailure, which counts the items that are not done
 */
export function throwUnlessDone(ctx: Context, outcomes: Outcomes<unknown>): void {
  const shortfall = shortfallOf(outcomes);
  if (shortfall === undefined) return;
  if (shortfall.code === exitCodes.noAnswer) {
    const untried = outcomes.outcomes.filter(({ outcome }) => outcome === "not tried");
    for (const { target } of untried) ctx.note(`synadm: not tried: ${target}`);
  }
  throw shortfall;
}

function shortfallOf({ outcomes, failure, unclear }: Outcomes<unknown>): PartialFailure | undefined {
  const done = outcomes.filter((item) => "result" in item).length;
  if (done === outcomes.length) return undefined;
  const untried = outcomes.filter(({ outcome }) => outcome === "not tried").length;
  const message = [
    `${outcomes.length - done} of ${outcomes.length} could not be done`,
    ...(unclear === 0 ? [] : [`${unclear} of them perhaps are, since no answer said so`]),
    ...(untried === 0 ? [] : [`${untried} of them not tried: the connection to the homeserver is gone`]),
  ];
  // An item that cannot be named in a request comes from the homeserver's list: nobody typed something wrong.
  const none = failure instanceof InvalidValueError ? exitCodes.refused : exitCodeOf(failure);
  return new PartialFailure(message.join(", "), done > 0 ? exitCodes.partly : none);
}
