import { Option, type Command } from "../command.js";
import type { Context } from "../context.js";
import { cutoff, cutoffFlags, cutoffOptions, type CutoffOptions } from "../cutoff.js";
import { JobFailed, UsageError } from "../errors.js";
import { countTyped, integer } from "../options.js";
import { dateInWords } from "../when.js";
import type { DeletedMedia } from "../../api/index.js";
import type { View } from "../../output/index.js";
import { localMediaId, mediaIdHelp } from "./ids.js";

interface DeleteOptions extends CutoffOptions {
  mediaId?: string;
  size?: number;
  deleteProfiles?: boolean;
}

/** In bytes it goes to the server, as a number that JSON holds. */
const maxKib = Math.floor(Number.MAX_SAFE_INTEGER / 1024);

const slow =
  "The server works while synadm waits, at least five minutes unless --timeout says otherwise; a reverse proxy may give up earlier.";

export function register(media: Command, ctx: Context): void {
  media
    .command("delete")
    .summary("Delete one local file, or local files by age and size.")
    .description(
      "Delete one local file, or local files by age and size, for good. Exactly one of --media-id, --before-days, --before and " +
        "--before-ts is needed. What counts is when a file was last accessed, or created if it never was; protected " +
        `and quarantined files stay then, but not one that --media-id names. ${slow} For copies of other servers' files see media purge.`,
    )
    .option("-i, --media-id <media>", mediaIdHelp)
    .addOptions(cutoffOptions({ beforeDays: "-d", before: "-b", beforeTs: "-t" }, "local media last accessed"))
    .addOption(
      new Option("--size <kib>", "of those only the files larger than this, in KiB (1024 bytes)", {
        also: ["--kib"],
      }).argParser(integer(0, maxKib)),
    )
    .addOption(
      new Option("--delete-profiles", "of those also the avatars of users and rooms, which are kept otherwise", {
        also: ["--all"],
      }),
    )
    .action(async (options: DeleteOptions) => {
      countTyped(options, { mediaId: "--media-id", ...cutoffFlags }, { min: 1, max: 1 });
      if (options.mediaId === undefined) return deleteByAge(ctx, options);
      if (options.size !== undefined || options.deleteProfiles !== undefined)
        throw new UsageError("--size and --delete-profiles do not go with --media-id");
      const mediaId = await localMediaId(ctx, options.mediaId);
      const serverName = await ctx.serverName();
      const uri = `mxc://${serverName}/${mediaId}`;
      await ctx.confirm(`Delete ${uri} for good?`);
      const admin = await ctx.admin();
      const deleted = await admin.media.delete(serverName, mediaId);
      await ctx.print(deleted, deletedView);
      if (deleted.deleted_media.length === 0) throw new JobFailed(`${uri} was not deleted; why: the homeserver's log`);
    })
    .examples(
      "synadm media delete --media-id mxc://example.org/AbCdEf",
      "synadm media delete --before 2021-01-01 --size 1024",
    );

  media
    .command("purge")
    .summary("Drop this server's copies of old files from other servers.")
    .description(
      "Drop this server's copies of files from other servers. They are fetched again when somebody wants them, if " +
        "their server still has them. Exactly one option is needed; what counts is the last access. Quarantined files stay. " +
        `On a terminal it asks first. ${slow} For local files see media delete.`,
    )
    .addOptions(cutoffOptions({ beforeDays: "-d", before: "-b", beforeTs: "-t" }, "copies last accessed"))
    .action(async (options: CutoffOptions) => {
      countTyped(options, cutoffFlags, { min: 1, max: 1 });
      const beforeTs = await cutoff(ctx, options);
      const admin = await ctx.admin();
      await ctx.confirmIfAttended(`Drop remote media last accessed before ${await dateInWords(beforeTs)}?`);
      await ctx.print(await admin.media.purgeRemoteCache(beforeTs));
    })
    .examples("synadm media purge --before-days 90");
}

async function deleteByAge(ctx: Context, { size, deleteProfiles, ...age }: DeleteOptions): Promise<void> {
  const beforeTs = await cutoff(ctx, age);
  const what = [
    "Delete all local media",
    ...(size === undefined ? [] : [`larger than ${size} KiB`]),
    `last accessed before ${await dateInWords(beforeTs)}`,
    deleteProfiles === true ? "for good, avatars included?" : "for good?",
  ];
  const admin = await ctx.admin();
  await ctx.confirm(what.join(" "));
  const deleted = await admin.media.deleteByDateOrSize({
    beforeTs,
    sizeGtBytes: size === undefined ? undefined : size * 1024,
    keepProfiles: deleteProfiles === true ? false : undefined,
  });
  await ctx.print(deleted, deletedView);
}

const deletedView: View<DeletedMedia> = {
  human: ({ deleted_media, total }) => ({
    blocks: [{ data: deleted_media, empty: "nothing was deleted" }],
    notes: [`${total} deleted`],
  }),
};
