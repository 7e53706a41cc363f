import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { Context } from "../../src/cli/context.js";
import { noGlobals } from "../../src/cli/globals.js";
import { buildWholeProgram } from "../../src/cli/program.js";
import { memoryIo, synadm } from "../helpers/synadm.js";
import { commands, lines, local, mark, nameOf, type Line } from "./commands.js";
import { echo, oddities, refusals } from "./faults.js";
import { groundForAll, token } from "./ground.js";
import { brokenAtAll, brokenSuccess, told } from "./promises.js";
import { strike } from "./strike.js";

const ground = groundForAll();

it("knows every command", async () => {
  const program = await buildWholeProgram(new Context(memoryIo({}), noGlobals()));
  const names = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((leaf) => `${command.name()} ${leaf.name()}`),
  );
  expect([...commands].sort()).toEqual(names.sort());
});

describe("secrets", () => {
  it.each(lines.map((line) => [nameOf(line), line] as const))("%s", async (_name, line) => {
    const loud = await ground.run(line, { options: ["-o", "json", "-vv"] });
    expect(loud.code).toBe(0);
    expect(loud.stderr).not.toContain(mark);
    const echoed = await ground.run(line, { options: ["-o", "json", "-vv"], rules: [{ fault: echo.fault }] });
    expect(echoed).toMatchObject({ code: 1, stderr: expect.stringMatching(echo.says) as string });
    expect(echoed.stderr).not.toContain(mark);
  });

  it.each(local)("%s", async (command) => {
    const argv = [command, "--token", mark, "-b", "http://synapse.test", "-vv", "--batch"];
    const { code, stdout, stderr } = await synadm(argv, { config: "" });
    expect(code).toBe(0);
    expect(stdout + stderr).not.toContain(mark);
  });

  it("go nowhere else by a redirect", async () => {
    const visitors: string[] = [];
    const elsewhere = createServer((req, res) => {
      visitors.push(`${req.method ?? ""} ${req.headers.authorization ?? ""}`);
      res.end("{}");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    for (const status of [301, 302, 303, 307, 308] as const) {
      for (const line of few) {
        const { code } = await ground.run(line, { rules: [{ fault: { kind: "redirect", status, location } }] });
        expect(code).toBe(1);
      }
    }
    elsewhere.close();
    expect(visitors).toEqual([]);
  });
});

/** A look-up, a list in pages, look-ups beside each other, a change, and several. */
const few: readonly Line[] = [
  { argv: ["user", "details", "alice"] },
  { argv: ["room", "list", "--all", "--limit", "3"] },
  { argv: ["room", "power-levels"] },
  { argv: ["user", "suspend", "alice"] },
  { argv: ["user", "deactivate-regex", "@spam[0-9]:"] },
];

describe("oddities", () => {
  it.each(few.map((line) => [nameOf(line), line] as const))("%s", async (_name, line) => {
    const { silence, ...answers } = oddities;
    expect(await strike(ground, line, answers)).toEqual([]);
    expect(await strike(ground, line, { silence: silence! }, { options: ["--timeout", "0.1"] })).toEqual([]);
  });
});

describe("what passes by itself", () => {
  const passing = {
    "one 429": refusals["too many requests"]!.fault,
    "one page 429": refusals["page 429"]!.fault,
    "a reset look-up": { kind: "reset" },
    "a look-up behind a page 502": { kind: "html", status: 502 },
  } as const;

  it.each(Object.entries(passing))("%s", async (name, fault) => {
    const method = name.includes("look-up") ? { method: "GET" } : {};
    for (const line of few) {
      const run = await ground.run(line, {
        options: ["-o", "json"],
        rules: [{ fault, when: { ...method, times: 1 } }],
      });
      expect(told(nameOf(line), run, [...brokenAtAll(run), ...brokenSuccess(run)])).toEqual([]);
    }
  });
});

describe("the homeserver's own name", () => {
  const env = { SYNADM_HOMESERVER: "auto-retrieval" };
  const whoami = { path: "account/whoami" };
  const keys = { path: "key/v2/server" };
  const askers: readonly Line[] = [
    { argv: ["user", "deactivate", "alice"] },
    { argv: ["media", "delete", "--media-id", "abcdefgh"] },
  ];

  it.each(askers.map((line) => [nameOf(line), line] as const))("%s", async (_name, line) => {
    const complaints: string[] = [];
    for (const [name, { fault }] of Object.entries(refusals)) {
      const options = ["-o", "json"];
      const found = await ground.run(line, { env, options, rules: [{ fault, when: whoami }] });
      complaints.push(...told(`${name} for whoami`, found, [...brokenAtAll(found), ...brokenSuccess(found)]));
      const both = [whoami, keys].map((when) => ({ fault, when }));
      const lost = await ground.run(line, { env, options, rules: both });
      complaints.push(...told(`${name} for both`, lost, brokenAtAll(lost)));
      if (lost.code === 0) complaints.push(`${name} for both: goes on without a name`);
      if (lost.requests.some(({ method }) => method !== "GET"))
        complaints.push(`${name} for both: something is changed`);
    }
    expect(complaints).toEqual([]);
  });

  it.each([{}, { user_id: null }, { user_id: "admin" }, { user_id: ["@a:b"] }, { user_id: "@a:b\u001b[31m" }, []])(
    "is not taken from %j",
    async (value) => {
      const rules = [{ fault: { kind: "json", value }, when: whoami } as const];
      for (const line of askers) {
        const run = await ground.run(line, { env, options: ["-o", "json"], rules });
        expect(told(nameOf(line), run, [...brokenAtAll(run), ...brokenSuccess(run)])).toEqual([]);
        expect(run.requests.find(({ method }) => method !== "GET")?.path).toContain("example.test");
      }
    },
  );

  it("costs the token nothing", async () => {
    const run = await ground.run(askers[0]!, { env });
    expect(run.code).toBe(0);
    expect(run.stdout + run.stderr).not.toContain(token);
  });
});
