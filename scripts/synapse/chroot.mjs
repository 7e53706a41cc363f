// A Debian sid chroot with Synapse in it, kept in a cache between runs.

import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MAX_AGE_DAYS = 30;
const MIRROR = process.env.SYNADM_TEST_MIRROR || "http://deb.debian.org/debian";

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

export function cacheDir() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return resolve(process.env.SYNADM_TEST_CACHE || join(base, "synadm-test"));
}

/** Nothing is broken, it just cannot be done here: callers report `message`. */
export class Unavailable extends Error {}

// The kernel kills what we start when we die, even of SIGKILL: no orphans.
const BOUND = ["setpriv", "--pdeathsig", "KILL"];
const OWN_MOUNTS = ["unshare", "--mount", "--propagation", "private"];
const OWN_PIDS = ["--pid", "--fork", "--kill-child", "--mount-proc"];

/** The command line that runs `command` in the chroot (needs root). */
export function inChroot(...command) {
  return [...BOUND, ...OWN_MOUNTS, "bash", script("enter.sh"), cacheDir(), ...command];
}

export const CHROOT_ENV = {
  PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
  TZ: "UTC",
};

function run(...[command, ...args]) {
  return spawnSync(command, args, { encoding: "utf8", env: { ...process.env, ...CHROOT_ENV } });
}

function checkHost() {
  if (process.platform !== "linux") throw new Unavailable("it needs Linux");
  if (process.getuid() !== 0) throw new Unavailable("it needs root, to make a chroot");
  const trial = run(...BOUND, ...OWN_MOUNTS, ...OWN_PIDS, "flock", "--version");
  if (trial.status !== 0) {
    const why = trial.error?.message ?? trial.stderr.trim();
    throw new Unavailable(`no namespace of our own can be made here: ${why}`);
  }
}

function installDebootstrap(log) {
  const there = () => run("debootstrap", "--version").status === 0;
  if (there()) return;
  log("installing debootstrap");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update"], { env });
  const packages = ["debootstrap", "debian-archive-keyring"];
  spawnSync("apt-get", ["install", "--yes", "--no-install-recommends", ...packages], { env });
  if (!there()) throw new Unavailable("debootstrap is missing and cannot be installed");
}

/** What is in the chroot, or undefined if there is none that works. */
function inspect() {
  let built;
  try {
    built = statSync(join(cacheDir(), "sid", "built"));
  } catch {
    return undefined;
  }
  if (run(...inChroot("python3", "-c", "import synapse.app.homeserver")).status !== 0) {
    return undefined;
  }
  const version = (name) => {
    const query = run(...inChroot("dpkg-query", "--show", "--showformat=${Version}", name));
    return query.status === 0 && query.stdout ? query.stdout : undefined;
  };
  return {
    ageDays: (Date.now() - built.mtimeMs) / 86_400_000,
    versions: { synapse: version("matrix-synapse"), synadm: version("synadm") },
  };
}

async function build(log) {
  installDebootstrap(log);
  const logFile = join(cacheDir(), "build.log");
  log(`building a Debian sid chroot in ${cacheDir()}: some minutes (see ${logFile})`);
  const args = [...BOUND, ...OWN_MOUNTS, ...OWN_PIDS, "bash", script("build-chroot.sh")];
  args.push(cacheDir(), MIRROR, String(MAX_AGE_DAYS));
  const out = openSync(logFile, "a");
  const child = spawn(args[0], args.slice(1), {
    stdio: ["ignore", out, out],
    // Ctrl-C is for us to handle; we take the child along when we go.
    detached: true,
  });
  closeSync(out);
  const limit = setTimeout(() => child.kill("SIGKILL"), 20 * 60_000);
  const code = await new Promise((resolve) => {
    child.once("error", resolve);
    child.once("exit", (status, signal) => resolve(status ?? signal));
  });
  clearTimeout(limit);
  if (code !== 0) {
    const lines = readFileSync(logFile, "utf8").trim().split("\n");
    const why = lines.findLast((line) => /^E: |error/i.test(line)) ?? lines.at(-1);
    throw new Unavailable(`Debian sid could not be installed (${code}): ${why} (see ${logFile})`);
  }
}

/**
 * Makes sure that there is a chroot, not older than a month.
 *
 * @returns the versions of the Debian packages in it: `{ synapse, synadm }`,
 *   where `synadm` is undefined if the archive did not have it.
 * @throws Unavailable
 */
export async function ensureChroot(log = () => {}) {
  checkHost();
  mkdirSync(cacheDir(), { recursive: true });
  let found = inspect();
  if (found && found.ageDays < MAX_AGE_DAYS) return found.versions;

  try {
    // One that is there but does not work is to be replaced at any age.
    if (!found) rmSync(join(cacheDir(), "sid", "built"), { force: true });
    await build(log);
  } catch (error) {
    if (!found || !(error instanceof Unavailable)) throw error;
    log(`using the chroot of ${Math.floor(found.ageDays)} days ago: ${error.message}`);
    return found.versions;
  }
  found = inspect();
  if (!found) throw new Unavailable("Synapse was installed but does not work");
  return found.versions;
}
