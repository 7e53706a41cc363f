import { load } from "js-yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { at, list, text, type Person } from "./client.js";
import { adminPath, scenario, until } from "./scenario.js";
import { hasOriginal } from "./server.js";

// The original is there with a real Synapse only: the replacement for it must say and do the same.

const scene = scenario();

async function original(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await scene.server.original!(argv);
  if (code !== 0) throw new Error(`the original: synadm ${argv.join(" ")}: exit ${code}\n${stderr}`);
  return stdout;
}

async function ours(...argv: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await scene.synadm(argv);
  if (code !== 0) throw new Error(`synadm ${argv.join(" ")}: exit ${code}\n${stderr}`);
  return stdout;
}

describe.runIf(hasOriginal)("reads what the original reads", { concurrent: true }, () => {
  let user: Person;
  let room: string;
  let alias: string;
  const jobs = { delete: "", purge: "", redact: "" };
  const token = () => scene.name("compared");

  beforeAll(async () => {
    user = await scene.person("compared", {
      displayname: "Łódź: \"quoted\" 'single' {x} # no comment 👩‍👩‍👧 - yes",
      threepids: [{ medium: "email", address: `${scene.name("compared")}@mail.test` }],
      external_ids: [{ auth_provider: "oidc-test", external_id: scene.name("compared") }],
    });
    await (await user.again({ id: "PHONE", name: "0123" })).whoami();
    for (const n of [1, 2, 3]) await scene.person(`compared-${n}`, { displayname: ["yes", "0x10", "1e3\n~"][n - 1] });
    room = await user.createRoom({ name: "null", topic: "a\nb: c", room_alias_name: token(), preset: "public_chat" });
    alias = `#${token()}:${scene.server.serverName}`;
    const url = await user.upload(`compared ${scene.run}`, { name: "Łódź 1.txt" });
    await user.say(room, { msgtype: "m.image", body: "picture", url });
    const last = await user.say(room, "last");
    await scene.ok("regtok", "new", "-n", token(), "-u", "3", "-e", "2031-01-01");
    jobs.redact = text(await scene.ok("user", "redact", "-r", room, user.localpart), "redact_id");
    jobs.purge = text(await scene.ok("history", "purge", "-i", last, room), "purge_id");
    jobs.delete = text(await scene.ok("room", "delete", await user.createRoom()), "delete_id");
    const isDone = (answer: unknown): boolean => at(answer, "status") === "complete";
    await until(() => scene.ok("user", "redact-status", jobs.redact), isDone);
    await until(() => scene.ok("history", "purge-status", jobs.purge), isDone);
    await until(() => scene.ok("room", "delete-status", "-d", jobs.delete), isDone);
  });

  // Left out: `user search`, of which the original prints two documents; `user prune-devices` with sessions that were
  // never seen, which it would delete first; times as text, which it writes without their zone.
  const reads: readonly (() => string[])[] = [
    () => ["version"],
    () => ["user", "list", "-n", token()],
    () => ["user", "list", "-n", token(), "-f", "1", "-l", "2", "--sort-by", "creation_ts", "--reverse"],
    () => ["user", "list", "-i", user.userId, "-d", "-g"],
    () => ["user", "details", user.localpart],
    () => ["user", "whois", user.userId],
    () => ["user", "3pid", `${user.localpart}@mail.test`],
    () => ["user", "auth-provider", "-p", "oidc-test", user.localpart],
    () => ["user", "membership", user.localpart],
    () => ["user", "membership", "--ids", user.localpart],
    () => ["user", "media", "--ts", user.localpart],
    () => ["user", "redact-status", jobs.redact],
    () => ["user", "prune-devices", "-l", "--ts", "-i", "PHONE", user.userId],
    () => ["room", "list", "-n", token()],
    () => ["room", "list", "-n", "null", "-s", "name", "-r", "-l", "3"],
    () => ["room", "search", token()],
    () => ["room", "details", room],
    () => ["room", "members", room],
    () => ["room", "state", room],
    () => ["room", "resolve", alias],
    () => ["room", "resolve", "-r", room],
    () => ["room", "power-levels", "-i", room],
    () => ["room", "power-levels", "-a", "-n", token()],
    () => ["room", "block-status", room],
    () => ["room", "delete-status", "-d", jobs.delete],
    () => ["media", "list", "-r", room],
    () => ["media", "list", "-u", user.localpart, "--ts"],
    () => ["regtok", "list", "--ts"],
    () => ["regtok", "details", "--ts", token()],
    () => ["history", "purge-status", jobs.purge],
    () => ["raw", `v2/users/${encodeURIComponent(user.userId)}`],
    () => ["matrix", "raw", "client/v3/account/whoami"],
  ];

  it.for(reads.map((argv, index) => ({ index, argv, name: String(argv).slice("() => ".length) })))(
    "$name",
    async ({ argv }, { expect }) => {
      for (const [format, parse] of [
        ["json", JSON.parse],
        ["yaml", load],
      ] as const) {
        const argument = ["--batch", "-o", format, ...argv()];
        const [theirs, mine] = await Promise.all([original(...argument), ours(...argument)]);
        expect(without(parse(mine), ["age"])).toEqual(without(parse(theirs), ["age"]));
      }
    },
  );
});

