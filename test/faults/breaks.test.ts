import { describe, expect, it } from "vitest";
import { lines, nameOf } from "./commands.js";
import { breaks, delays } from "./faults.js";
import { deadAddress, Ground, groundForAll } from "./ground.js";
import { strike } from "./strike.js";

const ground = groundForAll();

describe("the connection breaks", () => {
  it.each(lines.map((line) => [nameOf(line), line] as const))("%s", async (_name, line) => {
    expect(await strike(ground, line, breaks)).toEqual([]);
  });
});

it("nothing listens", async () => {
  const refused = { fault: { kind: "reset" }, code: 3, says: /ECONNREFUSED.*\nhint: nothing listens there/ } as const;
  const env = { SYNADM_BASE_URL: await deadAddress() };
  const complaints: string[] = [];
  for (const line of lines) {
    const broken = await strike(ground, line, { refused }, { env, places: (name) => name === "everywhere" });
    complaints.push(...broken.map((text) => `${nameOf(line)}: ${text}`));
  }
  expect(complaints).toEqual([]);
});

it("an answer takes longer than the time-out", async () => {
  const complaints = await Promise.all(
    lines.map(async (line) => {
      const own = new Ground({ always: true });
      const broken = await strike(own, line, delays, {
        options: ["--timeout", "0.3"],
        places: (name) => name !== "after the first look-up",
      });
      await own.close();
      return broken.map((text) => `${nameOf(line)}: ${text}`);
    }),
  );
  expect(complaints.flat()).toEqual([]);
});
