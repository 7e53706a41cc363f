import type { RoomList, RoomQuery } from "../../api/index.js";
import type { Context } from "../context.js";
import type { Paging } from "../options.js";
import { collectPages } from "../pages.js";

/** The rooms that a query finds: a page of them, or all. */
export async function collectRooms(ctx: Context, options: Paging, query: RoomQuery): Promise<RoomList> {
  const { rooms } = await ctx.admin();
  return collectPages(ctx, options, {
    purpose: "list rooms",
    fetch: (page) => rooms.list({ ...query, ...page }),
    rows: "rooms",
    id: "room_id",
    total: "total_rooms",
    next: "next_batch",
  });
}
