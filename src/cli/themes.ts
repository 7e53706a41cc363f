import type { Command } from "./command.js";
import type { Context } from "./context.js";

/** A module of commands. */
export interface Commands {
  register: (parent: Command, ctx: Context) => void | Promise<void>;
}

/** Commands of a large group that stand in one file. */
export interface Theme {
  /** Their names. */
  commands: readonly string[];
  load: () => Promise<Commands>;
}

/** Loads and sets up of a large group only the command that was named, or all where that is not clear. */
export async function registerThemes(group: Command, ctx: Context, themes: readonly Theme[]): Promise<void> {
  const name = group.named;
  const named = themes.filter(({ commands }) => name !== undefined && commands.includes(name));
  for (const { load } of named.length > 0 ? named : themes) await (await load()).register(group, ctx);
}
