import { expect, it } from "vitest";
import { mutants } from "./answers.js";
import { thorough } from "../helpers/thorough.js";
import { lines, nameOf, type Line } from "./commands.js";
import { groundForAll, token, type Run, type Seen } from "./ground.js";
import { brokenAtAll, brokenByRepetition, isRecord, parsed, told, type Undisturbed } from "./promises.js";
import { tryUndisturbed } from "./strike.js";

const formats = ["human", "json", "human", "yaml", "human", "minified", "human", "pprint"];
/** In which a mutant comes: with `thorough` in all, otherwise every other mutant in the next one. */
const formatsOf = (turn: number) =>
  thorough ? new Set(formats) : formats.filter((_, at) => at * 2 === turn % (formats.length * 2));

const ground = groundForAll();
let turn = 0;

it.each(lines.map((line) => [nameOf(line), line] as const))("%s", async (_name, line) => {
  const usual = await tryUndisturbed(ground, line);
  const complaints: string[] = [];
  for (const [endpoint, { request, answer }] of await answersTo(line)) {
    const when = { method: request.method, path: request.path.replace(/(send_server_notice\/).*/, "$1") };
    for (const [name, value] of mutants(answer, thorough)) {
      const fault = { kind: "json", value } as const;
      for (const format of formatsOf(turn++)) {
        const run = await ground.run(line, { rules: [{ fault, when }], options: ["-o", format] });
        const broken = [...brokenAtAll(run), ...brokenByRepetition(run, { fault }), ...brokenByAnswer(run, usual)];
        complaints.push(...told(`${endpoint} ${name}, ${format}`, run, broken));
      }
    }
  }
  expect(complaints).toEqual([]);
});

/** Each endpoint that a command line asks, with what it answers. */
async function answersTo(line: Line): Promise<Map<string, { request: Seen; answer: unknown }>> {
  const { stdout, requests } = await ground.run(line, { options: ["-o", "json"] });
  const { baseUrl } = await ground.server();
  const answers = new Map<string, { request: Seen; answer: unknown }>();
  for (const request of requests) {
    const endpoint = `${request.method} ${request.path.replace(/\/[^/]*[^a-z0-9_/][^/]*/g, "/*")}`;
    if (answers.has(endpoint)) continue;
    const isLookUp = request.method === "GET";
    answers.set(endpoint, { request, answer: isLookUp ? await lookUp(baseUrl + request.url) : answerIn(stdout) });
  }
  return answers;
}

async function lookUp(url: string): Promise<unknown> {
  return (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).json();
}

/** What a change was answered is the result, or part of the first of several. */
function answerIn(stdout: string): unknown {
  const [first] = [parsed(stdout)].flat();
  return isRecord(first) && "result" in first ? first["result"] : first;
}

/** A wrong answer is shown as it came or called what it is, and it makes no command change what it would not have. */
function* brokenByAnswer({ argv, code, stdout, requests }: Run, { changes }: Undisturbed): Generator<string> {
  if (code === 3 && stdout !== "") yield "a result where no answer came";
  if (code === 0 && stdout === "" && !argv.includes("--silent")) yield "no document";
  if (/\[object |\bundefined\b|\bNaN\b/.test(stdout)) yield "a value that is none on stdout";
  const wanted = new Set(changes.map(({ key }) => key));
  for (const { method, key } of requests)
    if (method !== "GET" && !wanted.has(key)) yield `changes something else: ${key}`;
}
