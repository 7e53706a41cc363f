import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { misread, python } from "./python.js";
import { anyJson, hostile, text } from "./samples.js";

if (!python) console.warn("SKIPPED: no python3 with PyYAML here; nothing reads yaml and pprint back.");

describe.skipIf(!python)("Python (skipped where it or PyYAML is absent)", () => {
  it.each(["yaml", "pprint"] as const)("reads every hostile string in %s back, also as a key", async (format) => {
    const shapes = hostile.flatMap((it): unknown[] => [
      it,
      [it, [it]],
      { [it]: it, list: [{ [it]: [it] }], below: { [it]: { [it]: {} } } },
    ]);
    const documents = await Promise.all(shapes.map(async (data) => ({ format, data, text: await text(format, data) })));
    expect(misread(documents)).toEqual([]);
  });

  it.each(["yaml", "pprint"] as const)("reads any data in %s back", async (format) => {
    const samples = fc.sample(anyJson, 600);
    const documents = await Promise.all(
      samples.map(async (data) => ({ format, data, text: await text(format, data) })),
    );
    expect(misread(documents)).toEqual([]);
  });
});
