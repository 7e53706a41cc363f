import type { Command } from "./command.js";
import type { Context } from "./context.js";

export function register(command: Command, ctx: Context): void {
  command
    .description("Show which version of Synapse the homeserver runs. The version of synadm itself: synadm --version")
    .action(async () => {
      const admin = await ctx.admin();
      await ctx.print(await admin.serverVersion.get());
    })
    .examples("synadm version", "synadm -o json version | jq -r .server_version");
}
