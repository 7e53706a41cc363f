import { mark } from "./commands.js";
import type { Trouble } from "./faults.js";
import type { Run, Seen } from "./ground.js";

/** What a command line does when nothing goes wrong. */
export interface Undisturbed {
  changes: readonly Seen[];
  lookUps: readonly Seen[];
  /** Lines on stderr, said before anything happens. */
  notes: ReadonlySet<string>;
  /** Lines on stderr that say that something was done; only the human format has them. */
  claims: ReadonlySet<string>;
}

export function undisturbed(machine: Run, human: Run): Undisturbed {
  const notes = new Set(linesOf(machine.stderr));
  return {
    changes: machine.requests.filter(isChange),
    lookUps: machine.requests.filter((request) => !isChange(request)),
    notes,
    claims: new Set(linesOf(human.stderr).filter((line) => !notes.has(line))),
  };
}

export function isChange({ method }: Seen): boolean {
  return method !== "GET";
}

/** What holds for every run, whatever happened. Returns the promises that are broken. */
export function* alwaysBroken(run: Run, { notes, claims }: Undisturbed): Generator<string> {
  const { code, stdout, stderr } = run;
  if (![0, 1, 3, 4].includes(code)) yield `exit code ${code}`;
  if (/^ {4}at |\b(TypeError|RangeError|ReferenceError)\b|is a bug|\[object /m.test(stderr)) yield "a stack or a bug";
  if (/\b(undefined|NaN)\b/.test(stderr)) yield "a value that is none on stderr";
  if (/(?!\n)[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(stderr)) yield "control characters on stderr";
  if (stderr.includes(mark)) yield "a secret on stderr";
  if (code !== 0 && stdout.includes(mark)) yield "a secret on stdout";
  for (const line of linesOf(stderr)) {
    if (!/^(synadm|hint): \S/.test(line) && !notes.has(line) && !claims.has(line)) yield `words of nobody: ${line}`;
    if (code !== 0 && claims.has(line)) yield `a claim that it is done: ${line}`;
  }
  if (stderr !== "" && !stderr.endsWith("\n")) yield "no newline at the end of stderr";
  const reasons = linesOf(stderr).filter((line) => /^synadm: (?!warning: )/.test(line));
  if (code === 0 && reasons.length > 0) yield "success with a reason for a failure";
  if (code !== 0 && reasons.length === 0) yield "no reason";
  yield* repeated(run.requests);
}

/** Changes are sent once, look-ups three times; what was only put off does not count. */
function* repeated(requests: readonly Seen[]): Generator<string> {
  const counts = new Map<string, number>();
  for (const { key } of requests) counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const request of requests) {
    const count = counts.get(request.key) ?? 0;
    if (count > (isChange(request) ? 1 : 3)) yield `sent ${count} times: ${request.key}`;
    counts.delete(request.key);
  }
}

/** A run of `-o json` in which every request, or every change, met this trouble. */
export function* brokenBy(run: Run, { code, body, says }: Trouble): Generator<string> {
  if (run.code !== code) yield `exit code ${run.code} instead of ${code}`;
  if (!says.test(run.stderr)) yield `not said: ${says.source}`;
  if (code === 3 && run.stdout !== "") yield "a result where no answer came";
  if (code === 1) yield* wrongRefusal(run.stdout, body);
}

/** The homeserver's error object, or one failure for each of several items; nothing where neither is there. */
function* wrongRefusal(stdout: string, body: Trouble["body"]): Generator<string> {
  if (stdout === "") {
    if (body !== undefined) yield "the homeserver's error object is missing";
    return;
  }
  const result = parsed(stdout);
  if (Array.isArray(result) && result.every((item) => isRecord(item) && "error" in item)) return;
  if (body === undefined || JSON.stringify(result) !== JSON.stringify(body)) yield `not the error object: ${stdout}`;
}

/** A run of `-o json` in which the second of several changes met a trouble. */
export function* brokenByPart(run: Run, { changes }: Undisturbed): Generator<string> {
  if (run.code !== 4) yield `exit code ${run.code} instead of 4`;
  if (run.argv.includes("--silent")) return;
  const result = parsed(run.stdout);
  if (!Array.isArray(result) || result.length !== changes.length) yield "not every item in the result";
  else if (result.filter((item) => isRecord(item) && "error" in item).length !== 1)
    yield "not one failure in the result";
}

/** A run of `-o json` in which decorations may have met a trouble: then it is success with a warning, or the failure. */
export function* brokenAside(run: Run, trouble: Trouble): Generator<string> {
  if (run.code !== 0) yield* brokenBy(run, trouble);
  else if (!/^synadm: warning: /m.test(run.stderr)) yield "success without a warning";
  else if (parsed(run.stdout) === undefined) yield "no document";
}

export function* brokenSuccess(run: Run): Generator<string> {
  if (run.code !== 0) yield `exit code ${run.code} instead of 0`;
  if (run.argv.includes("--silent") ? run.stdout !== "" : parsed(run.stdout) === undefined) yield "no document";
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

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
