import type { Device } from "../../api/index.js";
import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { counted } from "../counted.js";
import { JobFailed, UsageError } from "../errors.js";
import { datesOrNumbers, integer, userIdHelp } from "../options.js";
import { dateInWords, daysFrom, sayWhen } from "../when.js";
import type { View } from "../../output/index.js";

interface PruneOptions {
  listOnly?: boolean;
  minDays: number;
  minSurviving: number;
  deviceId?: string;
  includeNeverSeen?: boolean;
  dates?: boolean;
}

export function register(user: Command, ctx: Context): void {
  user
    .command("prune-devices")
    .summary("End a user's oldest sessions.")
    .description(
      "End a user's oldest sessions: those not seen for some days, as long as enough others are left. Their access " +
        "tokens and encryption keys are deleted, so that messages which only such a device could decrypt stay " +
        "unreadable. Prints the sessions that it ended, or would end.",
    )
    .argument("<user-id>", userIdHelp)
    .option("-l, --list-only", "end none, only list what would be")
    .addOption(
      new Option("-d, --min-days <days>", "spare what was seen in this many last days; 0 spares none")
        .argParser(integer())
        .default(90),
    )
    .addOption(
      new Option(
        "-s, --min-surviving <number>",
        "how many sessions to leave at least; unless 0, the one last seen is among them, if --device-id does not name it",
      )
        .argParser(integer())
        .default(1),
    )
    .option(
      "-i, --device-id <id>",
      "only this one, which must exist, whenever it was seen; --min-surviving still holds",
    )
    .option(
      "--include-never-seen",
      "also sessions that were never seen, after all others: ones that were just started, or made with a token that was never used",
    )
    .addOptions(datesOrNumbers())
    .action(async (text: string, options: PruneOptions) => {
      const { deviceId } = options;
      if (deviceId === "") throw new UsageError("--device-id is empty");
      // On a clock that is behind the server's, some were seen in the future.
      const before = options.minDays === 0 ? Infinity : daysFrom(ctx.io.now(), -options.minDays);
      if (before < Infinity) await sayWhen(ctx, "last seen before", before);
      const userId = await ctx.userId(text);
      const { devices } = await ctx.admin();
      const all = (await devices.list(userId)).devices;
      const doomed = prunable(all, { ...options, before });
      // Who names a session must not take it for ended.
      if (deviceId !== undefined && !all.some(({ device_id }) => device_id === deviceId)) {
        throw new JobFailed(`${userId} has no session ${deviceId}`);
      }
      if (deviceId !== undefined && doomed.length === 0) ctx.note(spared(deviceId, options.minSurviving));
      const view = doomedView(doomed.length, all.length);
      if (options.listOnly !== true && doomed.length > 0) {
        if (ctx.prompter.attended) await ctx.preview(doomed, view);
        await ctx.confirmIfAttended(`End ${await inQuestion(options, doomed.length, before)} of ${userId}?`);
        await devices.delete(
          userId,
          doomed.map(({ device_id }) => device_id),
        );
      }
      await ctx.print(doomed, view, { dates: options.dates });
    })
    .examples(
      "synadm user prune-devices --list-only alice",
      "synadm --batch user prune-devices --min-days 365 --min-surviving 2 alice",
    );
}

/**
 * The sessions that go, those not seen for longest first. Of those that are to survive, one is the one last seen: others
 * that were never used would be no use to the user. A dehydrated device is no session, but where a user's keys wait
 * while all sessions are logged out: it goes only when it is named.
 *
 * @param options `before`: milliseconds since the epoch
 */
export function prunable(
  devices: readonly Device[],
  {
    before,
    minSurviving,
    deviceId,
    includeNeverSeen = false,
  }: Pick<PruneOptions, "minSurviving" | "deviceId" | "includeNeverSeen"> & { before: number },
): Device[] {
  const sessions = devices.filter(({ device_id, dehydrated }) => dehydrated !== true || device_id === deviceId);
  const wasSeen = ({ last_seen_ts }: Device) => typeof last_seen_ts === "number"; // whatever else a server may say there
  const lastSeen = minSurviving > 0 ? sessions.filter(wasSeen).sort(byLastSeen).at(-1) : undefined;
  const mayGo = (session: Device) => {
    if (deviceId !== undefined) return session.device_id === deviceId;
    if (session.last_seen_ts === null) return includeNeverSeen;
    return wasSeen(session) && session !== lastSeen && session.last_seen_ts <= before;
  };
  return sessions
    .filter(mayGo)
    .sort(byLastSeen)
    .slice(0, Math.max(sessions.length - minSurviving, 0));
}

/** Those that were never seen come last. */
function byLastSeen(a: Device, b: Device): number {
  return (a.last_seen_ts ?? Infinity) - (b.last_seen_ts ?? Infinity) || 0;
}

function spared(deviceId: string, minSurviving: number): string {
  const survivors = `${minSurviving} ${minSurviving === 1 ? "is" : "are"}`;
  return `session ${deviceId} is spared: at least ${survivors} to survive; --min-surviving 0 ends it`;
}

async function inQuestion(
  { deviceId, includeNeverSeen }: PruneOptions,
  count: number,
  before: number,
): Promise<string> {
  if (deviceId !== undefined) return `session ${deviceId}`;
  const sessions = counted(count, "session");
  if (before === Infinity) return sessions;
  return `${sessions} ${includeNeverSeen === true ? "never seen or " : ""}last seen before ${await dateInWords(before)}`;
}

function doomedView(count: number, total: number): View<Device[]> {
  return {
    times: ["last_seen_ts"],
    human: (devices) => ({
      blocks: [{ data: devices, columns: ["device_id", "display_name", "last_seen_ts"], empty: "no session to end" }],
      notes: [`${count} of ${total} sessions`],
    }),
  };
}
