import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleCli, bundleModule, root } from "../../scripts/bundle.mjs";

/** Where the tests that need a process of its own find the command line. */
export const built = join(root, "build", "cli");
/** And the library. */
export const builtLibrary = join(root, "build", "index.js");

/** Builds them once, before all tests, and sees to it that what the tests write is gone after them. */
export default async function setup(): Promise<() => void> {
  await Promise.all([bundleCli(built), bundleModule("src/index.ts", builtLibrary)]);
  const folder = mkdtempSync(join(tmpdir(), "synadm-tests-"));
  chmodSync(folder, 0o755); // some tests are other users
  process.env["TMPDIR"] = folder; // for the workers, which make their folders there
  return () => rmSync(folder, { recursive: true });
}
