import { HttpError } from "../api/errors.js";
import type { Room } from "../api/index.js";
import { Option, type Command } from "./command.js";
import type { Context } from "./context.js";
import { cutoff, cutoffFlags, cutoffOptions, type CutoffOptions } from "./cutoff.js";
import { reason, UsageError } from "./errors.js";
import { failIfJobFailed } from "./job.js";
import { countTyped, roomIdHelp } from "./options.js";
import { shellWord } from "./shell.js";
import { dateInWords } from "./when.js";
import type { View } from "../output/index.js";

interface PurgeOptions extends CutoffOptions {
  beforeEventId?: string;
  deleteLocal?: boolean;
}

export function register(history: Command, ctx: Context): void {
  history
    .command("purge")
    .summary("Erase the old events of a room.")
    .description(
      "Erase the old events of a room from the database of this server. Exactly one of --before-event-id, " +
        "--before-days, --before and --before-ts is needed. State events and the last message always stay; events of " +
        "remote users can be fetched again. The server does it in the background, which may take long: follow it with " +
        "history purge-status. Disk space comes back only when the database is vacuumed.",
    )
    .argument("<room>", roomIdHelp)
    .addOption(
      new Option(
        "-i, --before-event-id <event>",
        "events before this one, which stays itself; quote it from the shell: '$abc'",
      ),
    )
    .addOptions(cutoffOptions({ beforeDays: "-d" }, "events received"))
    .option(
      "--delete-local",
      "also events that users of this server sent, which are kept otherwise: there may be no other copy of them",
    )
    .action(async (room: string, options: PurgeOptions) => {
      countTyped(options, { beforeEventId: "--before-event-id", ...cutoffFlags }, { min: 1, max: 1 });
      const upTo = await limit(ctx, options);
      const roomId = await ctx.roomId(room);
      const { history: purges } = await ctx.admin();
      await showRoom(ctx, roomId);
      const whose = options.deleteLocal === true ? "all events, those of local users too," : "remote users' events";
      const where = upTo.beforeTs === undefined ? `event ${upTo.beforeEventId}` : await dateInWords(upTo.beforeTs);
      await ctx.confirm(`Erase ${whose} before ${where} in ${roomId} for good?`);
      const purge = await purges.purge(roomId, { ...upTo, deleteLocalEvents: options.deleteLocal });
      await ctx.print(purge, purgeView);
    })
    .examples(
      "synadm history purge --before-days 365 '#lobby:example.org'",
      "synadm history purge --before-event-id '$abc' --delete-local '!room:example.org'",
    );

  history
    .command("purge-status")
    .summary("Show how far a purge is.")
    .description("Show how far a purge is: active, complete or failed (exit code 1). It is known for a week.")
    .argument("<purge-id>", "what history purge printed")
    .action(async (purgeId: string) => {
      const { history: purges } = await ctx.admin();
      const status = await purges.purgeStatus(purgeId);
      await ctx.print(status);
      await failIfJobFailed(ctx, `purge ${purgeId}`, status);
    })
    .examples("synadm history purge-status AbCdEfGhIjKlMnOp");
}

async function limit(
  ctx: Context,
  { beforeEventId, ...when }: PurgeOptions,
): Promise<{ beforeEventId: string; beforeTs?: undefined } | { beforeTs: number; beforeEventId?: undefined }> {
  if (beforeEventId === undefined) return { beforeTs: await cutoff(ctx, when) };
  if (!/^\$\S+$/.test(beforeEventId))
    throw new UsageError(`'${beforeEventId}' is no event ID: it starts with $ and must be quoted from the shell`);
  return { beforeEventId };
}

/** Which room it is; the server says itself whether it can be purged. */
async function showRoom(ctx: Context, roomId: string): Promise<void> {
  if (ctx.globals.batch) return;
  const { rooms } = await ctx.admin();
  try {
    await ctx.preview(await rooms.get(roomId), roomView);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    ctx.warning(reason(error));
  }
}

const roomView: View<Room> = {
  human: (room) => ({
    blocks: [{ data: room, columns: ["room_id", "name", "canonical_alias", "joined_members", "joined_local_members"] }],
  }),
};

const purgeView: View<{ purge_id: string }> = {
  human: (purge) => ({
    blocks: [{ data: purge }],
    notes: [`its progress: synadm history purge-status ${shellWord(purge.purge_id)}`],
  }),
};
