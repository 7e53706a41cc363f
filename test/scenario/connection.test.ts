import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { load } from "js-yaml";
import { homeWith, inShell } from "../helpers/process.js";
import { at, Client, text, type Person } from "./client.js";
import { scenario } from "./scenario.js";

const scene = scenario();

describe("raw requests", () => {
  it("version", async () => {
    expect(text(await scene.ok("version"), "server_version")).toMatch(/^\d+\.\d+/);
    expect(await scene.ok("raw", "v1/server_version")).toEqual(await scene.ok("version"));
  });

  it("get, put, post and delete", async () => {
    const userId = scene.userId(scene.name("raw"));
    const path = `v2/users/${encodeURIComponent(userId)}`;
    const body = JSON.stringify({ password: "raw", displayname: "Rohkost {} 🥕" });
    await scene.ok("raw", "-m", "put", "-d", body, path);
    expect(await scene.ok("raw", path)).toMatchObject({ name: userId, displayname: "Rohkost {} 🥕" });
    const login = await scene.ok("raw", "-m", "post", `v1/users/${encodeURIComponent(userId)}/login`);
    expect(login).toHaveProperty("access_token");
    const ban = `v1/users/${encodeURIComponent(userId)}/shadow_ban`;
    await scene.ok("raw", "-m", "post", "-d", "{}", ban);
    expect(await scene.ok("raw", path)).toMatchObject({ shadow_banned: true });
    await scene.ok("raw", "-m", "delete", ban);
    expect(await scene.ok("raw", path)).toMatchObject({ shadow_banned: false });
    const input = JSON.stringify({ displayname: "from stdin" });
    const piped = await scene.synadm(["raw", "-m", "put", "-f", "-", path], { stdin: input });
    expect(piped).toMatchObject({ code: 0, stderr: "" });
    expect(load(piped.stdout)).toMatchObject({ displayname: "from stdin" });
  });

  it.each(["v1/nonsense", "v1/rooms/!nowhere:elsewhere.test"])("%s is exit 1", async (path) => {
    const { said } = await scene.refused("raw", path);
    expect(said).toHaveProperty("errcode");
  });

  it("matrix raw acts as whose token it is", async () => {
    const person = await scene.person("puppet");
    const path = "client/v3/account/whoami";
    const asked = async (argv: string[], env = {}) => {
      const { stdout } = await scene.synadm(["--batch", "-o", "json", "matrix", "raw", ...argv, path], { env });
      return at(JSON.parse(stdout), "user_id");
    };
    expect(await asked([])).toBe(scene.server.adminUser);
    expect(await asked(["-t", person.token!])).toBe(person.userId);
    expect(await asked([], { MTOKEN: person.token! })).toBe(person.userId);
    expect(await asked(["-t", scene.server.adminToken], { MTOKEN: person.token! })).toBe(scene.server.adminUser);
    const prompted = await scene.synadm(["-o", "json", "matrix", "raw", "-p", path], { stdin: `${person.token!}\n` });
    expect(JSON.parse(prompted.stdout)).toMatchObject({ user_id: person.userId });
    const room = text(
      await scene.ok("matrix", "raw", "-t", person.token!, "-m", "post", "-d", "{}", "client/v3/createRoom"),
      "room_id",
    );
    expect(await scene.ok("room", "details", room)).toMatchObject({ creator: person.userId });
  });

  it("matrix login gives a token that works", async () => {
    const person = await scene.person("login");
    const answer = await scene.ok("matrix", "login", "-p", person.password, person.localpart);
    const session = new Client(scene.server.baseUrl, person.userId, text(answer, "access_token"));
    expect(await session.whoami()).toMatchObject({ status: 200, body: { user_id: person.userId } });
    const { said } = await scene.refused("matrix", "login", "-p", "wrong", person.localpart);
    expect(said).toMatchObject({ errcode: "M_FORBIDDEN" });
  });

  it("groups are gone from Synapse, and it says so", async () => {
    const { said, stderr } = await scene.refused("group", "delete", `+old:${scene.server.serverName}`);
    expect(said).toMatchObject({ errcode: "M_UNRECOGNIZED" });
    expect(stderr).toMatch(/1\.6[12]/);
  });
});

