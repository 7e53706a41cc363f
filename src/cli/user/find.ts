import { HttpError } from "../../api/errors.js";
import type { SynapseAdmin } from "../../api/index.js";
import type { Command } from "../command.js";
import type { Context } from "../context.js";

export function register(user: Command, ctx: Context): void {
  user
    .command("3pid")
    .summary("Find the account that an e-mail address or a phone number belongs to.")
    .description(
      "Find the account that an e-mail address or a phone number belongs to. Synapse keeps e-mail addresses in lower " +
        "case, so one that is not found is looked for in that, too; phone numbers must be digits only, with the country " +
        "code and no + or 00 before it.",
    )
    .argument("<address>", "such as alice@example.org, or 447700900123 with --medium msisdn")
    .option("-m, --medium <medium>", "email, or msisdn for phone numbers", "email")
    .action(async (address: string, { medium }: { medium: string }) => {
      const { users } = await ctx.admin();
      await ctx.print(await findByAddress(users, medium, address));
    })
    .examples("synadm user 3pid alice@example.org", "synadm user 3pid --medium msisdn 447700900123");

  user
    .command("auth-provider")
    .description("Find the account that belongs to somebody's ID at a single sign-on provider.")
    .argument("<external-user-id>", "the ID that the provider knows the person by")
    .requiredOption(
      "-p, --provider <id>",
      "as in the homeserver's configuration; an OpenID Connect provider with oidc- before it, such as oidc-keycloak; 'oidc' where there is only one without a name",
    )
    .action(async (externalId: string, { provider }: { provider: string }) => {
      const { users } = await ctx.admin();
      await ctx.print(await users.findByExternalId(provider, externalId));
    })
    .examples("synadm user auth-provider --provider oidc-keycloak 7d3f0c9e-1b7a");
}

/** First as it was typed, for accounts older than the habit of Synapse to keep e-mail addresses in lower case. */
async function findByAddress(
  users: SynapseAdmin["users"],
  medium: string,
  address: string,
): Promise<{ user_id: string }> {
  const lower = address.toLowerCase();
  try {
    return await users.findByThreepid(medium, address);
  } catch (error) {
    if (medium !== "email" || lower === address || !(error instanceof HttpError && error.errcode === "M_NOT_FOUND"))
      throw error;
  }
  return users.findByThreepid(medium, lower);
}
