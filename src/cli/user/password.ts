import type { Command } from "../command.js";
import type { Context } from "../context.js";
import { countTyped, userIdHelp } from "../options.js";
import { said } from "../print.js";
import { newPassword, passwordStdinHelp, passwordTextHelp } from "./new-password.js";

interface PasswordOptions {
  /** commander's: `--no-logout` makes it false. */
  logout: boolean;
  password?: string;
  passwordStdin?: true;
}

export function register(user: Command, ctx: Context): void {
  user
    .command("password")
    .summary("Set a new password for an account.")
    .description(
      "Set a new password for an account. It is asked for unless an option gives it. All sessions of the user end, " +
        "unless --no-logout is given. Not with Matrix Authentication Service.",
    )
    .argument("<user-id>", userIdHelp)
    .option("-n, --no-logout", "keep the user's sessions")
    .option("-p, --password <text>", passwordTextHelp)
    .option("--password-stdin", passwordStdinHelp)
    .action(async (text: string, { logout, password, passwordStdin }: PasswordOptions) => {
      const given = { password, passwordStdin };
      countTyped(given, { password: "--password", passwordStdin: "--password-stdin" }, { min: 0, max: 1 });
      const { users } = await ctx.admin();
      const secret = await newPassword(
        ctx,
        text,
        { text: password, stdin: passwordStdin },
        "--password-stdin or --password",
      );
      const userId = await ctx.userId(text);
      const done = await users.resetPassword(userId, {
        newPassword: secret,
        logoutDevices: logout ? undefined : false,
      });
      await ctx.print(done, said(`${userId} has a new password${logout ? "; all its sessions ended" : ""}`));
    })
    .examples("synadm user password alice", "pwgen -s 20 1 | synadm --batch user password --password-stdin alice");
}
