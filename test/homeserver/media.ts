import { findUser } from "./accounts.js";
import type { Call } from "./call.js";
import { badRequest, invalidParam, noRow, notFound } from "./errors.js";
import { isObject, isString } from "./json.js";
import type { Media } from "./media-store.js";
import type { Room } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import { sortRows } from "./sort.js";
import type { World } from "./world.js";

/** The order matters: `media/delete` must be seen before `media/{server}/{id}`, as in Synapse. */
export const mediaRoutes: Route[] = [
  adminRoute("POST", "/v1/purge_media_cache", purgeRemote),
  adminRoute("POST", "/v1/room/{room_id}/media/quarantine", quarantineRoom),
  adminRoute("POST", "/v1/quarantine_media/{room_id}", quarantineRoom),
  adminRoute("POST", "/v1/media/quarantine/{server_name}/{media_id}", (call) =>
    quarantineOne(call, call.caller.userId),
  ),
  adminRoute("POST", "/v1/media/unquarantine/{server_name}/{media_id}", (call) => quarantineOne(call, null)),
  adminRoute("POST", "/v1/user/{user_id}/media/quarantine", quarantineUser),
  adminRoute("POST", "/v1/media/protect/{media_id}", (call) => protect(call, true)),
  adminRoute("POST", "/v1/media/unprotect/{media_id}", (call) => protect(call, false)),
  adminRoute("GET", "/v1/room/{room_id}/media", roomMedia),
  adminRoute("POST", "/v1/media/delete", deleteOld),
  adminRoute("POST", "/v1/media/{server_name}/delete", deleteOld),
  adminRoute("DELETE", "/v1/media/{server_name}/{media_id}", deleteOne),
  adminRoute("GET", "/v1/media/{server_name}/{media_id}", mediaInfo),
  adminRoute("GET", "/v1/users/{user_id}/media", userMedia),
  adminRoute("DELETE", "/v1/users/{user_id}/media", deleteUserMedia),
];

/** Dec 1970 in milliseconds: what is below must have been meant as seconds. */
const LOOKS_LIKE_SECONDS = 30_000_000_000;

const COLUMNS = {
  media_id: (media: Media) => media.mediaId,
  upload_name: (media: Media) => media.uploadName,
  created_ts: (media: Media) => media.createdTs,
  last_access_ts: (media: Media) => media.lastAccessTs,
  media_length: (media: Media) => media.length,
  media_type: (media: Media) => media.mediaType,
  quarantined_by: (media: Media) => media.quarantinedBy,
  safe_from_quarantine: (media: Media) => media.safe,
};

type Column = keyof typeof COLUMNS;

const ORDERS: readonly Column[] = [
  "media_id",
  "upload_name",
  "created_ts",
  "last_access_ts",
  "media_length",
  "media_type",
  "quarantined_by",
  "safe_from_quarantine",
];

function wire(media: Media) {
  return {
    media_id: media.mediaId,
    media_type: media.mediaType,
    media_length: media.length,
    upload_name: media.uploadName,
    created_ts: media.createdTs,
    url_cache: media.urlCache,
    last_access_ts: media.lastAccessTs,
    quarantined_by: media.quarantinedBy,
    safe_from_quarantine: media.safe,
    user_id: media.userId,
    // A number, since Synapse hands out what SQLite stores.
    authenticated: 1,
    sha256: media.sha256,
  };
}

function mediaInfo(call: Call): object {
  const { serverName } = call.world;
  const server = call.param("server_name");
  const media = call.world.media.get(server === serverName ? null : server, call.param("media_id"));
  if (media === undefined) throw notFound("Unknown media");
  const isLocal = media.origin === null;
  return {
    media_info: {
      ...wire(media),
      media_origin: media.origin,
      filesystem_id: isLocal ? null : `fs${media.mediaId}`,
      safe_from_quarantine: isLocal ? Number(media.safe) : null,
    },
  };
}

function page(call: Call): { media: Media[]; total: number; from: number; limit: number } {
  const { userId } = findUser(call.world, call.param("user_id"), { unknown: "Unknown user" });
  const from = call.integer("from", 0);
  const limit = call.integer("limit", 100);
  // Newest first, but only while nothing is said about the order.
  const isDefault = !call.query.has("order_by") && !call.query.has("dir");
  const orderBy = call.choice("order_by", ORDERS, "created_ts");
  const backwards = isDefault || call.backwards();
  const all = call.world.media.local().filter((media) => media.userId === userId);
  const sorted = sortRows(all, COLUMNS[orderBy], (media) => media.mediaId, backwards);
  return { media: sorted.slice(from, from + limit), total: all.length, from, limit };
}

