import { isRoomAlias, isRoomId } from "../../api/mxid.js";
import type { RedactionStatus } from "../../api/index.js";
import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { counted } from "../counted.js";
import { exitCodes, PartialFailure, UsageError } from "../errors.js";
import { failIfJobFailed } from "../job.js";
import { collect, integer } from "../options.js";
import { shellWord } from "../shell.js";
import type { View } from "../../output/index.js";

interface RedactOptions {
  room?: string[];
  reason?: string;
  limit?: number;
}

export function register(user: Command, ctx: Context): void {
  user
    .command("redact")
    .summary("Redact what a user sent.")
    .description(
      "Redact what a user sent: messages, encrypted ones too, and joins. Without --room in every room that the user is " +
        "joined to or banned from; rooms that were left must be named. Synapse does it in the background, follow it " +
        "with `user redact-status`. For a user of another server it is done in your name, and needs your power in each " +
        "room. It cannot be undone.",
    )
    .argument("<user-id>", "full Matrix ID, of another server too, or the localpart of a local account")
    .addOption(
      new Option("-r, --room <room>", "only in this room: its ID or an alias; may be repeated").argParser(collect),
    )
    .option("--reason <text>", "why; everybody in the room can read it in each redaction")
    .addOption(
      new Option(
        "-l, --limit <number>",
        "how many of the user's newest events to look at in each room (default: 1000)",
      ).argParser(integer(1)),
    )
    .action(async (text: string, { room, reason, limit }: RedactOptions) => {
      const rooms = await roomIds(ctx, room ?? []);
      const userId = await ctx.userId(text);
      const where = rooms.length > 0 ? `each of ${rooms.join(", ")}` : "each room that it is joined to or banned from";
      await ctx.confirmIfAttended(`Redact up to ${limit ?? 1000} events of ${userId} in ${where}, for good?`);
      const { redactions } = await ctx.admin();
      await ctx.print(await redactions.start(userId, { rooms, reason, limit }), startedView);
    })
    .examples(
      "synadm user redact --reason spam @spammer:example.org",
      "synadm user redact --room '#lobby:example.org' --limit 50 alice",
    );

  user
    .command("redact-status")
    .summary("Show how far a redaction is.")
    .description(
      "Show how far a redaction is: scheduled, active, complete (with the events that could not be redacted: exit code 4) " +
        "or failed (exit code 1). Synapse remembers it for a week.",
    )
    .argument("<redact-id>", "what `user redact` printed")
    .action(async (redactId: string) => {
      const { redactions } = await ctx.admin();
      const status = await redactions.status(redactId);
      await ctx.print(status, statusView);
      const failed = Object.keys(status.failed_redactions ?? {}).length;
      const message = `${counted(failed, "event")} could not be redacted`;
      if (failed > 0 && status.status === "complete") throw new PartialFailure(message, exitCodes.partly);
      if (failed > 0) ctx.warning(message);
      await failIfJobFailed(ctx, `redaction ${redactId}`, status);
    })
    .examples("synadm user redact-status AbCdEfGhIjKlMnOp");
}

/** One room that does not exist makes the whole job fail, so what cannot be one is not sent. */
async function roomIds(ctx: Context, texts: readonly string[]): Promise<string[]> {
  const wrong = texts.find((text) => !isRoomId(text) && !isRoomAlias(text));
  if (wrong !== undefined) throw new UsageError(`--room: '${wrong}' is neither a room ID nor an alias`);
  const ids: string[] = [];
  for (const text of texts) ids.push(await ctx.roomId(text));
  return ids;
}

const startedView: View<{ redact_id: string }> = {
  human: (data) => ({
    blocks: [{ data }],
    notes: [`how far it is: synadm user redact-status ${shellWord(data.redact_id)}`],
  }),
};

const statusView: View<RedactionStatus> = {
  human: ({ failed_redactions = {}, ...rest }) => {
    const failed = Object.entries(failed_redactions).map(([event_id, error]) => ({ event_id, error }));
    return { blocks: [rest, ...failed].map((data) => ({ data })) }; // in a table the reasons would be cut
  },
};
