import type { UserMedia, UserMediaList } from "../../api/index.js";
import { Option } from "../command.js";
import type { Context } from "../context.js";
import { paging, type Paging } from "../options.js";
import { collectPages, pageNotes } from "../pages.js";
import type { View } from "../../output/index.js";

/** What `media list --user-id` and `user media` have in common; `reverse` has another short flag in each. */
export interface UserMediaOptions extends Paging {
  sort?: string;
  reverse?: boolean;
  dates?: boolean;
}

const sortColumns = [
  "media_id",
  "upload_name",
  "created_ts",
  "last_access_ts",
  "media_length",
  "media_type",
  "quarantined_by",
  "safe_from_quarantine",
];

/** A page of a user's media and its order. */
export function userMediaOptions(reverse: "-r" | "-R"): Option[] {
  return [
    ...paging(),
    new Option(
      "-s, --sort <column>",
      "smallest, oldest or first in the alphabet first; without it the newest upload comes first; on a large server all but created_ts are slow",
    ).choices(sortColumns),
    new Option(`${reverse}, --reverse`, "the other way round; without --sort the oldest upload comes first"),
  ];
}

export async function printMediaOfUser(ctx: Context, userId: string, options: UserMediaOptions): Promise<void> {
  const { media } = await ctx.admin();
  const list = await collectPages(ctx, options, {
    purpose: `list the media of ${userId}`,
    fetch: (page) => media.ofUser(userId, { ...page, orderBy: options.sort, dir: directionOfUploads(options) }),
    rows: "media",
    id: "media_id",
    total: "total",
    next: "next_token",
  });
  await ctx.print(list, userMediaView(options), { dates: options.dates });
}

/** Synapse turns its own order round, the newest first, only when it is told that the oldest comes first. */
function directionOfUploads({ sort, reverse }: UserMediaOptions): "f" | "b" | undefined {
  if (reverse !== true) return undefined;
  return sort === undefined ? "f" : "b";
}

function userMediaView(page: Paging): View<UserMediaList> {
  return {
    times: ["created_ts", "last_access_ts"],
    sizes: ["size"],
    human: ({ media, total, next_token }) => ({
      blocks: [{ data: media.map(inShort), empty: "no media" }],
      notes: pageNotes(page, { shown: media.length, total, next: next_token }),
    }),
  };
}

function inShort(file: UserMedia): Record<string, unknown> {
  const { media_id, media_length: size, created_ts, upload_name, quarantined_by, safe_from_quarantine } = file;
  const state = [
    ...((quarantined_by ?? null) === null ? [] : ["quarantined"]),
    ...(safe_from_quarantine ? ["protected"] : []),
  ];
  return { media_id, size, created_ts, upload_name, ...(state.length > 0 ? { state: state.join(", ") } : {}) };
}
