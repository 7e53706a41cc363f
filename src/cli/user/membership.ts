import { ApiError, InvalidValueError, NetworkError } from "../../api/errors.js";
import type { JoinedRooms } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { reason } from "../errors.js";
import { fewAtATime } from "../parallel.js";
import { oneOf, userIdHelp } from "../options.js";
import type { View } from "../../output/index.js";

export function register(user: Command, ctx: Context): void {
  user
    .command("membership")
    .summary("List the rooms that a local or remote user has joined.")
    .description(
      "List the rooms that a local or remote user has joined, as far as this server knows. A user that it does not " +
        "know has joined none.",
    )
    .argument("<user-id>", userIdHelp)
    .addOptions(
      oneOf(
        "aliases",
        [
          {
            flags: "--aliases",
            value: true,
            description:
              "the aliases that a room has on this server in place of its ID (default); one request per room",
          },
          { flags: "--ids", value: false, description: "room IDs, in one request" },
        ],
        true,
      ),
    )
    .action(async (text: string, { aliases }: { aliases: boolean }) => {
      const userId = await ctx.userId(text);
      const { users } = await ctx.admin();
      const reply = await users.joinedRooms(userId);
      const rooms = aliases ? await namesOfRooms(ctx, reply.joined_rooms) : reply.joined_rooms;
      await ctx.print({ ...reply, joined_rooms: rooms }, membershipView);
    })
    .examples("synadm user membership alice", "synadm -o json user membership --ids alice | jq -r '.joined_rooms[]'");
}

/** The aliases of each room in one text, or its ID where it has none or they cannot be had, which is a warning. */
export async function namesOfRooms(ctx: Context, roomIds: readonly string[]): Promise<string[]> {
  const matrix = await ctx.matrix();
  const failures: unknown[] = [];
  let unasked = 0;
  const names = await fewAtATime(roomIds, async (roomId) => {
    // A server that is gone is not worth asking for every room; one odd answer does not say that it is.
    if (failures.filter((failure) => failure instanceof NetworkError).length >= 3) {
      unasked++;
      return roomId;
    }
    try {
      const { aliases } = await matrix.roomAliases(roomId);
      return aliases.join(" ") || roomId;
    } catch (error) {
      // The ID is the server's, which need not send proper ones.
      if (!(error instanceof ApiError || error instanceof InvalidValueError)) throw error;
      failures.push(error);
      return roomId;
    }
  });
  if (failures.length > 0) {
    const others = failures.length - 1 + unasked;
    const more = others > 0 ? `, and ${others} more` : "";
    ctx.warning(`not all aliases are known: ${reason(failures[0])}${more}`);
  }
  return names;
}

const membershipView: View<JoinedRooms> = {
  human: ({ joined_rooms, total }) => ({
    blocks: [{ data: joined_rooms, empty: "in no room" }],
    notes: [`${total} in all`],
  }),
};
