import type { UserSummary } from "../../api/index.js";
import type { Block } from "../../output/index.js";

/** The fields of accounts and of their table with milliseconds. */
export const userTimes = ["creation_ts", "last_seen_ts", "last_seen"];

/** Accounts in a table that fits 80 columns: what is out of the ordinary is in one, and of the last visit the day will do. */
export function usersBlock(users: readonly UserSummary[]): Block {
  return {
    data: users.map((user) => ({
      name: user.name,
      displayname: user.displayname,
      flags: flags(user),
      last_seen: user.last_seen_ts,
    })),
    columns: ["name", "displayname", "flags", "last_seen"],
    days: ["last_seen"],
    empty: "no accounts",
  };
}

/** Without blanks, for such a cell is never cut. */
function flags({ admin, deactivated, erased, locked, shadow_banned, is_guest, user_type }: UserSummary): string {
  const words: Record<string, unknown> = {
    admin,
    deactivated: isYes(erased) ? false : deactivated,
    erased,
    locked,
    "shadow-banned": shadow_banned,
    guest: is_guest,
  };
  const said = Object.keys(words).filter((word) => isYes(words[word]));
  return [...said, ...(typeof user_type === "string" && user_type !== "" ? [user_type] : [])].join(",") || "-";
}

/** Old servers say it with numbers. */
function isYes(value: unknown): boolean {
  return value === true || value === 1;
}
