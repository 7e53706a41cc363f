import { spawnSync } from "node:child_process";

/** A Python with PyYAML, the oracle for what YAML 1.1 and Python literals mean. */
export const python = ["python3", "/usr/bin/python3"].find(
  (name) => spawnSync(name, ["-c", "import yaml"]).status === 0,
);

// Numbers may change between int and float when they are equal; nothing else may change its type.
const reader = `
import ast, json, math, sys, yaml
def same(a, b):
    if type(a) in (int, float) and type(b) in (int, float):
        return a == b and math.copysign(1, a) == math.copysign(1, b)
    if type(a) is not type(b): return False
    if type(a) is list: return len(a) == len(b) and all(map(same, a, b))
    if type(a) is dict: return a.keys() == b.keys() and list(a) == sorted(a) and all(same(a[k], b[k]) for k in a)
    return a == b
read = {"yaml": yaml.safe_load, "pprint": ast.literal_eval, "json": json.loads}
wrong = []
for format, text, sent in json.load(sys.stdin):
    try:
        if not same(read[format](text), json.loads(sent)): wrong.append([format, text, "is read as something else"])
    except Exception as error: wrong.append([format, text, repr(error)])
print(json.dumps(wrong))
`;

export interface Document {
  format: "yaml" | "pprint";
  text: string;
  data: unknown;
}

/** The documents that Python reads differently from the data; keys out of order count as different. */
export function misread(documents: readonly Document[]): unknown {
  const input = JSON.stringify(documents.map(({ format, text, data }) => [format, text, reference(data)]));
  const ascii = input.replaceAll(/[^ -~]/g, (unit) => "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const { stdout, stderr } = spawnSync(python ?? "", ["-c", reader], {
    input: ascii,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  return stderr === "" ? JSON.parse(stdout) : stderr;
}

/** Plain JSON, written apart from the code under test; Python reads its integers whole. */
function reference(data: unknown): string {
  if (typeof data === "bigint") return String(data);
  if (data === Infinity || data === -Infinity) return `${data > 0 ? "" : "-"}1e999`;
  if (typeof data === "number")
    return Number.isSafeInteger(data) && !Object.is(data, -0)
      ? `${data}`
      : data.toExponential().replace(/^0e/, Object.is(data, -0) ? "-0e" : "0e");
  if (Array.isArray(data)) return `[${data.map(reference).join()}]`;
  if (typeof data !== "object" || data === null) return JSON.stringify(data);
  return `{${Object.entries(data)
    .map(([key, value]) => `${JSON.stringify(key)}:${reference(value)}`)
    .join()}}`;
}
