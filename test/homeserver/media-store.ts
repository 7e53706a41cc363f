export interface Media {
  /** The server it comes from; null for media of this server. */
  origin: string | null;
  mediaId: string;
  mediaType: string;
  length: number | null;
  uploadName: string | null;
  createdTs: number;
  lastAccessTs: number | null;
  /** The page whose preview it belongs to. */
  urlCache: string | null;
  quarantinedBy: string | null;
  /** Protected: never quarantined. */
  safe: boolean;
  /** Uploader; null for remote media. */
  userId: string | null;
  sha256: string | null;
  /** Seeded media have none: their bytes are made up when somebody downloads them. */
  content?: Buffer;
}

/** All media, local and cached remote ones. */
export class MediaStore {
  private readonly media = new Map<string, Media>();

  add(media: Media): Media {
    this.media.set(key(media.origin, media.mediaId), media);
    return media;
  }

  get(origin: string | null, mediaId: string): Media | undefined {
    return this.media.get(key(origin, mediaId));
  }

  delete(media: Media): void {
    this.media.delete(key(media.origin, media.mediaId));
  }

  local(): Media[] {
    return [...this.media.values()].filter((media) => media.origin === null);
  }

  remote(): Media[] {
    return [...this.media.values()].filter((media) => media.origin !== null);
  }

  /**
   * Sets or lifts (`by` null) the quarantine of the given media and of every file with the same content.
   * Protected media are skipped when it is set. Returns how many rows were written, as Synapse counts them.
   */
  quarantine(targets: Media[], by: string | null): number {
    const chosen = targets.filter((media) => by === null || !media.safe);
    const hashes = new Set(chosen.flatMap((media) => media.sha256 ?? []));
    const hit = [...this.media.values()].filter(
      (media) =>
        (chosen.includes(media) || (media.sha256 !== null && hashes.has(media.sha256))) && (by === null || !media.safe),
    );
    for (const media of hit) media.quarantinedBy = by;
    return hit.length;
  }
}

function key(origin: string | null, mediaId: string): string {
  return `${origin ?? ""}/${mediaId}`;
}
