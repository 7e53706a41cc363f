import { HttpError } from "../api/errors.js";
import type { Command } from "./command.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import { said } from "./print.js";

export function register(group: Command, ctx: Context): void {
  group
    .command("delete")
    .summary("Delete a group of a server older than Synapse 1.62.")
    .description(
      "Delete a local group (community) for good. For old servers only: Synapse 1.61 was the last to have groups.",
    )
    .argument("<group-id>", "such as +friends:example.org")
    .action(async (groupId: string) => {
      if (!/^\+[^:\s]+:\S+$/.test(groupId))
        throw new UsageError(`'${groupId}' is no group: its ID is such as +friends:example.org`);
      const admin = await ctx.admin();
      await ctx.confirm(`Delete the group ${groupId} for good?`);
      try {
        await ctx.print(await admin.groups.delete(groupId), said());
      } catch (error) {
        if (error instanceof HttpError && error.status === 404 && error.errcode === "M_UNRECOGNIZED")
          ctx.note("Synapse removed groups: 1.61 was the last version to have them");
        throw error;
      }
    })
    .examples("synadm group delete +friends:example.org");
}
