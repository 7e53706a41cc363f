import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { UsageError } from "../errors.js";
import { countTyped, roomIdHelp, userIdHelp } from "../options.js";
import { said } from "../print.js";
import { fileOf, localMediaId, mediaIdHelp } from "./ids.js";

interface FileOptions {
  mediaId?: string;
  mxcUri?: string;
  serverName?: string;
}

interface QuarantineOptions extends FileOptions {
  roomId?: string;
  userId?: string;
}

export function register(media: Command, ctx: Context): void {
  media
    .command("quarantine")
    .summary("Keep people from downloading a file, or the media in a room or of a user.")
    .description(
      "Keep people from downloading a file, or all media in a room or of a user; nothing is deleted, see unquarantine. " +
        "Exactly one of --media-id, --room-id, --user-id and --mxc-uri is needed. Since Synapse 1.128 every file with " +
        "the same content is hidden too, also one that is uploaded later. Protected files stay visible, and the answer for a single " +
        "file is the same then, as it is for a file that does not exist.",
    )
    .option("-i, --media-id <media>", mediaIdHelp)
    .option("-r, --room-id <room>", `what the unencrypted messages in this room refer to: ${roomIdHelp}`)
    .option("-u, --user-id <user>", `what this local user uploaded: ${userIdHelp}`)
    .option("-U, --mxc-uri <uri>", "the file with this URI, such as mxc://example.org/AbCdEf")
    .option("-s, --server-name <name>", "where the file of --media-id comes from (default: this server)")
    .action(async (options: QuarantineOptions) => {
      countTyped(
        options,
        { mediaId: "--media-id", roomId: "--room-id", userId: "--user-id", mxcUri: "--mxc-uri" },
        { min: 1, max: 1 },
      );
      await ctx.print(await quarantine(ctx, options), said());
    })
    .examples(
      "synadm media quarantine --mxc-uri mxc://example.com/AbCdEf",
      "synadm media quarantine --user-id @spammer:example.org",
    );

  media
    .command("unquarantine")
    .summary("Let people download a file again.")
    .description(
      "Let people download a file again, and every file with the same content. At least one of --media-id and " +
        "--mxc-uri is needed. The answer is the same for a file that does not exist.",
    )
    .option("-i, --media-id <media>", mediaIdHelp)
    .option("-U, --mxc-uri <uri>", "the file with this URI, such as mxc://example.org/AbCdEf")
    .option("-s, --server-name <name>", "where the file of --media-id comes from (default: this server)")
    .action(async (options: FileOptions) => {
      countTyped(options, { mediaId: "--media-id", mxcUri: "--mxc-uri" }, { min: 1, max: 2 });
      const { serverName, mediaId } = await fileOf(ctx, options);
      const admin = await ctx.admin();
      await ctx.print(await admin.media.unquarantine(serverName, mediaId), said());
    })
    .examples("synadm media unquarantine --media-id AbCdEf");

  media
    .command("protect")
    .summary("Keep a local file from being quarantined.")
    .description(
      "Keep a local file from being quarantined, and from being deleted by age. One that is quarantined already stays so.",
    )
    .argument("<media-id>", mediaIdHelp)
    .action(async (text: string) => {
      const mediaId = await localMediaId(ctx, text);
      const admin = await ctx.admin();
      await ctx.print(await admin.media.protect(mediaId), said());
    })
    .examples("synadm media protect AbCdEf");
}

async function quarantine(ctx: Context, { roomId, userId, ...file }: QuarantineOptions): Promise<object> {
  if (roomId === undefined && userId === undefined) {
    const { serverName, mediaId } = await fileOf(ctx, file);
    return (await ctx.admin()).media.quarantine(serverName, mediaId);
  }
  if (file.serverName !== undefined) throw new UsageError("--server-name goes with --media-id only");
  if (userId !== undefined) {
    const id = await ctx.userId(userId);
    return (await ctx.admin()).media.quarantineOfUser(id);
  }
  const id = await ctx.roomId(roomId ?? "");
  return (await ctx.admin()).media.quarantineInRoom(id);
}
