import { beforeAll, describe, expect, it } from "vitest";
import { at, Client, list, text, tryLogin, type Answer, type Person } from "./client.js";
import { scenario, until } from "./scenario.js";

const scene = scenario();

const logIn = (user: string, password: string): Promise<Answer> => tryLogin(scene.server.baseUrl, user, password);
const isIn = async (person: Client): Promise<number> => (await person.whoami()).status;

describe("making accounts", () => {
  it("user modify makes one that can log in", async () => {
    const name = scene.name("anna");
    const argv = ["user", "modify", name, "-P", "correct horse", "-n", "Anna Łódź", "-t", "email", `${name}@mail.test`];
    const made = await scene.ok(...argv);
    expect(made).toMatchObject({ name: scene.userId(name), displayname: "Anna Łódź", admin: false });
    expect(await logIn(name, "correct horse")).toMatchObject({ status: 200, body: { user_id: scene.userId(name) } });
    expect(await logIn(name, "wrong horse")).toMatchObject({ status: 403 });
  });

  it.each([
    { answer: "y\n", code: 0, exists: 200 },
    { answer: "n\n", code: 5, exists: 404 },
    { answer: "", code: 5, exists: 404 },
  ])("asks before, and $answer means exit $code", async ({ answer, code, exists }) => {
    const userId = scene.userId(scene.name(`asked-${code}-${answer.length}`));
    const result = await scene.synadm(["-o", "json", "user", "modify", userId, "-P", "pw"], { stdin: answer });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain("[y/N]");
    expect(result.stderr).toMatch(/does not exist|will be (made|created)|new account/i);
    expect(result.stderr).not.toContain("pw\n");
    if (code === 0) expect(JSON.parse(result.stdout)).toMatchObject({ name: userId });
    else expect(result.stdout).toBe("");
    const found = await scene.admin.call("GET", `/_synapse/admin/v2/users/${encodeURIComponent(userId)}`);
    expect(found.status).toBe(exists);
  });

  it("takes IDs that must be encoded", async () => {
    const name = scene.name("a.b-c=d_e/f+g");
    await scene.ok("user", "modify", name, "-P", "pw");
    expect(await scene.ok("user", "details", name)).toMatchObject({ name: scene.userId(name) });
  });
});

describe("finding accounts", () => {
  const count = () => (scene.server.real ? 1000 : 200);
  const crowd = () => scene.name("crowd");
  let before: number;

  beforeAll(async () => {
    before = Number(at(await scene.ok("user", "list", "-d", "-L", "-l", "1"), "total"));
    const names = Array.from({ length: count() }, (_, i) => `${crowd()}-${String(i).padStart(4, "0")}`);
    const next = names.values();
    const work = Array.from({ length: 10 }, async () => {
      for (const name of next) await scene.makeAccount(scene.userId(name), { displayname: `Nº ${name}` });
    });
    await Promise.all(work);
  }, 60_000);

  it("counts them all", async () => {
    const all = await scene.ok("user", "list", "-d", "-L", "-l", "1");
    expect(all).toMatchObject({ total: before + count(), next_token: "1", users: [expect.anything()] });
  });

  it("pages through them, each once", async () => {
    const seen: string[] = [];
    let from: string | undefined = "0";
    while (from !== undefined) {
      const page = await scene.ok("user", "list", "-n", crowd(), "-f", from, "-l", String(count() / 4));
      seen.push(...list(page, "users").map((user) => text(user, "name")));
      from = at(page, "next_token") as string | undefined;
    }
    expect(seen).toHaveLength(count());
    expect(new Set(seen).size).toBe(count());
    expect(seen).toEqual([...seen].sort());
  });

  it("--all has them in one document", async () => {
    const all = await scene.ok("user", "list", "--all", "-n", crowd(), "-l", "90");
    expect(list(all, "users")).toHaveLength(count());
    expect(all).toMatchObject({ total: count() });
    expect(all).not.toHaveProperty("next_token");
  });

  it("search finds parts of names, whatever their case, each account once", async () => {
    const found = await scene.ok("user", "search", `${crowd().toUpperCase()}-007`);
    expect(list(found, "users")).toHaveLength(10);
    expect(found).toMatchObject({ total: 10 });
  });

  it("sorts and reverses", async () => {
    const argv = ["user", "list", "-n", crowd(), "--sort-by", "name", "-l", "1"];
    expect(await scene.ok(...argv)).toMatchObject({ users: [{ name: scene.userId(`${crowd()}-0000`) }] });
    const last = `${crowd()}-${String(count() - 1).padStart(4, "0")}`;
    expect(await scene.ok(...argv, "--reverse")).toMatchObject({ users: [{ name: scene.userId(last) }] });
  });

  it("-i takes a part of the full ID", async () => {
    const found = await scene.ok("user", "list", "-i", `${crowd()}-0042:`);
    expect(list(found, "users").map((user) => at(user, "name"))).toEqual([scene.userId(`${crowd()}-0042`)]);
  });

  it("human shows a table, and how to see more", async () => {
    const { stdout, stderr, code } = await scene.synadm(["-o", "human", "user", "list", "-n", crowd(), "-l", "2"]);
    expect(code).toBe(0);
    expect(stdout).toContain(scene.userId(`${crowd()}-0001`));
    expect(stdout).toContain(`Nº ${crowd()}-0000`);
    expect(stderr).toContain(`1 to 2 of ${count()}`);
    expect(stderr).toContain("--from 2");
  });
});

