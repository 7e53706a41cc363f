import type { RoomMediaList } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { countTyped, datesOrNumbers, roomIdHelp, userIdHelp } from "../options.js";
import type { View } from "../../output/index.js";
import { printMediaOfUser, userMediaOptions, type UserMediaOptions } from "./of-user.js";

interface ListOptions extends UserMediaOptions {
  roomId?: string;
  userId?: string;
}

export function register(media: Command, ctx: Context): void {
  media
    .command("list")
    .summary("List the media in a room or of a user.")
    .description(
      "List the media in a room or of a user. One of --room-id and --user-id is needed. Of a room it is what its " +
        "unencrypted messages refer to, in one piece: the server cannot look into encrypted ones, and --from, " +
        "--limit, --all, --sort and --reverse do nothing there. Of a user it is what was uploaded here, a page at a time.",
    )
    .option("-r, --room-id <room>", roomIdHelp)
    .option("-u, --user-id <user>", userIdHelp)
    .addOptions(userMediaOptions("-R"))
    .addOptions(datesOrNumbers())
    .action(async (options: ListOptions, command: Command) => {
      countTyped(options, { roomId: "--room-id", userId: "--user-id" }, { min: 1, max: 1 });
      if (options.userId !== undefined) return printMediaOfUser(ctx, await ctx.userId(options.userId), options);
      const idle = ["from", "limit", "all", "sort", "reverse"].filter(
        (name) => command.getOptionValueSource(name) === "cli",
      );
      if (idle.length > 0) ctx.note(`a room's media come in one piece: --${idle.join(", --")} did nothing`);
      const room = await ctx.roomId(options.roomId ?? "");
      const admin = await ctx.admin();
      await ctx.print(await admin.media.inRoom(room), roomMediaView);
    })
    .examples(
      "synadm media list --user-id alice --sort media_length --reverse --limit 10",
      "synadm media list --room-id '#lobby:example.org'",
    );
}

const roomMediaView: View<RoomMediaList> = {
  human: ({ local, remote }) => ({
    blocks: [
      { heading: "local", data: local },
      { heading: "remote", data: remote },
    ],
    notes: [`${local.length} local, ${remote.length} remote; media of encrypted messages are not known to the server`],
  }),
};
