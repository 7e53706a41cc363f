import type { Call } from "./call.js";

/** A request with a transaction ID takes effect once: the same session gets the same answer again. */
export async function once(call: Call, handle: (call: Call) => unknown): Promise<unknown> {
  const { transactions } = call.world;
  const { userId, deviceId, token } = call.caller;
  const key = `${call.path} ${userId} ${deviceId ?? token}`;
  const known = transactions.get(key);
  if (known !== undefined) return known;
  const answer: unknown = await handle(call);
  transactions.set(key, answer);
  return answer;
}
