import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { Context } from "../src/cli/context.js";
import { noGlobals } from "../src/cli/globals.js";
import { buildProgram, buildWholeProgram } from "../src/cli/program.js";
import { memoryIo } from "./helpers/synadm.js";

/** Every command with a name of its own, groups before their commands. */
function* walk(command: Command): Generator<Command> {
  yield command;
  for (const inner of command.commands) yield* walk(inner);
}

function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

const ctx = new Context(memoryIo({}), noGlobals());
// The root as it is when nothing is loaded yet, which is how `synadm --help` sees it.
const [, ...loaded] = walk(await buildWholeProgram(ctx));
const commands = [buildProgram(ctx, () => undefined), ...loaded];

/** What `--help` prints, examples included. */
function help(command: Command): string {
  let text = "";
  command.configureOutput({
    ...command.configureOutput(),
    writeOut: (some) => (text += some),
    getOutHelpWidth: () => 80,
  });
  command.outputHelp();
  return text.trimEnd();
}

describe("the manual", () => {
  it("is what --help says", async () => {
    const parts = commands.map(
      (command) => `${command.parent ? "##" : "#"} ${fullName(command)}\n\n\`\`\`text\n${help(command)}\n\`\`\`\n`,
    );
    const intro = "<!-- Made from the commands: npm test -- -u writes it anew. -->\n";
    await expect([intro, ...parts].join("\n")).toMatchFileSnapshot("../docs/commands.md");
  });

  it.each(commands.map((command) => [fullName(command), command] as const))(
    "%s says what it is for",
    (_name, command) => {
      expect(command.description() || command.summary()).toMatch(/\.($|\s)/);
      for (const argument of command.registeredArguments) expect(argument.description).not.toBe("");
      for (const option of command.options.filter(({ hidden }) => !hidden)) expect(option.description).not.toBe("");
      const [described = ""] = help(command).split("\nExamples:\n"); // command lines are not broken
      expect(Math.max(...described.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it.each(
    commands.filter((command) => command.commands.length === 0).map((command) => [fullName(command), command] as const),
  )("%s has an example", (_name, command) => {
    expect(help(command)).toContain("\nExamples:\n  ");
  });
});