function userMedia(call: Call): object {
  const { media, total, from, limit } = page(call);
  return { media: media.map(wire), total, ...(from + limit < total ? { next_token: from + media.length } : {}) };
}

function deleteUserMedia(call: Call): object {
  return remove(call.world, page(call).media);
}

function remove(world: World, media: Media[]): object {
  for (const one of media) world.media.delete(one);
  return { deleted_media: media.map((one) => one.mediaId), total: media.length };
}

/** Plain `url` and `info.thumbnail_url` of the room's events, the newest first. */
function mxcsOf(room: Room | undefined): string[] {
  return (room?.timeline ?? []).toReversed().flatMap(({ content }) => {
    const { url, info } = content;
    const urls = [url, isObject(info) ? info["thumbnail_url"] : undefined];
    return urls.filter(isString).filter((text) => /^mxc:\/\/[^/]+\/[^/?#]+/.test(text));
  });
}

function roomMedia(call: Call): object {
  const { rooms, serverName } = call.world;
  const mxcs = mxcsOf(rooms.get(call.param("room_id")));
  const isLocal = (mxc: string): boolean => mxc.startsWith(`mxc://${serverName}/`);
  return { local: mxcs.filter(isLocal), remote: mxcs.filter((mxc) => !isLocal(mxc)) };
}

function byMxc(world: World, mxc: string): Media | undefined {
  const [origin = "", mediaId = ""] = mxc.slice("mxc://".length).split("/");
  return world.media.get(origin === world.serverName ? null : origin, mediaId);
}

function quarantineRoom(call: Call): object {
  const { world, caller } = call;
  const targets = mxcsOf(world.rooms.get(call.param("room_id"))).flatMap((mxc) => byMxc(world, mxc) ?? []);
  return { num_quarantined: world.media.quarantine(targets, caller.userId) };
}

function quarantineUser(call: Call): object {
  const { world, caller } = call;
  const userId = call.param("user_id");
  const targets = world.media.local().filter((media) => media.userId === userId && media.quarantinedBy === null);
  return { num_quarantined: world.media.quarantine(targets, caller.userId) };
}

/** Unknown and protected media are answered like the others. */
function quarantineOne(call: Call, by: string | null): object {
  const media = byMxc(call.world, `mxc://${call.param("server_name")}/${call.param("media_id")}`);
  if (media) call.world.media.quarantine([media], by);
  return {};
}

function protect(call: Call, safe: boolean): object {
  const media = call.world.media.get(null, call.param("media_id"));
  if (media === undefined) throw noRow("local_media_repository");
  media.safe = safe;
  return {};
}

function beforeTs(call: Call): number {
  const ts = call.integer("before_ts");
  if (ts < LOOKS_LIKE_SECONDS) {
    throw invalidParam(
      "Query parameter before_ts you provided is from the year 1970. " +
        "Double check that you are providing a timestamp in milliseconds.",
    );
  }
  return ts;
}

function isUnusedSince(media: Media, ts: number): boolean {
  return (media.lastAccessTs ?? media.createdTs) < ts;
}

function purgeRemote(call: Call): object {
  const ts = beforeTs(call);
  const old = call.world.media.remote().filter((media) => isUnusedSince(media, ts) && media.quarantinedBy === null);
  for (const media of old) call.world.media.delete(media);
  return { deleted: old.length };
}

function deleteOld(call: Call): object {
  const { world } = call;
  const sizeGt = call.integer("size_gt", 0);
  const keepProfiles = call.flag("keep_profiles") ?? true;
  const ts = beforeTs(call);
  const server = call.param("server_name");
  if (server !== "" && server !== world.serverName) throw badRequest("Can only delete local media");
  const avatars = keepProfiles ? profileMedia(world) : new Set<unknown>();
  const old = world.media
    .local()
    .filter((media) => isUnusedSince(media, ts) && (media.length ?? 0) > sizeGt)
    .filter((media) => media.quarantinedBy === null && !media.safe)
    .filter((media) => !avatars.has(`mxc://${world.serverName}/${media.mediaId}`));
  return remove(world, old);
}

/** Avatars of users, also those in single rooms, and of rooms. */
function profileMedia(world: World): Set<unknown> {
  const avatars = new Set<unknown>([...world.users.values()].map((user) => user.avatarUrl));
  for (const room of world.rooms.values()) {
    avatars.add(room.stateText("m.room.avatar", "url"));
    for (const event of room.timeline) if (event.type === "m.room.member") avatars.add(event.content["avatar_url"]);
  }
  return avatars;
}

function deleteOne(call: Call): object {
  const { world } = call;
  if (call.param("server_name") !== world.serverName) throw badRequest("Can only delete local media");
  const media = world.media.get(null, call.param("media_id"));
  if (media === undefined) throw notFound("Unknown media");
  return remove(world, [media]);
}
