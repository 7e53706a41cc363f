import { createHash } from "node:crypto";
import { requireAdmin } from "./auth.js";
import { type Call, Reply } from "./call.js";
import { forbidden, notFound } from "./errors.js";
import type { Media } from "./media-store.js";
import type { Route } from "./router.js";

const MEDIA = "/_matrix/client/v1/media";

export const clientMediaRoutes: Route[] = [
  { method: "POST", path: "/_matrix/media/{media}/upload", for: "users", handle: upload },
  { method: "GET", path: `${MEDIA}/download/{server_name}/{media_id}`, for: "users", handle: download },
  { method: "GET", path: `${MEDIA}/download/{server_name}/{media_id}/{file_name}`, for: "users", handle: download },
  { method: "GET", path: `${MEDIA}/config`, for: "users", handle: () => ({ "m.upload.size": 52_428_800 }) },
];

function upload(call: Call): object {
  const { world, caller, body } = call;
  const mediaId = world.ids.letters(24);
  const sha256 = createHash("sha256").update(body).digest("hex");
  // What was quarantined once is quarantined again when somebody uploads it anew.
  const known = world.media.local().find((media) => media.sha256 === sha256 && media.quarantinedBy !== null);
  world.addMedia({
    origin: null,
    mediaId,
    mediaType: call.headers["content-type"] ?? "application/octet-stream",
    length: body.length,
    uploadName: call.query.get("filename") || null,
    createdTs: world.now(),
    lastAccessTs: null,
    urlCache: null,
    quarantinedBy: known?.quarantinedBy ?? null,
    safe: false,
    userId: caller.userId,
    sha256,
    content: body,
  });
  return { content_uri: `mxc://${world.serverName}/${mediaId}` };
}

function download(call: Call): Reply {
  const { world } = call;
  const server = call.param("server_name");
  const bypass = call.flag("admin_unsafely_bypass_quarantine") ?? false;
  if (bypass) requireAdmin(world, call.caller);
  const origin = server === world.serverName ? null : server;
  const media = world.media.get(origin, call.param("media_id"));
  // There is no other server to fetch from.
  if (media === undefined && origin !== null) throw forbidden(`Federation denied with ${server}.`);
  if (media === undefined || (media.quarantinedBy !== null && !bypass)) throw notFound(`Not found '${call.path}'`);
  media.lastAccessTs = world.now();
  const name = media.uploadName === null ? "" : `; filename*=utf-8''${encodeURIComponent(media.uploadName)}`;
  const isText = media.mediaType.startsWith("text/");
  return new Reply(200, contentOf(media), {
    "Content-Type": isText ? `${media.mediaType}; charset=UTF-8` : media.mediaType,
    "Content-Disposition": `${isText || media.mediaType.startsWith("image/") ? "inline" : "attachment"}${name}`,
    "Cache-Control": "public,max-age=86400,s-maxage=0,proxy-revalidate",
  });
}

function contentOf(media: Media): Buffer {
  return media.content ?? Buffer.alloc(media.length ?? 0, media.mediaId);
}