describe("when it cannot be done", () => {
  const run = (argv: string[], config: Record<string, string> = {}) =>
    scene.synadm(["--batch", "-o", "json", ...argv], { config });

  it("a wrong token", async () => {
    const { code, stdout, stderr } = await run(["user", "list"], { token: "syt_wrong" });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
    expect(stderr).toMatch(/401 M_UNKNOWN_TOKEN[^]*hint: .*synadm config/);
    expect(stderr).not.toContain("syt_wrong");
  });

  it("a token of somebody who is no admin", async () => {
    const person = await scene.person("commoner");
    const { code, stdout, stderr } = await run(["user", "list"], { token: person.token! });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ errcode: "M_FORBIDDEN" });
    expect(stderr).toMatch(/hint: .*admin/);
  });

  it("an unknown user, by localpart and by full ID", async () => {
    for (const user of [scene.name("nobody"), scene.userId(scene.name("nobody"))]) {
      const { said, stderr } = await scene.refused("user", "details", user);
      expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
      expect(stderr).toContain(scene.userId(scene.name("nobody")));
    }
  });

  it("a user of another server", async () => {
    const { said } = await scene.refused("user", "details", "@somebody:elsewhere.test");
    expect(said).toHaveProperty("errcode");
  });

  it("nothing listens there", async () => {
    const port = await unusedPort();
    const { code, stdout, stderr } = await run(["version"], { base_url: `http://127.0.0.1:${port}` });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("ECONNREFUSED");
  });

  it("the path of the admin API is wrong", async () => {
    const { code, stderr } = await run(["user", "list"], { admin_path: "/_synapse/wrong" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/404/);
  });
});

describe("the built program", () => {
  const homes = { tcp: () => scene.config, socket: () => ({ ...scene.config, protocol: "unix", base_url: socket() }) };
  const socket = () => scene.server.socketPath ?? "";

  it("pipes into the next program", async () => {
    const result = await inShell({
      shell: `synadm -o minified user list -l 1 | head -c 1; synadm -o json user details ${scene.server.adminUser} | grep -c '"admin": true'`,
      home: homeWith(homes.tcp()),
    });
    expect(result).toMatchObject({ stdout: "{1\n", code: 0 });
  });

  it("config writes a file that works", async () => {
    const home = homeWith(undefined);
    const { baseUrl, adminToken } = scene.server;
    const shell = `synadm config --batch -u admin -t ${adminToken} -b ${baseUrl} && synadm -o json version && cat $HOME/synadm.yaml`;
    const { code, stdout, stderr } = await inShell({ shell, home });
    expect({ code, stderr }).toEqual({ code: 0, stderr: `wrote ${home}/synadm.yaml\n` });
    expect(stdout).toContain("server_version");
    expect(stdout).toContain(`base_url: ${baseUrl}`);
  });

  it("asks, and takes the answer from a pipe", async () => {
    const person: Person = await scene.person("built");
    const home = homeWith(homes.tcp());
    const no = await inShell({ shell: `synadm user suspend ${person.userId}`, home, stdin: "n\n" });
    expect(no).toMatchObject({ code: 5, stdout: "" });
    const yes = await inShell({ shell: `yes | synadm -o json user suspend ${person.localpart}`, home });
    expect(yes.code).toBe(0);
    expect(await scene.account(person.userId)).toMatchObject({ suspended: true });
  });

  it("does everything over a Unix socket, also many requests in one run (A6, A7)", async ({ skip }) => {
    if (scene.server.socketPath === undefined) skip("this server has no socket");
    const persons = await Promise.all([1, 2, 3].map((n) => scene.person(`socket-${n}`)));
    const shell = [
      `set -e`,
      `synadm -o minified version`,
      `synadm -o minified user details ${persons[0]!.localpart}`,
      `synadm -o minified user list --all -l 1 -n ${scene.name("socket").split("-")[0]!}`,
      `synadm --batch -o minified user deactivate-regex -p 50 '@socket-[12]-${scene.run}:'`,
    ].join("\n");
    const { code, stdout, stderr } = await inShell({ shell, home: homeWith(homes.socket()) });
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    const [version, details, all] = stdout.split("\n");
    expect(JSON.parse(version!)).toEqual(await scene.ok("version"));
    expect(JSON.parse(details!)).toMatchObject({ name: persons[0]!.userId });
    for (const { userId } of persons) expect(all).toContain(userId);
    const statuses = await Promise.all(persons.map(async (person) => (await person.whoami()).status));
    expect(statuses).toEqual([401, 401, 200]);
  });
});

/** A port that nothing listens on any more. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
