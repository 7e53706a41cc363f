import { isDeepStrictEqual } from "node:util";
import { load } from "js-yaml";
import { beforeAll, describe, expect, it } from "vitest";
import { at, list, record, text, tryLogin, type Person } from "./client.js";
import { adminPath, scenario, until } from "./scenario.js";
import { hasOriginal } from "./server.js";

// The original is there with a real Synapse only: its replacement must say and do the same.

const scene = scenario();

type Program = (...argv: readonly string[]) => Promise<string>;

const original: Program = async (...argv) => {
  const { code, stdout, stderr } = await scene.server.original!(argv);
  if (code !== 0) throw new Error(`the original: synadm ${argv.join(" ")}: exit ${code}\n${stderr}`);
  return stdout;
};

const ours: Program = async (...argv) => {
  const { code, stdout, stderr } = await scene.synadm(argv);
  if (code !== 0) throw new Error(`synadm ${argv.join(" ")}: exit ${code}\n${stderr}`);
  return stdout;
};

/** A line of words as arguments, those in capitals replaced by what they stand for. */
function argumentsOf(line: string, names: Readonly<Record<string, string>>): string[] {
  return line.split(" ").map((word) => word.replace(/\b[A-Z]{2,}\b/g, (name) => names[name] ?? name));
}

describe.runIf(hasOriginal)("reads what the original reads", { concurrent: true }, () => {
  let names: Record<string, string>;

  beforeAll(async () => {
    const name = scene.name("compared");
    const user = await scene.person("compared", {
      displayname: "Łódź: \"quoted\" 'single' {x} # no comment 👩‍👩‍👧 - yes",
      threepids: [{ medium: "email", address: `${name}@mail.test` }],
      external_ids: [{ auth_provider: "oidc-test", external_id: name }],
    });
    await (await user.again({ id: "PHONE", name: "0123" })).whoami();
    for (const displayname of ["yes", "0x10", "1e3\n~"]) {
      await scene.makeAccount(scene.userId(`${name}-${displayname.length}`), { displayname });
    }
    const room = await user.createRoom({
      name: "null",
      topic: "a\nb: c",
      room_alias_name: name,
      preset: "public_chat",
    });
    const url = await user.upload(`compared ${scene.run}`, { name: "Łódź 1.txt" });
    await user.say(room, { msgtype: "m.image", body: "picture", url });
    const last = await user.say(room, "last");
    await scene.ok("regtok", "new", "-n", name, "-u", "3", "-e", "2031-01-01");
    const isDone = (answer: unknown): boolean => at(answer, "status") === "complete";
    // Before the purge, for what is gone cannot be redacted.
    const redaction = text(await scene.ok("user", "redact", "-r", room, user.localpart), "redact_id");
    await until(() => scene.ok("user", "redact-status", redaction), isDone);
    const purge = text(await scene.ok("history", "purge", "-i", last, room), "purge_id");
    await until(() => scene.ok("history", "purge-status", purge), isDone);
    // On SQLite the job of a busy Synapse fails now and then; what counts here is one that did not.
    const deletedRoom = async (tries = 3): Promise<string> => {
      const id = text(await scene.ok("room", "delete", await user.createRoom()), "delete_id");
      const status = () => scene.synadm(["--batch", "-o", "json", "room", "delete-status", "-d", id]);
      const ended = await until(status, ({ stdout }) => /"status": "(complete|failed)"/.test(stdout));
      return ended.code === 0 || tries === 1 ? id : deletedRoom(tries - 1);
    };
    const deletion = await deletedRoom();
    // Synapse writes it down some seconds later, and both are to see the same.
    await until(
      () => scene.account(user.userId),
      (account) => at(account, "last_seen_ts") !== null,
    );
    names = {
      USER: user.localpart,
      ID: user.userId,
      ENCODED: encodeURIComponent(user.userId),
      EMAIL: `${name}@mail.test`,
      ROOM: room,
      ALIAS: `#${name}:${scene.server.serverName}`,
      NAME: name,
      PURGE: purge,
      REDACTION: redaction,
      DELETION: deletion,
    };
  });

  // Left out: `user search`, of which the original prints two documents; `user prune-devices` with sessions that were
  // never seen, which it would delete first; times as text, which it writes without their zone.
  it.for([
    "version",
    "user list -n NAME",
    "user list -n NAME -f 1 -l 2 --sort-by creation_ts --reverse",
    "user list -i ID -d -g",
    "user details USER",
    "user whois ID",
    "user 3pid EMAIL",
    "user auth-provider -p oidc-test NAME",
    "user membership USER",
    "user membership --ids USER",
    "user media --ts USER",
    "user redact-status REDACTION",
    "user prune-devices -l --ts -i PHONE ID",
    "room list -n NAME",
    "room list -n null -s name -r -l 3",
    "room search NAME",
    "room details ROOM",
    "room members ROOM",
    "room state ROOM",
    "room resolve ALIAS",
    "room resolve -r ROOM",
    "room power-levels -i ROOM",
    "room power-levels -a -n NAME",
    "room block-status ROOM",
    "room delete-status -d DELETION",
    "media list -r ROOM",
    "media list -u USER --ts",
    "regtok list --ts",
    "regtok details --ts NAME",
    "history purge-status PURGE",
    "raw v2/users/ENCODED",
    "matrix raw client/v3/account/whoami",
  ])("%s", async (line, { expect }) => {
    for (const [format, parse] of [
      ["json", (json: string): unknown => JSON.parse(json)],
      ["yaml", load],
    ] as const) {
      const argv = ["--batch", "-o", format, ...argumentsOf(line, names)];
      const [theirs, mine] = await Promise.all([original(...argv), ours(...argv)]);
      expect(without(parse(mine), ["age"])).toEqual(without(parse(theirs), ["age"]));
    }
  });
});

