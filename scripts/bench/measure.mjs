// Times whole processes from outside, in turn, so that a machine that slows down slows all of them down.
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Nothing else of whoever measures: with SYNADM_TOKEN it would be their homeserver whose accounts are deactivated, and
 * with NODE_EXTRA_CA_CERTS Node starts 15 ms later, so that every ratio would look better than it is.
 */
const { PATH, HOME } = process.env;

/** @returns {Promise<{ms: number}>} how long a process took, its output read and dropped */
export function time([command, ...args], env = {}) {
  return new Promise((resolve, reject) => {
    const started = process.hrtime.bigint();
    const child = spawn(command, args, { env: { PATH, HOME, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stdout.resume();
    child.stderr.on("data", (text) => (complaint += text));
    child.on("error", reject);
    child.on("close", (code) => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      if (code === 0) resolve({ ms });
      else reject(new Error(`${[command, ...args].join(" ")} ended with ${code}: ${complaint}`));
    });
  });
}

/** Like `time`, with the peak memory of a Node process, which it writes down itself at its end. */
export async function timeAndMemory(command) {
  const file = join(tmpdir(), `synadm-bench-${process.pid}`);
  const hook = `data:text/javascript,import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  const { ms } = await time([command[0], "--import", hook, ...command.slice(1)]);
  const mib = Number(readFileSync(file, "utf8")) / 1024;
  rmSync(file);
  return { ms, mib };
}

/** Runs all commands in turn, `runs` times after a warm-up each. */
export async function interleaved(commands, runs) {
  const times = new Map(commands.map(({ name }) => [name, []]));
  for (let run = -1; run < runs; run++) {
    for (const { name, command, env } of commands) {
      const { ms } = await time(command, env);
      if (run >= 0) times.get(name).push(ms);
    }
  }
  return new Map([...times].map(([name, all]) => [name, statistics(all)]));
}

export function statistics(all) {
  const sorted = [...all].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)], min: sorted[0], max: sorted.at(-1) };
}
