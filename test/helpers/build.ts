import { bundleCli, root } from "../../scripts/bundle.mjs";
import { join } from "node:path";

/** Where the tests that need a process of its own find the command line. */
export const built = join(root, "build", "cli");

/** Builds it once, before all tests. */
export default async function setup(): Promise<void> {
  await bundleCli(built);
}
