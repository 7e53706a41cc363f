import type { Command } from "./command.js";
import type { Context } from "./context.js";

/** Commands that stand in one file. */
export interface Theme {
  /** Their names. */
  commands: readonly string[];
  register: (group: Command, ctx: Context) => void;
}

/** Sets up a large group: of its many commands only the one that is named, or all where that is not clear. */
export function registerThemes(group: Command, ctx: Context, themes: readonly Theme[]): void {
  group.prepareWhenNamed((name) => {
    const named = themes.filter(({ commands }) => name !== undefined && commands.includes(name));
    for (const { register } of named.length > 0 ? named : themes) register(group, ctx);
  });
}
