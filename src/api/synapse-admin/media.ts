import { path } from "../path.js";
import { items, type Direction, type PageQuery } from "./pages.js";
import { Resource } from "./resource.js";

/** A file that a local user uploaded. */
export interface UserMedia {
  media_id: string;
  media_type: string;
  /** Bytes. */
  media_length: number | null;
  upload_name: string | null;
  /** Milliseconds. */
  created_ts: number;
  /** Milliseconds. */
  last_access_ts: number | null;
  quarantined_by: string | null;
  safe_from_quarantine: boolean;
  /** Where it comes from, if it is the picture of a URL preview. */
  url_cache?: string | null;
  user_id?: string | null;
  /** 0 or 1 where Synapse runs on SQLite. */
  authenticated?: boolean | number | null;
  sha256?: string | null;
}

export interface UserMediaList {
  media: UserMedia[];
  total: number;
  next_token?: number;
}

export interface UserMediaQuery extends PageQuery {
  /** Column such as `created_ts` or `media_length`. Newest first, only while neither this nor `dir` is given. */
  orderBy?: string | undefined;
  dir?: Direction | undefined;
}

/** MXC URIs; some may be there twice. */
export interface RoomMediaList {
  local: string[];
  remote: string[];
}

export interface DeletedMedia {
  /** Media IDs. */
  deleted_media: string[];
  total: number;
}

export interface MediaDeletion {
  /** Last used before this or, if never used, created before this: ms since 1970. */
  beforeTs: number;
  /** Only files that are larger. Default 0, which spares empty files. */
  sizeGtBytes?: number | undefined;
  /** `false` deletes avatars of users and rooms, too. Default true. */
  keepProfiles?: boolean | undefined;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html */
export class Media extends Resource {
  /**
   * What the unencrypted messages of a room refer to, in one answer. An unknown room has none: there is no 404.
   *
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#list-all-media-in-a-room
   */
  inRoom(roomId: string): Promise<RoomMediaList> {
    return this.request.query("get", path`v1/room/${roomId}/media`, {
      purpose: `list the media in ${roomId}`,
      needs: { local: [""], remote: [""] },
    });
  }

  /**
   * One page of what a local user uploaded.
   *
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such account
   * @see https://element-hq.github.io/synapse/latest/admin_api/user_admin_api.html#list-media-uploaded-by-a-user
   */
  ofUser(userId: string, query: UserMediaQuery = {}): Promise<UserMediaList> {
    return this.request.query("get", path`v1/users/${userId}/media`, {
      purpose: `list the media of ${userId}`,
      params: { from: query.from, limit: query.limit, order_by: query.orderBy, dir: query.dir },
      needs: { media: [{}], total: 0 },
    });
  }

  /** Everything that {@link Media.ofUser} has, page by page. */
  allOfUser(userId: string, query: UserMediaQuery = {}): AsyncGenerator<UserMedia, void, void> {
    return items(`list the media of ${userId}`, query, async (from) => {
      const { media, total, next_token } = await this.ofUser(userId, { ...query, from });
      return { items: media, total, next: next_token };
    });
  }

  /**
   * Hides one local or remote file and, since Synapse 1.128, every file with the same content. The answer is the same
   * for a file that does not exist or is protected.
   *
   * @param serverName where the file comes from
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#quarantining-media-by-id
   */
  quarantine(serverName: string, mediaId: string): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/media/quarantine/${serverName}/${mediaId}`, {
      purpose: `quarantine mxc://${serverName}/${mediaId}`,
    });
  }

  /**
   * Shows a hidden file again, and every file with the same content.
   *
   * @param serverName where the file comes from
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#remove-media-from-quarantine-by-id
   */
  unquarantine(serverName: string, mediaId: string): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/media/unquarantine/${serverName}/${mediaId}`, {
      purpose: `remove mxc://${serverName}/${mediaId} from quarantine`,
    });
  }

  /**
   * Hides what the unencrypted messages of a room refer to, local or remote.
   *
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#quarantining-media-in-a-room
   */
  quarantineInRoom(roomId: string): Promise<{ num_quarantined: number }> {
    return this.request.query("post", path`v1/room/${roomId}/media/quarantine`, {
      purpose: `quarantine the media in ${roomId}`,
      needs: { num_quarantined: 0 },
    });
  }

  /**
   * Hides what a local user uploaded. An unknown user has nothing: there is no 404.
   *
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#quarantining-all-media-of-a-user
   */
  quarantineOfUser(userId: string): Promise<{ num_quarantined: number }> {
    return this.request.query("post", path`v1/user/${userId}/media/quarantine`, {
      purpose: `quarantine the media of ${userId}`,
      needs: { num_quarantined: 0 },
    });
  }

  /**
   * Keeps a local file from being hidden. One that already is stays hidden.
   *
   * @throws HttpError 404 if there is no such file
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#protecting-media-from-being-quarantined
   */
  protect(mediaId: string): Promise<Record<string, never>> {
    return this.request.query("post", path`v1/media/protect/${mediaId}`, { purpose: `protect media ${mediaId}` });
  }

  /**
   * Deletes one local file. Where the server cannot remove it from its disk, `deleted_media` is empty.
   *
   * @param serverName the server's own name
   * @throws HttpError 404 `M_NOT_FOUND` if there is no such file, 400 if it is another server's
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#delete-a-specific-local-media
   */
  delete(serverName: string, mediaId: string): Promise<DeletedMedia> {
    return this.request.query("delete", path`v1/media/${serverName}/${mediaId}`, {
      purpose: `delete mxc://${serverName}/${mediaId}`,
      data: {},
      needs: { deleted_media: [""], total: 0 },
    });
  }

  /**
   * Deletes local files by age and size, while the caller waits. Hidden and protected ones stay.
   *
   * @throws HttpError 400 `M_INVALID_PARAM` if `beforeTs` is so small that it looks like seconds
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#delete-local-media-by-date-or-size
   */
  deleteByDateOrSize({ beforeTs, sizeGtBytes, keepProfiles }: MediaDeletion): Promise<DeletedMedia> {
    return this.request.query("post", path`v1/media/delete`, {
      purpose: "delete old local media",
      params: {
        before_ts: beforeTs,
        size_gt: sizeGtBytes,
        keep_profiles: keepProfiles === false ? false : undefined,
      },
      slow: true,
      needs: { deleted_media: [""], total: 0 },
    });
  }

  /**
   * Drops copies of remote files, while the caller waits. They come back when they are asked for; hidden ones stay.
   *
   * @param beforeTs last used before this: ms since 1970
   * @throws HttpError 400 `M_INVALID_PARAM` if `beforeTs` is so small that it looks like seconds
   * @see https://element-hq.github.io/synapse/latest/admin_api/media_admin_api.html#purge-remote-media-api
   */
  purgeRemoteCache(beforeTs: number): Promise<{ deleted: number }> {
    return this.request.query("post", path`v1/purge_media_cache`, {
      purpose: "purge cached remote media",
      params: { before_ts: beforeTs },
      slow: true,
      needs: { deleted: 0 },
    });
  }
}
