// The original, as bare as our own program: a plain chroot takes 1 ms, the mounts of the tests would take 13.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../synapse/chroot.mjs";

/** @returns undefined where it is not installed, or nobody may enter its chroot */
export function findOriginal() {
  const chroot = join(cacheDir(), "sid");
  if (process.getuid?.() !== 0 || !existsSync(join(chroot, "usr/bin/synadm"))) return undefined;
  const folder = mkdtempSync(join(chroot, "tmp/synadm-bench-"));
  const home = folder.slice(chroot.length);
  return {
    /** @returns what runs it with these arguments and the configuration that was written last */
    configured(configuration) {
      mkdirSync(join(folder, ".config"), { recursive: true });
      writeFileSync(join(folder, ".config/synadm.yaml"), configuration, { mode: 0o600 });
      return (...args) => ({ command: ["chroot", chroot, "synadm", ...args], env: { HOME: home, LANG: "C.UTF-8" } });
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
