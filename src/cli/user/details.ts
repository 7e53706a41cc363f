import type { Whois } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";
import type { View } from "../../output/index.js";
import { userIdHelp } from "../options.js";
import { accountTimes } from "./account.js";

export function register(user: Command, ctx: Context): void {
  user
    .command("details")
    .description("Show an account: its names, state, contact addresses and identities at login providers.")
    .argument("<user-id>", userIdHelp)
    .action(async (id: string) => {
      const { users } = await ctx.admin();
      await ctx.print(await users.get(await ctx.userId(id)), accountTimes);
    })
    .examples("synadm user details alice", "synadm -o json user details @alice:example.org | jq .threepids");

  user
    .command("whois")
    .description("Show from which addresses and with which programs a user was last seen.")
    .argument("<user-id>", userIdHelp)
    .action(async (id: string) => {
      const { users } = await ctx.admin();
      await ctx.print(await users.whois(await ctx.userId(id)), whoisView);
    })
    .examples("synadm user whois alice");
}

const whoisView: View<Whois> = {
  times: ["last_seen"],
  human: ({ devices }) => ({
    blocks: [
      {
        data: Object.values(devices).flatMap(({ sessions }) => sessions.flatMap(({ connections }) => connections)),
        columns: ["ip", "last_seen", "user_agent"],
        empty: "never seen",
      },
    ],
  }),
};
