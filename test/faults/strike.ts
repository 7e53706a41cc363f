import { expect } from "vitest";
import { thorough } from "../helpers/thorough.js";
import { type Line } from "./commands.js";
import { isPutOff, type Trouble } from "./faults.js";
import type { Ground, Rule, Run } from "./ground.js";
import {
  brokenAside,
  brokenAtAll,
  brokenBy,
  brokenByRepetition,
  brokenForPerson,
  brokenInPart,
  brokenSuccess,
  brokenWords,
  told,
  undisturbed,
  type Undisturbed,
} from "./promises.js";

const json = ["-o", "json"];
const human = ["-o", "human"];

/** The same in each file. */
const tried = new Map<string, Promise<Undisturbed>>();

/** Runs a command line that nothing gets in the way of. */
export function tryUndisturbed(ground: Ground, line: Line): Promise<Undisturbed> {
  const key = JSON.stringify(line);
  const usual = tried.get(key) ?? runUndisturbed(ground, line);
  tried.set(key, usual);
  return usual;
}

async function runUndisturbed(ground: Ground, line: Line): Promise<Undisturbed> {
  const machine = await ground.run(line, { options: json });
  const person = await ground.run(line, { options: human });
  const usual = undisturbed(machine, person);
  const broken = [...brokenAtAll(machine), ...brokenSuccess(machine), ...brokenAtAll(person)];
  expect(told("nothing went wrong", machine, broken)).toEqual([]);
  expect(person.code).toBe(0);
  return usual;
}

/** Where in a command line a trouble can strike, and what must come of it. */
interface Place {
  name: "everywhere" | "at the change" | "at the second change" | "after the first look-up";
  rule: Omit<Rule, "fault">;
  broken: (run: Run, trouble: Trouble) => Iterable<string>;
}

function placesOf(usual: Undisturbed): Place[] {
  const { changes, lookUps } = usual;
  const [{ method } = { method: "" }] = changes;
  const places: Place[] = [{ name: "everywhere", rule: {}, broken: brokenBy }];
  if (lookUps.length > 1) {
    places.push({ name: "after the first look-up", rule: { when: { method: "GET" }, skip: 1 }, broken: brokenAside });
  }
  if (lookUps.length > 0 && changes.length > 0) {
    places.push({ name: "at the change", rule: { when: { method } }, broken: brokenBy });
  }
  if (changes.length > 1) {
    const broken = (run: Run, { fault }: Trouble) =>
      isPutOff(fault) && fault.kind !== "redirect" ? brokenSuccess(run) : brokenInPart(run, usual);
    places.push({ name: "at the second change", rule: { when: { method, times: 1 }, skip: 1 }, broken });
  }
  return places;
}

/** Of an answer that breaks off or never ends, the status is known: what is not 2xx is a refusal, whatever the rest of it said. */
function seenAsRefusal({ requests, code }: Run, trouble: Trouble): Trouble {
  const { kind } = trouble.fault;
  const isBegun = kind === "truncated" || (kind === "drip" && code === 1); // on a busy machine time is up before the status
  const isRefusal = isBegun && requests.at(-1)?.status === 404;
  return isRefusal ? { ...trouble, code: 1, says: /: 404: the answer broke off\n(?!hint)/ } : trouble;
}

interface HowToStrike {
  options?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Leaves out what makes no difference. */
  places?: (name: Place["name"]) => boolean;
}

/** Lets each trouble strike at each place of a command line, and gathers the promises that are broken. */
export async function strike(
  ground: Ground,
  line: Line,
  troubles: Readonly<Record<string, Trouble>>,
  { options = [], env, places = () => true }: HowToStrike = {},
): Promise<string[]> {
  const usual = await tryUndisturbed(ground, line);
  const complaints: string[] = [];
  for (const { name: place, rule, broken } of placesOf(usual).filter(({ name }) => places(name))) {
    const closely = thorough || place === "everywhere";
    for (const [name, trouble] of Object.entries(troubles)) {
      const typical = thorough || trouble.typical === true;
      if (!closely && !typical) continue;
      const rules = [{ fault: trouble.fault, ...rule }];
      const how = { rules, ...(env === undefined ? {} : { env }) };
      const run = await ground.run(line, { ...how, options: [...json, ...options] });
      const common = [...brokenAtAll(run), ...brokenWords(run, usual), ...brokenByRepetition(run, trouble)];
      complaints.push(...told(`${name}, ${place}`, run, [...common, ...broken(run, seenAsRefusal(run, trouble))]));
      if (!closely || !typical) continue;
      const seen = await ground.run(line, { ...how, options: [...human, ...options] });
      const wrong = [...brokenAtAll(seen), ...brokenWords(seen, usual), ...brokenForPerson(seen, usual)];
      complaints.push(...told(`${name}, ${place}, for a person`, seen, wrong));
    }
  }
  return complaints;
}
