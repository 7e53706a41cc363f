import { Option } from "./command.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import { integer } from "./options.js";
import { daysFrom, milliseconds, pointInTime, pointInTimeHelp, sayWhen } from "./when.js";

/** The ways to say up to when something goes. A command needs exactly one of them, or of these and its own. */
export interface CutoffOptions {
  beforeDays?: number;
  before?: string;
  beforeTs?: string;
}

/** Names of these options, for `countTyped`. */
export const cutoffFlags = { beforeDays: "--before-days", before: "--before", beforeTs: "--before-ts" } as const;

/**
 * @param short short flags; they differ from command to command
 * @param what such as `media last accessed`
 */
export function cutoffOptions(
  short: { beforeDays: string; before?: string; beforeTs?: string },
  what: string,
): Option[] {
  const flags = (flag: string | undefined, long: string) => (flag === undefined ? long : `${flag}, ${long}`);
  return [
    new Option(
      flags(short.beforeDays, "--before-days <days>"),
      `${what} more than this many days ago; 0 is now`,
    ).argParser(integer()),
    new Option(
      flags(short.before, "--before <when>"),
      `${what} before ${pointInTimeHelp}, or an age such as 30d, 12h, 2w`,
    ),
    new Option(flags(short.beforeTs, "--before-ts <ms>"), `${what} before this many milliseconds since 1970`),
  ];
}

/**
 * The point in time that was typed.
 *
 * @returns milliseconds since the epoch
 */
export async function cutoff(ctx: Context, { beforeDays, before, beforeTs }: CutoffOptions): Promise<number> {
  const ms =
    beforeDays !== undefined
      ? daysFrom(ctx.io.now(), -beforeDays)
      : before !== undefined
        ? pointInTime(before, -1, ctx.io)
        : milliseconds(beforeTs ?? "");
  if (ms < 0) throw new UsageError(`${beforeDays} days ago is before 1970`);
  await sayWhen(ctx, "up to", ms);
  return ms;
}
