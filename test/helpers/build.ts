import { bundleCli, bundleModule, root } from "../../scripts/bundle.mjs";
import { join } from "node:path";

/** Where the tests that need a process of its own find the command line. */
export const built = join(root, "build", "cli");
/** And the library. */
export const builtLibrary = join(root, "build", "index.js");

/** Builds them once, before all tests. */
export default async function setup(): Promise<void> {
  await Promise.all([bundleCli(built), bundleModule("src/index.ts", builtLibrary)]);
}
