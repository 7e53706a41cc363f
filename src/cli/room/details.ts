import type { Room, RoomMembers, RoomState } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import type { View } from "../../output/index.js";
import { roomIdHelp } from "../options.js";

export function register(room: Command, ctx: Context): void {
  room
    .command("details")
    .summary("Show a room: name, topic, settings, numbers of members.")
    .description("Show a room: its name, topic, version, settings, and how many are in it.")
    .argument("<room-id>", roomIdHelp)
    .action(async (id: string) => {
      const { rooms } = await ctx.admin();
      await ctx.print(await rooms.get(await ctx.roomId(id)), roomView);
    })
    .examples("synadm room details '#lobby:example.org'", "synadm -o json room details '!abc:example.org' | jq .topic");

  room
    .command("members")
    .summary("List who has joined a room.")
    .description("List who has joined a room, of this server and of others. It comes in one piece, however large.")
    .argument("<room-id>", roomIdHelp)
    .action(async (id: string) => {
      const { rooms } = await ctx.admin();
      await ctx.print(await rooms.members(await ctx.roomId(id)), membersView);
    })
    .examples("synadm room members '#lobby:example.org'");

  room
    .command("state")
    .summary("Show the current state events of a room.")
    .description(
      "Show the current state of a room: its settings, and a membership event for everybody who ever was in it. It comes in one piece, however large.",
    )
    .argument("<room-id>", roomIdHelp)
    .action(async (id: string) => {
      const { rooms } = await ctx.admin();
      await ctx.print(await rooms.state(await ctx.roomId(id)), stateView);
    })
    .examples(
      "synadm room state '!abc:example.org'",
      `synadm -o json room state '!abc:example.org' | jq '.state[] | select(.type == "m.room.create")'`,
    );
}

/** What tells rooms apart comes first. */
const roomView: View<Room> = {
  human: ({ room_id, name, canonical_alias, topic, ...rest }) => ({
    blocks: [{ data: { room_id, name, canonical_alias, topic, ...rest } }],
  }),
};

const membersView: View<RoomMembers> = {
  human: ({ members, total }) => ({
    blocks: [{ data: members, empty: "nobody" }],
    notes: [`${total} joined`],
  }),
};

const stateView: View<RoomState> = {
  times: ["origin_server_ts"],
  human: ({ state }) => ({
    blocks: [{ data: state, columns: ["type", "state_key", "sender", "origin_server_ts", "content"] }],
    notes: [`${state.length} events`],
  }),
};