describe("looking at an account", () => {
  it("details and whois", async () => {
    const anna = await scene.person("looked-at", { displayname: "Looked At" });
    await anna.whoami();
    const details = await scene.ok("user", "details", anna.localpart);
    expect(details).toEqual(await scene.account(anna.userId));
    expect(details).toMatchObject({ name: anna.userId, displayname: "Looked At", deactivated: false });
    const whois = await scene.ok("user", "whois", anna.userId);
    expect(whois).toMatchObject({ user_id: anna.userId });
    const connections = list(whois, "devices", "", "sessions", 0, "connections");
    expect(connections.map((one) => at(one, "ip"))).toEqual(["127.0.0.1"]);
  });

  it("3pid finds the account, whatever the case; an unknown one is exit 1", async () => {
    const anna = await scene.person("reachable");
    const address = `${anna.localpart}@mail.test`;
    await scene.ok("user", "modify", anna.localpart, "-t", "email", address, "-t", "msisdn", "447700900123");
    expect(await scene.ok("user", "3pid", address)).toEqual({ user_id: anna.userId });
    expect(await scene.ok("user", "3pid", "-m", "msisdn", "447700900123")).toEqual({ user_id: anna.userId });
    await scene.ok("user", "modify", anna.localpart, "--clear-threepids");
    const { said } = await scene.refused("user", "3pid", address);
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
  });

  it("auth-provider", async () => {
    const anna = await scene.person("single-sign-on");
    const identity = { auth_provider: "oidc-test", external_id: `ext/${anna.localpart} ü` };
    await scene.makeAccount(anna.userId, { external_ids: [identity] });
    const argv = ["user", "auth-provider", "-p", "oidc-test"];
    expect(await scene.ok(...argv, identity.external_id)).toEqual({ user_id: anna.userId });
    const { said } = await scene.refused(...argv, "nobody");
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
  });

  it("membership, as aliases and as IDs", async () => {
    const anna = await scene.person("member");
    const named = await anna.createRoom({ room_alias_name: scene.name("members"), preset: "public_chat" });
    const nameless = await anna.createRoom();
    const aliases = await scene.ok("user", "membership", anna.localpart);
    const alias = `#${scene.name("members")}:${scene.server.serverName}`;
    expect([...list(aliases, "joined_rooms")].sort()).toEqual([alias, nameless].sort());
    const ids = await scene.ok("user", "membership", "--ids", anna.userId);
    expect([...list(ids, "joined_rooms")].sort()).toEqual([named, nameless].sort());
    expect(ids).toMatchObject({ total: 2 });
  });
});

