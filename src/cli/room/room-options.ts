import type { RoomQuery } from "../../api/index.js";
import { Option } from "../command.js";
import { UsageError } from "../errors.js";
import { direction } from "../options.js";

export const searchHelp =
  "a part of the name or of the main alias (its part before the colon), whatever its case, or a whole room ID; % and _ stand for any characters and any one";

export interface Sorting {
  sort?: string;
  reverse?: boolean;
}

const columns = [
  "name",
  "canonical_alias",
  "joined_members",
  "joined_local_members",
  "version",
  "creator",
  "encryption",
  "federatable",
  "public",
  "join_rules",
  "guest_access",
  "history_visibility",
  "state_events",
];

/** The order of a list of rooms. */
export function sorting(): Option[] {
  return [
    new Option(
      "-s, --sort <column>",
      "order of the list, by name unless told otherwise; the three counts start with the highest, and version is sorted as text, 9 before 12. Whatever the order, the server sorts all its rooms for each page",
    ).choices(columns),
    new Option("-r, --reverse", "the other way round, also without --sort"),
  ];
}

/** What the options of a list of rooms ask the server for. */
export function roomQuery({ sort, reverse, name }: Sorting & { name?: string | undefined }): RoomQuery {
  if (name === "") throw new UsageError("nothing to search for: the text is empty");
  return { searchTerm: name, orderBy: sort, dir: direction(reverse) };
}