/** Somebody who is treated with one of the two programs, with all they have. */
interface Twin {
  run: (...argv: string[]) => Promise<string>;
  person: Person;
  /** Their own room. */
  room: string;
  /** Somebody else's, with a message of theirs in it. */
  club: string;
  media: string[];
  token: string;
  messages: string[];
}

describe.runIf(hasOriginal)("does what the original does", () => {
  let twins: Twin[];
  let owner: Person;

  beforeAll(async () => {
    owner = await scene.person("club-owner");
    twins = await Promise.all([twin("twin-a", original), twin("twin-b", ours)]);
  });

  async function twin(name: string, run: Twin["run"]): Promise<Twin> {
    const person = await scene.person(name);
    const room = await person.createRoom({ name: "Own room", preset: "public_chat" });
    const club = await owner.createRoom({ name: "Club", preset: "public_chat", room_version: "11" });
    await person.join(club);
    const messages = [await person.say(club, "one"), await person.say(club, "two"), await owner.say(club, "three")];
    const media: string[] = [];
    for (const n of [1, 2, 3]) media.push(await person.upload(`${name} ${scene.run} ${n}`));
    return { run, person, room, club, media, token: scene.name(`token-${name}`), messages };
  }

  /** All that can have changed, without what must differ. */
  async function state({ person, room, club, media, token, messages }: Twin): Promise<unknown> {
    const get = async (path: string) => (await scene.admin.call("GET", path)).body;
    const all = {
      account: await scene.account(person.userId),
      session: (await person.whoami()).status,
      rooms: await get(adminPath`v1/users/${person.userId}/memberships`),
      room: [await get(adminPath`v1/rooms/${room}`), await get(adminPath`v1/rooms/${room}/block`)],
      club: [await get(adminPath`v1/rooms/${club}`), await get(adminPath`v1/rooms/${club}/state`)],
      messages: await Promise.all(messages.map(async (id) => at((await owner.event(club, id)).body, "content"))),
      media: await get(adminPath`v1/users/${person.userId}/media`),
      token: await get(adminPath`v1/registration_tokens/${token}`),
    };
    const volatile = ["age", "origin_server_ts", "event_id", "unsigned", "replaces_state", "created_ts", "creation_ts"];
    const moments = ["last_access_ts", "last_seen_ts", "added_at", "validated_at", "sha256", "redacted_because"];
    const names = [...media.map((mxc) => mxc.slice(mxc.lastIndexOf("/") + 1)), ...messages, room, club];
    const words = names.reduce(
      (json, name, index) => json.replaceAll(name, `name ${index}`),
      JSON.stringify(without(all, [...volatile, ...moments]))
        .replaceAll(person.localpart, "twin")
        .replaceAll(token, "token"),
    );
    return JSON.parse(words);
  }

  const steps: readonly [name: string, argv: (twin: Twin) => string[]][] = [
    ["a new name", ({ person }) => ["user", "modify", "-n", "Łódź 👩‍👩‍👧", person.localpart]],
    ["a type", ({ person }) => ["user", "modify", "--user-type", "bot", person.localpart]],
    ["no type", ({ person }) => ["user", "modify", "--user-type", "regular", person.userId]],
    ["an avatar", ({ person, media }) => ["user", "modify", "-v", media[0]!, person.userId]],
    ["an address", ({ person }) => ["user", "modify", "-t", "email", `${person.localpart}@mail.test`, person.userId]],
    ["no address", ({ person }) => ["user", "modify", "--clear-threepids", person.userId]],
    ["admin", ({ person }) => ["user", "modify", "-a", person.localpart]],
    ["no admin", ({ person }) => ["user", "modify", "-u", person.localpart]],
    ["locked", ({ person }) => ["user", "modify", "--lock", person.localpart]],
    ["unlocked", ({ person }) => ["user", "modify", "--unlock", person.localpart]],
    ["suspended", ({ person }) => ["user", "suspend", person.localpart]],
    ["unsuspended", ({ person }) => ["user", "suspend", "--unsuspend", person.localpart]],
    ["shadow-banned", ({ person }) => ["user", "shadow-ban", person.localpart]],
    ["no longer", ({ person }) => ["user", "shadow-ban", "-u", person.localpart]],
    ["a password, sessions kept", ({ person }) => ["user", "password", "-n", "-p", "pw", person.localpart]],
    ["a room admin", ({ person, club }) => ["room", "make-admin", "-u", person.localpart, club]],
    ["a blocked room", ({ room }) => ["room", "block", room]],
    ["an unblocked room", ({ room }) => ["room", "block", "-u", room]],
    ["a protected file", ({ media }) => ["media", "protect", idOf(media[1]!)]],
    ["quarantine", ({ person }) => ["media", "quarantine", "-u", person.localpart]],
    ["and back", ({ media }) => ["media", "unquarantine", "-i", idOf(media[2]!)]],
    ["a deleted file", ({ media }) => ["media", "delete", "-i", idOf(media[2]!)]],
    ["a registration token", ({ token }) => ["regtok", "new", "-n", token, "-u", "3", "-e", "2031-01-01 10:20:30"]],
    ["a token changed", ({ token }) => ["regtok", "update", "-u", "-1", "-t", "-1", token]],
    ["a token deleted", ({ token }) => ["regtok", "delete", token]],
    ["redaction", ({ person, club }) => ["user", "redact", "-r", club, "--reason", "Łódź", person.localpart]],
    ["history", ({ club, messages }) => ["history", "purge", "--delete-local", "-i", messages[2]!, club]],
    ["a deleted room", ({ room }) => ["room", "delete", "-b", room]],
    ["a password", ({ person }) => ["user", "password", "-p", "other", person.localpart]],
    ["deactivated", ({ person }) => ["user", "deactivate", person.localpart]],
    ["reactivated", ({ person }) => ["user", "modify", "--activate", "-P", "again", person.localpart]],
    ["erased", ({ person }) => ["user", "deactivate", "-e", person.localpart]],
  ];

  it.each(steps)("%s", async (_name, argv) => {
    const before = await state(twins[1]!);
    await Promise.all(twins.map((twin) => twin.run("--batch", "-o", "json", ...argv(twin))));
    // What takes its time has taken it when both have come to the same end, and that is another than before.
    await until(
      async () => Promise.all(twins.map(state)),
      ([theirs, mine]) =>
        JSON.stringify(theirs) === JSON.stringify(mine) && JSON.stringify(mine) !== JSON.stringify(before),
    ).catch(async () => {
      const [theirs, mine] = await Promise.all(twins.map(state));
      expect(mine).toEqual(theirs);
      expect(JSON.stringify(mine)).toEqual("DBG");
      expect(mine).not.toEqual(before);
    });
  });

  it("a new account", async () => {
    const make = async (run: Twin["run"], name: string) => {
      await run("--batch", "-o", "json", "user", "modify", "-P", "pw", "-t", "msisdn", "44770090999", scene.name(name));
      const account = await scene.account(scene.userId(scene.name(name)));
      return JSON.stringify(without(account, ["creation_ts", "added_at", "validated_at"])).replaceAll(
        scene.name(name),
        "",
      );
    };
    // One after the other: the address moves to the second.
    const theirs = await make(original, "made-a");
    expect(await make(ours, "made-b")).toEqual(theirs);
  });

  it("a notice", async () => {
    const notices = await Promise.all(
      twins.map(async ({ run }, index) => {
        const person = await scene.person(`notice-${index}`);
        await run("--batch", "-o", "json", "notice", "send", person.localpart, "Hello Łódź", "<b>Hello</b>");
        const first = await person.sync();
        for (const room of Object.keys(at(first, "rooms", "invite") ?? {})) await person.join(room);
        const [room] = Object.values(at(await person.sync(text(first, "next_batch")), "rooms", "join") ?? {});
        return list(room, "timeline", "events").flatMap((event) =>
          at(event, "type") === "m.room.message" ? [at(event, "content")] : [],
        );
      }),
    );
    expect(notices[1]).toEqual(notices[0]);
    expect(notices[1]).toHaveLength(1);
  });
});

function idOf(mxc: string): string {
  return mxc.slice(mxc.lastIndexOf("/") + 1);
}

/** A copy without some fields, wherever they are. */
function without(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => without(item, fields));
  if (!(value instanceof Object)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !fields.includes(key))
      .map(([key, item]) => [key, without(item, fields)]),
  );
}