describe("passwords", () => {
  it.each([
    { argv: [], session: 401, name: "ends the sessions" },
    { argv: ["--no-logout"], session: 200, name: "keeps them" },
  ])("user password $argv $name", async ({ argv, session }) => {
    const person = await scene.person(`password-${session}`);
    await scene.ok("user", "password", ...argv, "-p", "second password", person.localpart);
    expect(await isIn(person)).toBe(session);
    expect(await logIn(person.userId, "first password")).toMatchObject({ status: 403 });
    expect(await logIn(person.userId, "second password")).toMatchObject({ status: 200 });
  });

  it.each([
    { argv: [], session: 401 },
    { argv: ["--no-logout"], session: 200 },
  ])("user modify -P $argv leaves whoami at $session", async ({ argv, session }) => {
    const person = await scene.person(`modified-${session}`);
    await scene.ok("user", "modify", ...argv, "-P", "second password", person.localpart);
    expect(await isIn(person)).toBe(session);
    expect(await logIn(person.userId, "second password")).toMatchObject({ status: 200 });
  });

  it("takes a password from stdin, and none is exit 2 under --batch", async () => {
    const person = await scene.person("piped");
    const argv = ["--batch", "user", "password", person.localpart];
    expect(await scene.synadm(argv)).toMatchObject({ code: 2, stdout: "" });
    expect(await isIn(person)).toBe(200);
    const result = await scene.synadm([...argv, "--password-stdin"], { stdin: "pi péd\n" });
    expect(result).toMatchObject({ code: 0 });
    expect(await logIn(person.userId, "pi péd")).toMatchObject({ status: 200 });
  });
});

describe("states of an account", () => {
  it("makes an admin, and no admin again", async () => {
    const person = await scene.person("promoted");
    const isAdmin = async () => (await person.call("GET", "/_synapse/admin/v2/users?limit=1")).status;
    expect(await isAdmin()).toBe(403);
    await scene.ok("user", "modify", "-a", person.localpart);
    expect(await isAdmin()).toBe(200);
    const admins = await scene.ok("user", "list", "--admins", "-n", person.localpart);
    expect(list(admins, "users").map((user) => at(user, "name"))).toEqual([person.userId]);
    await scene.ok("user", "modify", "-u", person.localpart);
    expect(await isAdmin()).toBe(403);
  });

  it("locks and unlocks", async () => {
    const person = await scene.person("locked");
    await scene.ok("user", "modify", "--lock", person.localpart);
    expect(await person.whoami()).toMatchObject({ status: 401, body: { errcode: "M_USER_LOCKED" } });
    expect(await logIn(person.userId, person.password)).toMatchObject({ body: { errcode: "M_USER_LOCKED" } });
    const listed = async (...argv: string[]) =>
      list(await scene.ok("user", "list", ...argv, "-n", person.localpart), "users").length;
    expect([await listed(), await listed("-L")]).toEqual([0, 1]);
    await scene.ok("user", "modify", "--unlock", person.localpart);
    expect(await isIn(person)).toBe(200);
    expect(await logIn(person.userId, person.password)).toMatchObject({ status: 200 });
  });

  it.each([["-U"], ["--unsuspend"]])("suspends, and %s lifts it", async (unsuspend) => {
    const person = await scene.person(`suspended${unsuspend}`.toLowerCase());
    const room = await person.createRoom();
    await scene.ok("user", "suspend", person.localpart);
    expect(await person.trySay(room, "hello?")).toMatchObject({ status: 403, body: { errcode: "M_USER_SUSPENDED" } });
    expect(await scene.account(person.userId)).toMatchObject({ suspended: true });
    await scene.ok("user", "suspend", unsuspend, person.localpart);
    expect(await person.trySay(room, "hello!")).toMatchObject({ status: 200 });
  });

  it("shadow-bans: their words reach nobody; -u lifts it", async () => {
    const person = await scene.person("shadow");
    const witness = await scene.person("witness");
    const room = await person.createRoom({ preset: "public_chat" });
    await witness.join(room);
    const heard = async (words: string) => (await witness.event(room, await person.say(room, words))).status;
    expect(await heard("before")).toBe(200);
    await scene.ok("user", "shadow-ban", person.localpart);
    expect(await scene.account(person.userId)).toMatchObject({ shadow_banned: true });
    expect(await heard("buy coins")).toBe(404);
    await scene.ok("user", "shadow-ban", "-u", person.localpart);
    expect(await heard("sorry")).toBe(200);
  });

  it("clears a display name and changes the type of an account", async () => {
    const person = await scene.person("renamed", { displayname: "Before" });
    await scene.ok("user", "modify", "--user-type", "bot", "-n", "", person.localpart);
    const changed = await scene.account(person.userId);
    expect(changed).toMatchObject({ user_type: "bot" });
    expect(at(changed, "displayname") ?? "").toBe("");
    await scene.ok("user", "modify", "--user-type", "regular", person.localpart);
    expect(await scene.account(person.userId)).toMatchObject({ user_type: null });
  });

  it("user login gives a token that works, and that may run out", async () => {
    const person = await scene.person("acted-as");
    const token = text(await scene.ok("user", "login", person.localpart), "access_token");
    const puppet = new Client(scene.server.baseUrl, person.userId, token);
    expect(await puppet.whoami()).toMatchObject({ status: 200, body: { user_id: person.userId } });
    const past = await scene.ok("user", "login", "--expire-ts", String(Date.UTC(2020, 0)), person.localpart);
    const late = new Client(scene.server.baseUrl, person.userId, text(past, "access_token"));
    expect(await late.whoami()).toMatchObject({ status: 401, body: { errcode: "M_UNKNOWN_TOKEN" } });
    expect(await scene.ok("user", "login", "--expire-never", person.localpart)).toHaveProperty("access_token");
  });
});

