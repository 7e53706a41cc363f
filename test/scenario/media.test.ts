import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { at, list, type Client, type Person } from "./client.js";
import { scenario } from "./scenario.js";

const scene = scenario();

const idOf = (mxc: string): string => mxc.slice(mxc.lastIndexOf("/") + 1);

let uploads = 0;

/** A file that no other is like: Synapse quarantines by content. */
function upload(by: Client, { size = 20, name = "file.txt" } = {}): Promise<string> {
  uploads += 1;
  return by.upload(`${scene.run} ${uploads} `.padEnd(size, "x"), { name });
}

async function roomWith(owner: Person, mxcs: readonly string[]): Promise<string> {
  const room = await owner.createRoom();
  for (const url of mxcs) await owner.say(room, { msgtype: "m.image", body: "picture", url });
  return room;
}

const statuses = async (mxcs: readonly string[], by: Client): Promise<number[]> =>
  Promise.all(mxcs.map(async (mxc) => (await by.download(mxc)).status));

describe("media", () => {
  it("lists what is in a room and what a user uploaded", async () => {
    const owner = await scene.person("painter");
    const mxcs = [await upload(owner, { size: 50 }), await upload(owner, { size: 99, name: "Łódź.txt" })];
    const room = await roomWith(owner, mxcs);
    const inRoom = await scene.ok("media", "list", "-r", room);
    expect([...list(inRoom, "local")].sort()).toEqual([...mxcs].sort());
    expect(inRoom).toMatchObject({ remote: [] });

    const ofUser = await scene.ok("media", "list", "-u", owner.localpart);
    expect(ofUser).toMatchObject({ total: 2, media: [{ upload_name: "Łódź.txt", media_length: 99 }, {}] });
    const same = await scene.ok("user", "media", owner.localpart);
    expect(same).toEqual(ofUser);
    const ids = (found: unknown) => list(found, "media").map((media) => at(media, "media_id"));
    const small = await scene.ok("user", "media", "-s", "media_length", owner.localpart);
    expect(ids(small)).toEqual(mxcs.map(idOf));
    const large = await scene.ok("user", "media", "-s", "media_length", "-r", owner.localpart);
    expect(ids(large)).toEqual(mxcs.map(idOf).reverse());
    const oldest = await scene.ok("user", "media", "-r", owner.localpart);
    expect(ids(oldest)).toEqual(mxcs.map(idOf));
    const page = await scene.ok("user", "media", "-f", "1", "-l", "1", owner.localpart);
    expect(ids(page)).toEqual([idOf(mxcs[0]!)]);
  });

  it.each([
    { name: "its ID", argv: ([mxc]: string[]) => ["-i", idOf(mxc!)], hit: [404, 200] },
    { name: "its URI", argv: ([mxc]: string[]) => ["-U", mxc!], hit: [404, 200] },
    { name: "its room", argv: (_: string[], room: string) => ["-r", room], hit: [404, 404] },
    { name: "its user", argv: (_: string[], __: string, user: string) => ["-u", user], hit: [404, 404] },
  ])("quarantines by $name: nobody can load it; unquarantine gives it back", async ({ name, argv, hit }) => {
    const owner = await scene.person(`quarantined-${name.replace(" ", "-").toLowerCase()}`);
    const mxcs = [await upload(owner), await upload(owner)];
    const room = await roomWith(owner, mxcs);
    expect(await statuses(mxcs, owner)).toEqual([200, 200]);
    await scene.ok("media", "quarantine", ...argv(mxcs, room, owner.localpart));
    expect(await statuses(mxcs, owner)).toEqual(hit);
    const listed = await scene.ok("media", "list", "-u", owner.localpart, "-s", "created_ts");
    expect(listed).toMatchObject({ media: [{ quarantined_by: scene.server.adminUser }, {}] });
    await scene.ok("media", "unquarantine", "-i", idOf(mxcs[0]!));
    await scene.ok("media", "unquarantine", "-U", mxcs[1]!);
    expect(await statuses(mxcs, owner)).toEqual([200, 200]);
  });

  it("a protected file is not quarantined with the rest", async () => {
    const owner = await scene.person("protected");
    const mxcs = [await upload(owner), await upload(owner)];
    await scene.ok("media", "protect", idOf(mxcs[0]!));
    expect(await scene.ok("media", "quarantine", "-u", owner.localpart)).toEqual({ num_quarantined: 1 });
    expect(await statuses(mxcs, owner)).toEqual([200, 404]);
  });

  it("deletes one file, by ID or URI; an unknown one is exit 1", async () => {
    const owner = await scene.person("deleted");
    const mxcs = [await upload(owner), await upload(owner), await upload(owner)];
    const deleted = await scene.ok("media", "delete", "-i", idOf(mxcs[0]!));
    expect(deleted).toEqual({ deleted_media: [idOf(mxcs[0]!)], total: 1 });
    await scene.ok("media", "delete", "-i", mxcs[1]!);
    expect(await statuses(mxcs, owner)).toEqual([404, 404, 200]);
    const { said } = await scene.refused("media", "delete", "-i", idOf(mxcs[0]!));
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
    const no = await scene.synadm(["media", "delete", "-i", mxcs[2]!], { stdin: "n\n" });
    expect(no).toMatchObject({ code: 5, stdout: "" });
    expect(await statuses(mxcs, owner)).toEqual([404, 404, 200]);
  });

  it("deletes by age and size; avatars, protected and quarantined files stay", async () => {
    const owner = await scene.person("collector");
    const small = await upload(owner, { size: 1000 });
    const large = await upload(owner, { size: 5000 });
    const avatar = await upload(owner, { size: 5000 });
    const safe = await upload(owner, { size: 5000 });
    await owner.do("PUT", `/profile/${encodeURIComponent(owner.userId)}/avatar_url`, { avatar_url: avatar });
    await scene.ok("media", "protect", idOf(safe));
    await sleep(20);
    const now = String(Date.now());
    await sleep(20);
    const young = await upload(owner, { size: 5000 });
    const all = [small, large, avatar, safe, young];

    // Nobody loads them before the end: that would make them young.
    const left = async () => {
      const media = list(await scene.ok("media", "list", "-u", owner.localpart, "-s", "created_ts"), "media");
      return all.map((mxc) => media.some((one) => at(one, "media_id") === idOf(mxc)));
    };

    const early = await scene.ok("media", "delete", "--before-days", "1");
    expect(early).toEqual({ deleted_media: [], total: 0 });
    const deleted = await scene.ok("media", "delete", "--before-ts", now, "--size", "2");
    expect(list(deleted, "deleted_media")).toContain(idOf(large));
    expect(await left()).toEqual([true, false, true, true, true]);
    await scene.ok("media", "delete", "--before-ts", now);
    expect(await left()).toEqual([false, false, true, true, true]);
    await scene.ok("media", "delete", "--before-ts", now, "--delete-profiles");
    expect(await left()).toEqual([false, false, false, true, true]);
    expect(await statuses(all, owner)).toEqual([404, 404, 404, 200, 200]);
  });

  it("purges the copies of other servers' files", async () => {
    expect(await scene.ok("media", "purge", "--before-days", "1")).toEqual({ deleted: 0 });
  });
});
