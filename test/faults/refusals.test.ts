import { expect, it } from "vitest";
import { lines, nameOf } from "./commands.js";
import { refusals } from "./faults.js";
import { groundForAll } from "./ground.js";
import { strike } from "./strike.js";

const ground = groundForAll();

it.each(lines.map((line) => [nameOf(line), line] as const))("%s", async (_name, line) => {
  expect(await strike(ground, line, refusals)).toEqual([]);
});
