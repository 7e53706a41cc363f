// Runs the original synadm, in the chroot.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { CHROOT_ENV } from "./chroot.mjs";

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** The content of ~/.config/synadm.yaml for this server. */
export function configFor(server) {
  const config = {
    base_url: server.baseUrl,
    user: server.adminUser.replace(/^@|:.*$/g, ""),
    token: server.token,
    homeserver: server.serverName,
    admin_path: "/_synapse/admin",
    matrix_path: "/_matrix",
    format: "yaml",
    timeout: 30,
    server_discovery: "well-known",
    ssl_verify: true,
  };
  // A JSON scalar is a YAML scalar, with nothing left to quote.
  const line = ([key, value]) => `${key}: ${JSON.stringify(value)}\n`;
  return Object.entries(config).map(line).join("");
}

/**
 * @param server what start() gave, or the JSON in SYNADM_TEST_SERVER
 * @param argv the arguments of synadm
 * @param options `configYaml`: what ~/.config/synadm.yaml holds (no file if
 *   undefined); `input`: what it reads on stdin; `env`: further variables
 * @returns `{ code, stdout, stderr, configYaml }`, the last being what the
 *   configuration file holds afterwards
 */
export async function original(server, argv, { configYaml, input = "", env } = {}) {
  if (!server.synadm) throw new Error("the original synadm is not installed");
  // The chroot shares /tmp with us.
  const home = mkdtempSync("/tmp/synadm-original-");
  const configFile = join(home, ".config", "synadm.yaml");
  mkdirSync(join(home, ".config"));
  if (configYaml !== undefined) writeFileSync(configFile, configYaml, { mode: 0o600 });

  try {
    const [command, ...args] = [...server.synadm.command, ...argv];
    const child = spawn(command, args, { env: { ...CHROOT_ENV, HOME: home, ...env } });
    // It need not read its input.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const exit = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? signal));
    });
    const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)]);
    return { code, stdout, stderr, configYaml: read(configFile) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
