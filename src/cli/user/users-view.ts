import type { UserSummary } from "../../api/index.js";
import type { Block } from "../../output/index.js";

/** Accounts in a table that fits 80 columns: what is out of the ordinary is in one column, the last visit is a day. */
export function usersBlock(users: readonly UserSummary[]): Block {
  return {
    data: users.map((user) => ({
      name: user.name,
      displayname: user.displayname,
      flags: flags(user),
      last_seen: day(user.last_seen_ts),
    })),
    columns: ["name", "displayname", "flags", "last_seen"],
    empty: "no accounts",
  };
}

/** Without blanks, for such a cell is never cut. */
function flags({ admin, deactivated, erased, locked, shadow_banned, is_guest, user_type }: UserSummary): string {
  const words: Record<string, boolean | undefined> = {
    admin,
    deactivated: deactivated && erased !== true,
    erased,
    locked,
    "shadow-banned": shadow_banned,
    guest: is_guest,
  };
  const said = Object.keys(words).filter((word) => words[word] === true);
  return [...said, ...(typeof user_type === "string" && user_type !== "" ? [user_type] : [])].join(",") || "-";
}

/** On the calendar of this machine, if it is there. */
function day(ms: number | null | undefined): string | number | undefined {
  if (ms === null || ms === undefined) return undefined;
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return ms;
  const two = (number: number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
