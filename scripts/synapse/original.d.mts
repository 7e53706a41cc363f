export interface OriginalResult {
  /** A signal's name, if one ended it. */
  code: number | string;
  stdout: string;
  stderr: string;
  /** What the configuration file holds afterwards. */
  configYaml: string | undefined;
}

export function configFor(server: object): string;
export function original(
  server: object,
  argv: readonly string[],
  options?: { configYaml?: string; input?: string; env?: Readonly<Record<string, string>> },
): Promise<OriginalResult>;