describe("deactivation", () => {
  it.each([
    { argv: [], erased: false, displayname: "Goes Away" },
    { argv: ["--gdpr-erase"], erased: true, displayname: null },
  ])("user deactivate $argv", async ({ argv, erased, displayname }) => {
    const person = await scene.person(`gone-${erased}`, { displayname: "Goes Away" });
    const witness = await scene.person(`left-${erased}`);
    const room = await witness.createRoom({ preset: "public_chat" });
    await person.join(room);
    expect(await scene.ok("user", "deactivate", ...argv, person.localpart)).toEqual({
      id_server_unbind_result: "success",
    });
    expect(await scene.account(person.userId)).toMatchObject({ deactivated: true, erased, displayname });
    expect(await isIn(person)).toBe(401);
    expect(await logIn(person.userId, person.password)).toMatchObject({ status: 403 });
    // Synapse takes them out of their rooms when it finds the time.
    await until(
      () => scene.ok("room", "members", room),
      (answer) => at(answer, "total") === 1,
    );
  });

  it("shows who it is, asks, and no means no", async () => {
    const person = await scene.person("spared", { displayname: "Spare Me" });
    const result = await scene.synadm(["user", "deactivate", person.localpart], { stdin: "no\n" });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(result.stderr).toContain("Spare Me");
    expect(await isIn(person)).toBe(200);
  });

  it("reactivates with a password", async () => {
    const person = await scene.person("returned");
    await scene.ok("user", "deactivate", person.localpart);
    // A new Synapse fails at this itself until the background updates of its database are done.
    await until(
      () => scene.synadm(["--batch", "user", "modify", "--activate", "-P", "welcome back", person.localpart]),
      ({ code, stderr }) => code === 0 || !stderr.includes("500"),
      100_000,
    );
    expect(await scene.account(person.userId)).toMatchObject({ deactivated: false });
    expect(await logIn(person.userId, "welcome back")).toMatchObject({ status: 200 });
  });

  it("deactivate-regex gets all that match, whatever the page size; admins and the caller are left out", async () => {
    const boss = await scene.person("regex-boss", { admin: true });
    const other = await scene.person("regex-admin", { admin: true });
    const spammers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((n) => scene.person(`regex-${n}`)));
    const bystander = await scene.person("no-regex-1");
    const expression = `@regex-(.*)-${scene.run}:`;
    const run = (...argv: string[]) =>
      scene.synadm(["--batch", "-o", "json", "user", "deactivate-regex", ...argv, expression], {
        config: { token: boss.token! },
      });
    const whoIsIn = () => Promise.all([boss, other, bystander, ...spammers].map(isIn));

    const dry = await run("--dry-run");
    expect(dry.code).toBe(0);
    for (const { userId } of spammers) expect(dry.stdout).toContain(userId);
    expect(await whoIsIn()).toEqual(Array(10).fill(200));

    const { code, stdout, stderr } = await run("-p", "2");
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(await whoIsIn()).toEqual([200, 200, 200, ...spammers.map(() => 401)]);
    expect(list(JSON.parse(stdout))).toHaveLength(7);
    expect(stderr).toContain(other.userId);

    // nobody is left
    expect(await run()).toMatchObject({ code: 0, stdout: "[]\n" });
  });

  it("deactivate-regex asks with all names on the table", async () => {
    const persons = await Promise.all([1, 2].map((n) => scene.person(`asked-regex-${n}`)));
    const argv = ["user", "deactivate-regex", `@asked-regex-.*${scene.run}`];
    const { code, stderr } = await scene.synadm(argv, { stdin: "n\n" });
    expect(code).toBe(5);
    for (const { userId } of persons) expect(stderr).toContain(userId);
    expect(await Promise.all(persons.map(isIn))).toEqual([200, 200]);
  });
});

