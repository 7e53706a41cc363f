export const root: string;
export function bundleCli(folder: string): Promise<string[]>;
export function bundleModule(entry: string, outfile: string): Promise<string[]>;
