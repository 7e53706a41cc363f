import { NetworkError, resets } from "./errors.js";
import type { Method, Reply } from "./connection.js";
import { parseJson } from "./json.js";
import { isRecord } from "./needs.js";

/** How long to wait, and the wall clock that `Retry-After` dates are measured with. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export interface Patience {
  clock: Clock;
  /** What all waits for one request may sum up to. */
  waitMs: number;
  onWait(reason: string, ms: number): void;
}

const gateways: ReadonlySet<number> = new Set([502, 503, 504]);
const maxTries = 3;

/**
 * Tries until there is an answer worth having. 429 is waited out for every method, since the server did nothing. Only a
 * GET is tried again after a reset connection or a proxy's 502, 503, 504: anything else may have been done already.
 */
export async function patiently(method: Method, attempt: () => Promise<Reply>, patience: Patience): Promise<Reply> {
  let waitedMs = 0;
  let limited = 0;
  for (let failures = 0; ;) {
    const outcome = await attempt().catch((error: unknown) => {
      if (method === "get" && error instanceof NetworkError && resets.has(error.code)) return error;
      throw error;
    });
    let reason: string;
    let ms: number;
    if (!(outcome instanceof NetworkError) && outcome.status === 429) {
      ms = Math.max(retryAfterMs(outcome, patience.clock.now()) ?? 0, 250 * 2 ** limited++);
      reason = "the homeserver asks for patience (429)";
    } else if (outcome instanceof NetworkError || (method === "get" && gateways.has(outcome.status))) {
      ms = 250 * 2 ** failures++;
      reason = outcome instanceof NetworkError ? outcome.message : `a gateway answered ${outcome.status}`;
      if (failures >= maxTries) return settle(outcome);
    } else {
      return outcome;
    }
    waitedMs += ms;
    if (waitedMs > patience.waitMs) return settle(outcome);
    patience.onWait(reason, ms);
    await patience.clock.sleep(ms);
  }
}

function settle(outcome: Reply | NetworkError): Reply {
  if (outcome instanceof NetworkError) throw outcome;
  return outcome;
}

/** Synapse says it in the body; the header, in seconds or as a date, is for proxies. */
export function retryAfterMs(reply: Reply, now: number): number | undefined {
  try {
    const body = parseJson(reply.text ?? "");
    const ms = isRecord(body) ? body["retry_after_ms"] : undefined;
    if (typeof ms === "number" || typeof ms === "bigint") return Number(ms);
  } catch {
    // no JSON: the header may know
  }
  const header = reply.headers["retry-after"];
  if (typeof header !== "string" || header.trim() === "") return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? ms : undefined;
}
