import type { Context } from "./context.js";
import { JobFailed } from "./errors.js";

/**
 * @param job what a person calls it
 * @param status as the homeserver tells how far it is
 * @throws JobFailed if it failed, with the homeserver's words for why
 */
export async function failIfJobFailed(
  ctx: Context,
  job: string,
  { status, error }: { status: string; error?: unknown },
): Promise<void> {
  if (status !== "failed") return;
  const { connection } = await ctx.admin();
  const why = typeof error === "string" ? error : "the homeserver does not say why";
  throw new JobFailed(connection.secrets.hide(`${job} failed: ${why}`));
}