/** Somebody whom one of the two programs takes care of, with all they have. */
interface Twin {
  run: Program;
  person: Person;
  /** What the words of a command line stand for. */
  names: Readonly<
    Record<"SERVER" | "USER" | "ROOM" | "CLUB" | "TOKEN" | "AVATAR" | "FILE" | "PICTURE" | "ONE" | "TWO", string>
  >;
}

describe.runIf(hasOriginal)("does what the original does", () => {
  let twins: readonly Twin[];
  let owner: Person;

  beforeAll(async () => {
    owner = await scene.person("club-owner");
    twins = await Promise.all([twin("twin-a", original), twin("twin-b", ours)]);
  });

  async function twin(name: string, run: Program): Promise<Twin> {
    const person = await scene.person(name);
    const room = await person.createRoom({ name: "Own room", preset: "public_chat" });
    const club = await owner.createRoom({ name: "Club", preset: "public_chat", room_version: "11" });
    await person.join(club);
    const upload = async (what: string) => {
      const mxc = await person.upload(`${name} ${scene.run} ${what}`);
      return mxc.slice(mxc.lastIndexOf("/") + 1);
    };
    return {
      run,
      person,
      names: {
        SERVER: scene.server.serverName,
        USER: person.localpart,
        ROOM: room,
        CLUB: club,
        TOKEN: scene.name(`token-${name}`),
        AVATAR: await upload("avatar"),
        FILE: await upload("file"),
        PICTURE: await upload("picture"),
        ONE: await person.say(club, "one"),
        TWO: await person.say(club, "two"),
      },
    };
  }

  /** All that can have changed, without what must differ. */
  async function state({ person, names }: Twin): Promise<unknown> {
    const { ROOM, CLUB, TOKEN, ONE, TWO } = names;
    const get = async (path: string) => (await scene.admin.call("GET", path)).body;
    const logIn = (password: string) => tryLogin(scene.server.baseUrl, person.userId, password, { id: "PROBE" });
    const all = {
      account: await scene.account(person.userId),
      session: (await person.whoami()).status,
      rooms: await get(adminPath`v1/users/${person.userId}/memberships`),
      room: [await get(adminPath`v1/rooms/${ROOM}`), await get(adminPath`v1/rooms/${ROOM}/block`)],
      club: [await get(adminPath`v1/rooms/${CLUB}`), await get(adminPath`v1/rooms/${CLUB}/state`)],
      messages: [await owner.event(CLUB, ONE), await owner.event(CLUB, TWO)],
      media: await get(adminPath`v1/users/${person.userId}/media`),
      token: await get(adminPath`v1/registration_tokens/${TOKEN}`),
      passwords: [(await logIn("second")).status, (await logIn("third")).status, (await logIn("fourth")).status],
    };
    let json = JSON.stringify(without(all, volatile));
    // The name of the server is part of other names.
    for (const [name, value] of Object.entries(names).reverse()) json = json.replaceAll(value, name);
    return JSON.parse(json);
  }

  const volatile = [
    ...["age", "unsigned", "event_id", "replaces_state", "redacted_because", "sha256"],
    ...["origin_server_ts", "created_ts", "creation_ts", "last_access_ts", "last_seen_ts", "added_at", "validated_at"],
    // The probes themselves are devices, and come and go.
    "joined_local_devices",
  ];

  it.each([
    "user modify -n Łódź👩‍👩‍👧 USER",
    "user modify --user-type bot USER",
    "user modify --user-type regular USER",
    "user modify -v mxc://SERVER/AVATAR USER",
    "user modify -t email USER@mail.test USER",
    "user modify --clear-threepids USER",
    "user modify -a USER",
    "user modify -u USER",
    "user modify --lock USER",
    "user modify --unlock USER",
    "user suspend USER",
    "user suspend --unsuspend USER",
    "user shadow-ban USER",
    "user shadow-ban -u USER",
    "user password -n -p second USER",
    "room make-admin -u USER CLUB",
    "room block ROOM",
    "room block -u ROOM",
    "media protect FILE",
    "media quarantine -u USER",
    "media unquarantine -i PICTURE",
    "media delete -i PICTURE",
    "regtok new -n TOKEN -u 3 -t 1925037200000",
    "regtok update -u -1 -t -1 TOKEN",
    "regtok delete TOKEN",
    "history purge --delete-local -i TWO CLUB",
    "user redact -r CLUB --reason Łódź USER",
    "room delete -b ROOM",
    "user modify -P third USER",
    "user deactivate USER",
    "user modify --activate -P fourth USER",
    "user deactivate -e USER",
  ])("%s", async (line) => {
    const before = await state(twins[1]!);
    const run = (twin: Twin) => twin.run("--batch", "-o", "json", ...argumentsOf(line, twin.names));
    await Promise.all(twins.map(run));
    // Some of it the server does later.
    const deadline = Date.now() + 10_000;
    const look = () => Promise.all([state(twins[0]!), state(twins[1]!)]);
    let [theirs, mine] = await look();
    while ((!isDeepStrictEqual(mine, theirs) || isDeepStrictEqual(mine, before)) && Date.now() < deadline)
      [theirs, mine] = await look();
    expect(mine).toEqual(theirs);
    expect(mine).not.toEqual(before);
  });

  it("user modify makes an account", async () => {
    const make = async (run: Program, name: string) => {
      await run("--batch", "-o", "json", "user", "modify", "-P", "pw", "-t", "msisdn", "44770090999", name);
      const account = without(await scene.account(scene.userId(name)), volatile);
      return JSON.stringify(account).replaceAll(name, "");
    };
    // One after the other: the number moves to the second.
    const theirs = await make(original, scene.name("made-a"));
    expect(await make(ours, scene.name("made-b"))).toEqual(theirs);
  });

  it("notice send", async () => {
    const [theirs, mine] = await Promise.all(
      twins.map(async ({ run }, index) => {
        const person = await scene.person(`notice-${index}`);
        await run("--batch", "-o", "json", "notice", "send", person.localpart, "Hello Łódź", "<b>Hello</b>");
        const first = await person.sync();
        for (const room of Object.keys(record(first, "rooms", "invite"))) await person.join(room);
        const second = await person.sync(text(first, "next_batch"));
        const [room] = Object.values(record(second, "rooms", "join"));
        const events = list(room, "timeline", "events");
        return events.filter((event) => at(event, "type") === "m.room.message").map((event) => at(event, "content"));
      }),
    );
    expect(mine).toHaveLength(1);
    expect(mine).toEqual(theirs);
  });
});

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
