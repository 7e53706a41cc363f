/** A word as a shell reads it, so that a command that we offer does what it says, whoever chose the word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