describe("sessions", () => {
  let owner: Person;
  const ids = async (person: Person) => {
    const { body } = await scene.admin.call(
      "GET",
      `/_synapse/admin/v2/users/${encodeURIComponent(person.userId)}/devices`,
    );
    return list(body, "devices")
      .map((device) => text(device, "device_id"))
      .sort();
  };
  const makeOwner = async (name: string) => {
    const person = await scene.person(name);
    await person.again({ id: "NEVERSEEN" });
    for (const id of ["PHONE", "TABLET"]) await (await person.again({ id, name: id.toLowerCase() })).whoami();
    await person.whoami();
    return person;
  };

  it("prune-devices leaves recent ones alone, and --list-only deletes nothing", async () => {
    owner = await makeOwner("devices-a");
    const all = [owner.deviceId, "NEVERSEEN", "PHONE", "TABLET"].sort();
    expect(await scene.ok("user", "prune-devices", owner.localpart)).toEqual([]);
    const listed = list(await scene.ok("user", "prune-devices", "-l", "-d", "0", "-s", "0", owner.localpart));
    expect(listed.map((one) => text(one, "device_id")).sort()).toEqual([owner.deviceId, "PHONE", "TABLET"].sort());
    expect(await ids(owner)).toEqual(all);
  });

  it("--min-days 0 deletes all but the youngest, and keeps the never seen", async () => {
    const pruned = list(await scene.ok("user", "prune-devices", "-d", "0", "-s", "2", owner.localpart));
    const order = [owner.deviceId, "PHONE", "TABLET"];
    expect(pruned).toHaveLength(2);
    const left = order.filter((id) => !pruned.some((one) => at(one, "device_id") === id));
    expect(await ids(owner)).toEqual([...left, "NEVERSEEN"].sort());
  });

  it("--device-id deletes one", async () => {
    const person = await makeOwner("devices-b");
    await scene.ok("user", "prune-devices", "-d", "0", "-s", "0", "-i", "TABLET", person.localpart);
    expect(await ids(person)).toEqual([person.deviceId, "NEVERSEEN", "PHONE"].sort());
    expect(await isIn(person)).toBe(200);
  });

  it("never seen ones go when asked for", async () => {
    const person = await makeOwner("devices-c");
    await scene.ok("user", "prune-devices", "-d", "0", "-s", "0", "--include-never-seen", person.localpart);
    expect(await ids(person)).toEqual([]);
    expect(await isIn(person)).toBe(401);
  });
});

describe("redaction", () => {
  it("takes back what somebody said, in all rooms or in some", async () => {
    const person = await scene.person("loudmouth");
    const witness = await scene.person("listener");
    const [one, two] = [
      await witness.createRoom({ preset: "public_chat" }),
      await witness.createRoom({ preset: "public_chat" }),
    ];
    for (const room of [one, two]) await person.join(room);
    const words = [await person.say(one, "spam"), await person.say(one, "spam spam"), await person.say(two, "eggs")];
    const fine = await witness.say(one, "no spam please");
    const content = async (room: string, id: string) => at((await witness.event(room, id)).body, "content");

    const redact = async (...argv: string[]) => {
      const id = text(await scene.ok("user", "redact", ...argv, person.localpart), "redact_id");
      return until(
        () => scene.ok("user", "redact-status", id),
        (answer) => at(answer, "status") === "complete",
      );
    };

    expect(await redact("-r", one, "--reason", "spam")).toMatchObject({ failed_redactions: {} });
    expect(await Promise.all([content(one, words[0]!), content(one, words[1]!)])).toEqual([{}, {}]);
    expect(await content(two, words[2]!)).toMatchObject({ body: "eggs" });
    await redact();
    expect(await content(two, words[2]!)).toEqual({});
    expect(await content(one, fine)).toMatchObject({ body: "no spam please" });
    const { said } = await scene.refused("user", "redact-status", "nonsense");
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
  });
});
