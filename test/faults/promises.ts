import { mark } from "./commands.js";
import { isPutOff, type Trouble } from "./faults.js";
import type { Run, Seen } from "./ground.js";

/** What a command line does when nothing goes wrong. */
export interface Undisturbed {
  changes: readonly Seen[];
  lookUps: readonly Seen[];
  /** Lines on stderr, said before anything happens. */
  notes: ReadonlySet<string>;
  /** Lines on stderr that say what was done, without their numbers; only the human format has them. */
  claims: ReadonlySet<string>;
  /** Whether the result is a list with an outcome for each of several items. */
  several: boolean;
}

export function undisturbed(machine: Run, human: Run): Undisturbed {
  const notes = new Set(linesOf(machine.stderr));
  const changes = machine.requests.filter(isChange);
  return {
    changes,
    lookUps: machine.requests.filter((request) => !isChange(request)),
    notes,
    claims: new Set(
      linesOf(human.stderr)
        .filter((line) => !notes.has(line))
        .map(withoutNumbers),
    ),
    several: changes.length > 1 || [parsed(machine.stdout)].flat().some((item) => isRecord(item) && "outcome" in item),
  };
}

function isChange({ method }: Seen): boolean {
  return method !== "GET";
}

/** What may stand on stderr before a reason, without a prefix. */
const asides: readonly RegExp[] = [
  / does not exist: it will be created$/,
  /^to keep users from joining a room that the server does not know: /,
  /^Synapse removed groups: /,
];

const control = /(?!\n)[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/** What holds for every run, whatever happens. These and the others below return the promises that are broken. */
export function* brokenAtAll({ code, stdout, stderr }: Run): Generator<string> {
  if (![0, 1, 3, 4].includes(code)) yield `exit code ${code}`;
  if (/^ {4}at |(Type|Range|Reference)Error|is a bug|\[object /m.test(stderr)) yield "a stack or a bug";
  if (/\b(undefined|NaN)\b/.test(stderr)) yield "a value that is none on stderr";
  if (control.test(stderr)) yield "control characters on stderr";
  if (stderr.includes(mark)) yield "a secret on stderr";
  if (code !== 0 && stdout.includes(mark)) yield "a secret on stdout";
  if (stderr !== "" && !stderr.endsWith("\n")) yield "no newline at the end of stderr";
  const reasons = linesOf(stderr).filter((line) => /^synadm: (?!warning: )/.test(line));
  if (code === 0 && reasons.length > 0) yield "success with a reason for a failure";
  if (code !== 0 && reasons.length === 0) yield "no reason";
}

/** Each line on stderr is a reason, a hint or known from when nothing went wrong, and none claims what was not done. */
export function* brokenWords({ code, stderr }: Run, { notes, claims }: Undisturbed): Generator<string> {
  for (const line of linesOf(stderr)) {
    const isClaim = claims.has(withoutNumbers(line));
    const isKnown = isClaim || notes.has(line) || asides.some((aside) => aside.test(line));
    if (!isKnown && !/^(synadm|hint): \S/.test(line)) yield `words of nobody: ${line}`;
    if (isClaim && code !== 0 && code !== 4 && !line.startsWith("0 ")) yield `a claim that it is done: ${line}`;
  }
}

/** Changes are sent once, look-ups three times at most. */
export function* brokenByRepetition({ requests }: Run, { fault }: Pick<Trouble, "fault">): Generator<string> {
  if (isPutOff(fault)) return; // the server did nothing, and said so
  const counts = new Map<string, number>();
  for (const { key } of requests) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const request of requests) {
    const count = counts.get(request.key) ?? 0;
    if (count > (isChange(request) ? 1 : 3)) yield `sent ${count} times: ${request.key}`;
    counts.delete(request.key);
  }
}

/** For `-o json`, where every request, or every change, met this trouble. */
export function* brokenBy(run: Run, { code, body, says }: Trouble): Generator<string> {
  if (run.code !== code) yield `exit code ${run.code} instead of ${code}`;
  if (!says.test(run.stderr)) yield `not said: ${says.source}`;
  if (code === 3 && run.stdout !== "") yield "a result where no answer came";
  if (code === 1) yield* wrongRefusal(run, body);
}

/** The homeserver's error object, or one failure for each of several items; nothing where neither is there. */
function* wrongRefusal({ argv, stdout }: Run, body: Trouble["body"]): Generator<string> {
  if (stdout === "") {
    if (body !== undefined && !argv.includes("--silent")) yield "the homeserver's error object is missing";
    return;
  }
  const result = parsed(stdout);
  if (Array.isArray(result) && result.every(hasError)) return;
  if (body === undefined || JSON.stringify(result) !== JSON.stringify(body)) yield "not the error object";
}

/** For `-o json`, where the second of several changes met a trouble. */
export function* brokenInPart(run: Run, { changes }: Undisturbed): Generator<string> {
  if (run.code !== 4) yield `exit code ${run.code} instead of 4`;
  if (run.argv.includes("--silent")) return;
  const result = parsed(run.stdout);
  if (!Array.isArray(result) || result.length !== changes.length) yield "not every item in the result";
  else if (result.filter(hasError).length !== 1) yield "not one failure in the result";
}

/** For `-o json`, where what met the trouble may be a decoration: then it is success with a warning. */
export function* brokenAside(run: Run, trouble: Trouble): Generator<string> {
  if (run.code !== 0) yield* brokenBy(run, trouble);
  else if (!/^synadm: warning: /m.test(run.stderr)) yield "success without a warning";
  else if (parsed(run.stdout) === undefined) yield "no document";
}

export function* brokenSuccess(run: Run): Generator<string> {
  if (run.code !== 0) yield `exit code ${run.code} instead of 0`;
  if (run.argv.includes("--silent") ? run.stdout !== "" : parsed(run.stdout) === undefined) yield "no document";
}

/** For `-o human`: of a failure there is nothing to be seen on stdout but the table of several items. */
export function* brokenForPerson({ code, stdout }: Run, { several }: Undisturbed): Generator<string> {
  if ((code === 3 || (code === 1 && !several)) && stdout !== "") yield "a result where there is none";
}

/** Says where a promise was broken, and what was to be seen. */
export function told(where: string, { code, stdout, stderr }: Run, broken: Iterable<string>): string[] {
  return [...broken].map((what) => [`${where}: ${what}`, code, stdout.slice(0, 300), stderr.slice(0, 600)].join("\n"));
}

export function parsed(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, "#");
}

function hasError(item: unknown): boolean {
  return isRecord(item) && "error" in item;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
