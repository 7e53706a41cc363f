#!/usr/bin/env node
// Brings a real Synapse up and runs a command against it. See README.md.

import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { configFor } from "./original.mjs";
import { start } from "./server.mjs";

const USAGE = `Usage: run.mjs [OPTIONS] -- COMMAND [ARGS...]
       run.mjs [OPTIONS] up

Starts a Synapse for COMMAND, which finds it in $SYNADM_TEST_SERVER (JSON);
"up" (or --keep) leaves it running until Ctrl-C instead.

  --allow-unavailable  exit with 0 if there can be no Synapse here
  --json FILE          write the connection data there, too
  --server-name NAME   of the homeserver (default: synapse.test)`;

const KILL_AFTER_MS = 10_000;

function fail(message) {
  console.error(message);
  process.exit(2);
}

function parse(args) {
  const dashes = args.indexOf("--");
  const command = dashes < 0 ? [] : args.slice(dashes + 1);
  try {
    const { values, positionals } = parseArgs({
      args: dashes < 0 ? args : args.slice(0, dashes),
      allowPositionals: true,
      options: {
        "allow-unavailable": { type: "boolean", default: false },
        json: { type: "string" },
        keep: { type: "boolean", default: false },
        "server-name": { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const keep = values.keep || positionals[0] === "up";
    if (values.help) {
      console.log(USAGE);
      process.exit(0);
    }
    if (keep === command.length > 0 || positionals.length > (keep ? 1 : 0)) fail(USAGE);
    return { ...values, keep, command };
  } catch (error) {
    return fail(`${error.message}\n\n${USAGE}`);
  }
}

const log = (message) => console.error(`synapse: ${message}`);
const options = parse(process.argv.slice(2));

// Set while the command runs.
let killCommand;
let server;
let interrupted;

/** What a shell would call it, had the signal killed us. */
const exitCode = (code) => (interrupted ? 128 + constants.signals[interrupted] : code);

function runCommand([name, ...args], env) {
  // A group of its own, to reach all of it: npx and npm do not pass signals on.
  const child = spawn(name, args, { stdio: "inherit", env, detached: true });
  killCommand = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It is gone already.
    }
  };
  return new Promise((resolve) => {
    child.once("error", (error) => {
      log(error.message);
      resolve(127);
    });
    child.once("exit", (code, signal) => {
      killCommand("SIGKILL"); // what it may have left behind
      killCommand = undefined;
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

// The command first, then Synapse. Asked twice, or while Synapse is being
// installed or started, just go: what is ours dies with us (see chroot.mjs).
async function interrupt(signal) {
  const again = interrupted;
  interrupted = signal;
  if (again || !server) process.exit(exitCode());
  if (killCommand) {
    killCommand(signal);
    setTimeout(() => killCommand?.("SIGKILL"), KILL_AFTER_MS).unref();
    return; // main() goes on when the command has ended
  }
  await server.stop();
  process.exit(exitCode());
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, interrupt);

function banner(...lines) {
  const rule = "=".repeat(72);
  console.log(["", rule, ...lines, rule].join("\n"));
}

function showConnection(data) {
  const lines = [
    `Synapse ${data.version} is up at ${data.baseUrl} (${data.serverName})`,
    data.socketPath && `  socket    ${data.socketPath}`,
    data.logFile && `  log       ${data.logFile}`,
    data.pid && `  database  /proc/${data.pid}/root/run/homeserver.db`,
    `  admin     ${data.adminUser}  ${data.adminPassword ?? ""}`,
    `  token     ${data.token}`,
    "",
    "# ~/.config/synadm.yaml",
    configFor(data),
    "Ctrl-C ends it.",
  ];
  console.log(lines.filter((line) => line !== undefined).join("\n"));
}

/** Waits for Synapse to end by itself; interrupt() may end us before. */
async function untilGone({ exited }) {
  // Something must keep us alive: the child does not.
  const timer = setInterval(() => {}, 60_000);
  await exited();
  clearInterval(timer);
  if (!interrupted) log("Synapse has ended");
  return exitCode(1);
}

async function main() {
  const result = await start({ serverName: options["server-name"], log });
  if (!result.available) {
    banner(`REAL SYNAPSE NOT AVAILABLE: ${result.reason}`, "Nothing was tested against a real Synapse.");
    return options["allow-unavailable"] ? 0 : 1;
  }
  server = result.server;
  const json = JSON.stringify(server);
  if (options.json) writeFileSync(options.json, `${json}\n`, { mode: 0o600 });

  if (options.keep) {
    showConnection(server);
    return untilGone(server);
  }

  const code = await runCommand(options.command, { ...process.env, SYNADM_TEST_SERVER: json });
  await server.stop();
  const original = server.synadm ? `synadm ${server.synadm.version}` : "not installed";
  banner(
    `Tested against a real Synapse: ${server.version}${server.package ? ` (Debian ${server.package})` : ""}`,
    `Original synadm: ${original}`,
    interrupted ? `INTERRUPTED by ${interrupted}` : `Exit code of the tests: ${code}`,
  );
  return exitCode(code);
}

main().then(
  (code) => process.exit(code),
  (error) => {
    log(error.message);
    banner("REAL SYNAPSE FAILED: see above", "The tests against it did not run to their end.");
    process.exit(1);
  },
);
