import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const path = "/_synapse/admin/v1/rooms";
const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const purge = (argv: readonly string[], stdin = "y\n") =>
  synadm(["-o", "minified", "room", "purge-empty", ...argv], { stdin });

const room = (name: string, local = 0) => ({
  room_id: `!${name}:example.test`,
  name: null,
  canonical_alias: null,
  joined_members: 3,
  joined_local_members: local,
});

/** Pages as Synapse sorts them: those without local members first. */
function lists(pages: readonly (readonly object[])[], limit = 100): void {
  const total_rooms = pages.flat().length;
  pages.forEach((rooms, at) => {
    const from = at * limit;
    const next = from + limit < total_rooms ? { next_batch: from + limit } : {};
    synapse()
      .get(path)
      .query({ from: String(from), limit: String(limit), order_by: "joined_local_members", dir: "b" })
      .reply(200, { rooms, offset: from, total_rooms, ...next });
  });
}

const deletes = (name: string, body?: nock.RequestBodyMatcher, version = "v2") =>
  synapse().delete(`/_synapse/admin/${version}/rooms/%21${name}%3Aexample.test`, body);

const background = "the server deletes in the background; how far it is: synadm room delete-status -d DELETE_ID";

describe("room purge-empty", () => {
  it("deletes the rooms without local members, one after the other, and names each", async () => {
    lists([[room("b"), room("a"), room("lobby", 1)]]);
    const order: string[] = [];
    for (const name of ["b", "a"]) {
      deletes(name, { block: false, purge: true }).reply(() => {
        order.push(name);
        return [200, { delete_id: name.toUpperCase() }];
      });
    }
    const { code, stdout, stderr } = await purge(["--batch"]);
    expect(code).toBe(0);
    // The server has only taken the jobs.
    expect(JSON.parse(stdout)).toEqual([
      { target: "!b:example.test", outcome: "started", result: { delete_id: "B" } },
      { target: "!a:example.test", outcome: "started", result: { delete_id: "A" } },
    ]);
    expect(stderr).toBe(`${background}\n`);
    expect(order).toEqual(["b", "a"]);
  });

  it.each([
    { flags: [], version: "v2", body: { block: false, purge: true } },
    { flags: ["--no-purge"], version: "v2", body: { block: false, purge: false } },
    { flags: ["--force-purge"], version: "v2", body: { block: false, purge: true, force_purge: true } },
    { flags: ["--v1"], version: "v1", body: { block: false, purge: true } }, // A2
    { flags: ["--v1", "--no-purge"], version: "v1", body: { block: false, purge: false } }, // A2
  ])("A2: $flags sends $body to $version", async ({ flags, version, body }) => {
    lists([[room("a")]]);
    const result = version === "v1" ? { failed_to_kick_users: [] } : { delete_id: "A" };
    deletes("a", body, version).reply(200, result);
    const { code, stdout, stderr } = await purge(["--batch", ...flags]);
    expect([code, stderr]).toEqual([0, version === "v1" ? "" : `${background}\n`]);
    const outcome = version === "v1" ? "done" : "started";
    expect(JSON.parse(stdout)).toEqual([{ target: "!a:example.test", outcome, result }]);
  });

  it.each(["-p", "--batch-size", "--paginate"])("%s collects page by page, and only then deletes", async (flag) => {
    lists(
      [
        [room("a"), room("b")],
        [room("c"), room("lobby", 1)],
      ],
      2,
    );
    for (const name of ["a", "b", "c"]) {
      deletes(name).reply(() => {
        expect(nock.pendingMocks().filter((mock) => mock.startsWith("GET"))).toEqual([]);
        return [200, { delete_id: name }];
      });
    }
    const { code, stdout } = await purge([flag, "2"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(3);
  });

  it("shows how many and which, asks once, and takes no for an answer", async () => {
    lists([[room("a"), room("b")]]);
    const { code, stdout, stderr } = await purge([], "n\n");
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toMatch(/^!a:example.test .*\n!b:example.test .*\n2 rooms without local members\n/m);
    expect(stderr.match(/\[y\/N\]/g)).toHaveLength(1);
    expect(stderr).toContain("Erase 2 rooms? [y/N]");
  });

  it("does nothing when nobody can be asked", async () => {
    lists([[room("a")]]);
    expect(await purge([], "")).toMatchObject({ code: 5, stdout: "" });
  });

  it("--batch does not ask", async () => {
    lists([[room("a")]]);
    deletes("a").reply(200, { delete_id: "A" });
    expect(await synadm(["--batch", "room", "purge-empty"])).toMatchObject({ code: 0, stderr: `${background}\n` });
  });

  it("--dry-run only lists them", async () => {
    lists([[room("a"), room("lobby", 1)]]);
    expect(await purge(["--dry-run"], "")).toEqual({
      code: 0,
      stdout: `${JSON.stringify([room("a").room_id])}\n`,
      stderr: "",
    });
  });

  it.each([[[]], [["--dry-run"]]])("%j without such rooms is an empty list, and no question", async (flags) => {
    lists([[room("lobby", 1)]]);
    expect(await purge(flags, "")).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  });

  it("goes on after a refusal, and exits 4", async () => {
    lists([[room("a"), room("b")]]);
    deletes("a").reply(400, { errcode: "M_UNKNOWN", error: "Purge already in progress" });
    deletes("b").reply(200, { delete_id: "B" });
    const { code, stdout, stderr } = await purge([]);
    expect(code).toBe(4);
    expect(stderr).toContain(background);
    expect(JSON.parse(stdout)).toMatchObject([
      { outcome: "failed", error: "cannot delete !a:example.test: 400 M_UNKNOWN: Purge already in progress" },
      { outcome: "started" },
    ]);
  });

  it("B3: no JSON is no crash", async () => {
    synapse().get(path).query(true).reply(200, "<html>");
    expect(await purge([])).toMatchObject({ code: 3, stdout: "" });
    lists([[room("a"), room("b")]]);
    deletes("a").reply(502, "<html>");
    deletes("b").reply(502, "<html>");
    const { code, stdout } = await purge([]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([{ outcome: "failed" }, { outcome: "failed" }]);
  });

  it("names who is still there after a deletion of version 1, and goes on with the others", async () => {
    lists([[room("a"), room("b")]]);
    deletes("a", undefined, "v1").reply(200, { failed_to_kick_users: ["@x:example.test"] });
    deletes("b", undefined, "v1").reply(200, { failed_to_kick_users: [] });
    const { code, stdout, stderr } = await purge(["--v1"]);
    const error = "these could not be made to leave !a:example.test: @x:example.test";
    expect({ code, outcomes: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 4,
      outcomes: [{ outcome: "failed", error }, { outcome: "done" }],
    });
    expect(stderr).toContain(`synadm: ${error}\n`);
  });

  it.each([[["-p", "0"]], [["-p", "-1"]], [["-p", "x"]], [["--no-purge", "--force-purge"]], [["surplus"]]])(
    "B15: %j sends nothing",
    async (flags) => {
      expect(await purge(flags)).toMatchObject({ code: 2, stdout: "" });
    },
  );

  it("is a table with the IDs to ask for, for people", async () => {
    lists([[room("a")]]);
    deletes("a").reply(200, { delete_id: "AbCdEfGhIjKlMnOp" });
    const argv = ["--batch", "-o", "human", "room", "purge-empty"];
    const { stdout, stderr } = await synadm(argv, { columns: 80, env: { NO_COLOR: "1" } });
    expect(stdout).toBe(
      [
        "room_id          outcome  delete_id",
        "───────────────  ───────  ────────────────",
        "!a:example.test  started  AbCdEfGhIjKlMnOp",
        "",
      ].join("\n"),
    );
    expect(stderr).toBe(`${background}\n`);
  });
});
