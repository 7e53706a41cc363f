import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { roomIdHelp, userIdHelp } from "../options.js";
import { said } from "../print.js";

export function register(room: Command, ctx: Context): void {
  room
    .command("join")
    .summary("Make a local user join a room.")
    .description(
      "Make a user of this server join a room. Unless the room is public, the account that the access token belongs to must be in it and may invite: see make-admin.",
    )
    .argument("<room-id-or-alias>", roomIdHelp)
    .argument("<user-id>", userIdHelp)
    .action(async (idOrAlias: string, user: string) => {
      const { roomMembership } = await ctx.admin();
      await ctx.print(await roomMembership.join(idOrAlias, await ctx.userId(user)));
    })
    .examples("synadm room join '#lobby:example.org' alice");

  room
    .command("make-admin")
    .summary("Make a user admin of a room.")
    .description(
      "Give a user the highest power level that a local member of a room has, by acting as that member. A user who is not in the room is invited where that is needed. There is no way to take it back but in the room itself.",
    )
    .argument("<room-id>", roomIdHelp)
    .option(
      "-u, --user-id <user-id>",
      "who gets it, a full Matrix ID or a localpart (default: the account that the access token belongs to)",
    )
    .action(async (id: string, { userId }: { userId?: string }) => {
      const { rooms } = await ctx.admin();
      const user = userId === undefined ? undefined : await ctx.userId(userId);
      const done = await rooms.makeAdmin(await ctx.roomId(id), { userId: user });
      await ctx.print(done, said());
    })
    .examples("synadm room make-admin '#lobby:example.org' -u alice");
}
