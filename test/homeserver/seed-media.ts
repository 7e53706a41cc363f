import { createHash } from "node:crypto";
import type { Media } from "./media-store.js";
import { DAY } from "./time.js";
import type { World } from "./world.js";

export function seedMedia(world: World): void {
  const now = world.now();
  const admin = world.userId("admin");
  const add = (mediaId: string, daysAgo: number, fields: Partial<Media> = {}): void => {
    const sha256 = createHash("sha256").update(mediaId).digest("hex");
    world.addMedia({
      origin: null,
      mediaId,
      mediaType: "image/png",
      length: 1000,
      uploadName: `${mediaId}.png`,
      createdTs: now - daysAgo * DAY,
      lastAccessTs: null,
      urlCache: null,
      quarantinedBy: null,
      safe: false,
      userId: world.userId("alice"),
      sha256,
      ...fields,
    });
  };
  add("alicesavatar", 800, { length: 4096, lastAccessTs: now - 700 * DAY });
  add("abcdefgh", 400, { length: 67, uploadName: "test1.png", lastAccessTs: now - 300 * DAY });
  add("zyxwvut", 500, {
    mediaType: "video/mp4",
    length: 9_876_543,
    uploadName: null,
    quarantinedBy: admin,
  });
  add("protected", 600, { uploadName: "Łódź – 日本.pdf", mediaType: "application/pdf", length: 250_000, safe: true });
  // The same file twice: what happens to one happens to the other.
  const same = createHash("sha256").update("twin").digest("hex");
  add("twin1", 90, { sha256: same, length: 1_572_864, uploadName: "cat.jpg", mediaType: "image/jpeg" });
  add("twin2", 80, { sha256: same, length: 1_572_864, userId: world.userId("bob"), uploadName: "cat (1).jpg" });
  add("preview", 70, { urlCache: "https://example.org/page", uploadName: null, length: 3210 });
  add("evilname", 20, { userId: world.userId("spam1"), uploadName: "\u001b[31mevil\u202egpj.exe" });
  for (const [nth, mediaId] of ["xyz", "remoteold", "remotenew"].entries()) {
    add(mediaId, 600 - nth * 250, {
      origin: "remote.test",
      userId: null,
      lastAccessTs: now - (500 - nth * 240) * DAY,
    });
  }
  add("remotebad", 400, { origin: "remote.test", userId: null, lastAccessTs: now - 390 * DAY, quarantinedBy: admin });
}
