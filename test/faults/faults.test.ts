import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Context } from "../../src/cli/context.js";
import { noGlobals } from "../../src/cli/globals.js";
import { buildWholeProgram } from "../../src/cli/program.js";
import { memoryIo } from "../helpers/synadm.js";
import { commands, lines, nameOf, type Line } from "./commands.js";
import { delays, echo, oddities, troubles, type Trouble } from "./faults.js";
import { deadAddress, Ground, type Rule, type Run } from "./ground.js";
import {
  alwaysBroken,
  brokenAside,
  brokenBy,
  brokenByPart,
  brokenSuccess,
  undisturbed,
  type Undisturbed,
} from "./promises.js";

const ground = new Ground();
let nowhere: string;

beforeAll(async () => {
  nowhere = await deadAddress();
});

afterAll(() => ground.close());

const json = ["-o", "json"];

async function tryUndisturbed(line: Line): Promise<Undisturbed> {
  const machine = await ground.run(line, { options: json });
  const human = await ground.run(line, { options: ["-o", "human"] });
  expect([machine.code, human.code, machine.stderr]).toEqual([0, 0, machine.stderr]);
  const usual = undisturbed(machine, human);
  expect([...alwaysBroken(machine, usual), ...brokenSuccess(machine), ...alwaysBroken(human, usual)]).toEqual([]);
  return usual;
}

/** One place of a command line where a trouble can strike, and what must come of it. */
interface Place {
  name: string;
  rule: Omit<Rule, "fault">;
  broken(run: Run, trouble: Trouble): Iterable<string>;
}

function placesOf(usual: Undisturbed): Place[] {
  const { changes, lookUps } = usual;
  const [change] = changes;
  const places: Place[] = [{ name: "everywhere", rule: {}, broken: brokenBy }];
  if (lookUps.length > 1) {
    places.push({ name: "after the first look-up", rule: { when: { method: "GET" }, skip: 1 }, broken: brokenAside });
  }
  if (change === undefined) return places;
  const { method } = change;
  if (lookUps.length > 0) places.push({ name: "at the change", rule: { when: { method } }, broken: brokenBy });
  if (changes.length > 1) {
    const rule = { when: { method, times: 1 }, skip: 1 };
    places.push({ name: "at the second", rule, broken: (run) => brokenByPart(run, usual) });
  }
  return places;
}

/** Says of each broken promise where, and what was to be seen. */
function* told(where: string, run: Run, broken: Iterable<string>): Generator<string> {
  for (const what of broken)
    yield `${where}: ${what}\n${run.code} ${run.stdout.slice(0, 300)}\n${run.stderr.slice(0, 600)}`;
}

async function strike(line: Line, usual: Undisturbed, all: Readonly<Record<string, Trouble>>): Promise<string[]> {
  const complaints: string[] = [];
  for (const place of placesOf(usual)) {
    for (const [name, trouble] of Object.entries(all)) {
      const run = await ground.run(line, { options: json, rules: [{ fault: trouble.fault, ...place.rule }] });
      const postponed = { ...run, requests: isPutOff(trouble) ? [] : run.requests };
      const broken = [...alwaysBroken(postponed, usual), ...place.broken(run, trouble)];
      complaints.push(...told(`${name}, ${place.name}`, run, broken));
    }
  }
  return complaints;
}

/** Then everything is sent again and again: the server did nothing. */
function isPutOff({ fault }: Trouble): boolean {
  return ("status" in fault && fault.status === 429) || (fault.kind === "redirect" && fault.location.startsWith("/"));
}

it("knows every command", async () => {
  const program = await buildWholeProgram(new Context(memoryIo({}), noGlobals()));
  const names = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((leaf) => `${command.name()} ${leaf.name()}`),
  );
  expect([...commands].sort()).toEqual(names.sort());
});

describe.each(lines.map((line) => [nameOf(line), line] as const))("%s", (_name, line) => {
  let usual: Undisturbed;

  beforeAll(async () => {
    usual = await tryUndisturbed(line);
  });

  it("keeps its promises", async () => {
    expect(await strike(line, usual, troubles)).toEqual([]);
  });
});
