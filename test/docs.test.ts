import { readdirSync, readFileSync } from "node:fs";
import { CommanderError, type Command } from "commander";
import { describe, expect, it } from "vitest";
import { Command as OurCommand } from "../src/cli/command.js";
import { Context } from "../src/cli/context.js";
import { noGlobals } from "../src/cli/globals.js";
import { themes as mediaThemes } from "../src/cli/media/index.js";
import { buildProgram, buildWholeProgram } from "../src/cli/program.js";
import { themes as roomThemes } from "../src/cli/room/index.js";
import { themes as userThemes } from "../src/cli/user/index.js";
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

/** A command that is not named is found only by loading the whole group. */
it.each([...userThemes, ...roomThemes, ...mediaThemes])(
  "a file has the commands that it is loaded for: $commands",
  async (theme) => {
    const group = new OurCommand("group");
    await (await theme.load()).register(group, ctx);
    expect(group.commands.map((command) => command.name())).toEqual(theme.commands);
  },
);

const root = new URL("../", import.meta.url);
const pages = [root, new URL("docs/", root)].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .map((name) => readFileSync(new URL(name, folder), "utf8")),
);
/** What stands after `synadm` in the code blocks, the examples of the manual among them. */
const commandLines = pages
  .flatMap((page) => [...page.matchAll(/^```\w*\n(.*?)^```/gms)].flatMap(([, block = ""]) => block.split("\n")))
  .map((line) => line.replace(/^npm run demo -- /, "synadm "))
  .flatMap(simpleCommands)
  .flatMap(([name, ...argv]) => (name === "synadm" ? [argv] : []));

/** A line of shell as the words of each command in it. */
function simpleCommands(line: string): string[][] {
  const commands: string[][] = [[]];
  for (const [token] of line.matchAll(/[|&;]+|(?<=^|\s)#.*|(?:'[^']*'|"[^"]*"|[^\s|&;'"])+/g)) {
    if (/^[|&;]/.test(token)) commands.push([]);
    else if (!token.startsWith("#")) commands.at(-1)!.push(token.replace(/(['"])(.*?)\1/g, "$2"));
  }
  return commands;
}

describe("the command lines of the documentation", () => {
  it("are found", () => {
    expect(commandLines).toContainEqual(["--batch", "media", "purge", "--before-days", "30"]);
    expect(commandLines).toContainEqual(["room", "list", "-o", "human"]); // npm run demo
    expect(commandLines.length).toBeGreaterThan(commands.length);
  });

  it.each(commandLines.map((argv) => [argv.join(" "), argv] as const))("synadm %s", async (_line, argv) => {
    const io = memoryIo({});
    const program = buildProgram(new Context(io, noGlobals()), () => undefined, argv);
    program.hook("preAction", () => {
      throw new CommanderError(0, "parsed", "");
    });
    const error: unknown = await program.parseAsync(argv, { from: "user" }).catch((e: unknown) => e);
    expect({ error, said: io.stderr.text }).toMatchObject({ error: { exitCode: 0 }, said: "" });
  });
});
