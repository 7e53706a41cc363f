import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { eitherOr, roomIdHelp } from "../options.js";

export function register(room: Command, ctx: Context): void {
  room
    .command("block")
    .summary("Keep local users from joining a room, or let them again.")
    .description(
      "Keep the users of this server from joining a room, or let them again. Who is in it stays. The room may be one that the server does not know yet: that is how to keep it out.",
    )
    .argument("<room-id>", roomIdHelp)
    .addOptions(
      eitherOr("block", ["-b, --block", "block it (default)"], ["-u, --unblock", "let users join it again"], true),
    )
    .action(async (id: string, { block }: { block: boolean }) => {
      const { rooms } = await ctx.admin();
      await ctx.print(await rooms.block(await ctx.roomId(id), block));
    })
    .examples("synadm room block '!abc:example.org'", "synadm room block --unblock '!abc:example.org'");

  room
    .command("block-status")
    .summary("Tell whether a room is blocked.")
    .description("Tell whether a room is blocked, and by whom. The server need not know the room.")
    .argument("<room-id>", roomIdHelp)
    .action(async (id: string) => {
      const { rooms } = await ctx.admin();
      await ctx.print(await rooms.blockStatus(await ctx.roomId(id)));
    })
    .examples("synadm room block-status '!abc:example.org'");
}
