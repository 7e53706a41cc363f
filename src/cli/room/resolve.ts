import { isRoomAlias } from "../../api/mxid.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { UsageError } from "../errors.js";
import type { View } from "../../output/index.js";

export function register(room: Command, ctx: Context): void {
  room
    .command("resolve")
    .summary("Tell the ID of an alias, or the aliases of a room.")
    .description("Tell the room ID that an alias stands for; with --reverse, the aliases that a room has.")
    .argument(
      "<room-id-or-alias>",
      "an alias, of any server, such as #lobby:example.org; with --reverse a room ID, too",
    )
    .option("-r, --reverse", "the aliases that the room has on this server")
    .action(async (idOrAlias: string, { reverse }: { reverse?: boolean }) => {
      const matrix = await ctx.matrix();
      if (reverse === true) {
        await ctx.print(await matrix.roomAliases(await ctx.roomId(idOrAlias)), aliasesView);
        return;
      }
      if (!isRoomAlias(idOrAlias)) {
        throw new UsageError(
          `'${idOrAlias}' is no alias, such as #lobby:example.org; for the aliases of a room ID add --reverse`,
        );
      }
      await ctx.print((await matrix.resolveAlias(idOrAlias)).room_id);
    })
    .examples("synadm -o human room resolve '#lobby:example.org'", "synadm room resolve --reverse '!abc:example.org'");
}

const aliasesView: View<{ aliases: string[] }> = {
  human: ({ aliases }) => ({ blocks: [{ data: aliases, empty: "no aliases on this server" }] }),
};
