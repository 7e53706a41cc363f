// A Synapse to test against: one of our own, or the one the environment names.

import { spawn } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CHROOT_ENV, ensureChroot, inChroot, Unavailable } from "./chroot.mjs";
import { homeserverConfig, logConfig } from "./homeserver.mjs";

const START_TIMEOUT_MS = 60_000;

/** Calls the homeserver; throws on anything but success. */
export async function call(baseUrl, method, path, { token, body } = {}) {
  const response = await fetch(new URL(path, baseUrl), {
    method,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body && { "content-type": "application/json" }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text.startsWith("{") ? JSON.parse(text) : text;
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Registers a user with the shared secret, as `register_new_matrix_user` does. */
export async function register(baseUrl, secret, { username, password, admin = false }) {
  const path = "/_synapse/admin/v1/register";
  const { nonce } = await call(baseUrl, "GET", path);
  const parts = [nonce, username, password, admin ? "admin" : "notadmin"];
  const mac = createHmac("sha1", secret).update(parts.join("\0")).digest("hex");
  return call(baseUrl, "POST", path, { body: { nonce, username, password, admin, mac } });
}

async function logIn(baseUrl, user, password) {
  const identifier = { type: "m.id.user", user };
  const body = { type: "m.login.password", identifier, password };
  return (await call(baseUrl, "POST", "/_matrix/client/v3/login", { body })).access_token;
}

const version = async (baseUrl) => (await call(baseUrl, "GET", "/_synapse/admin/v1/server_version")).server_version;

async function untilHealthy(baseUrl, child) {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    try {
      if ((await call(baseUrl, "GET", "/health")) === "OK") return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  throw new Error("Synapse did not come up");
}

async function end(child, exited) {
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(patience);
}

function tail(file) {
  try {
    return fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-30).join("\n");
  } catch {
    return "";
  }
}

async function startOwn({ serverName = "synapse.test", log }) {
  const packages = await ensureChroot(log);

  // /tmp is the directory that the chroot shares with us.
  const dir = fs.mkdtempSync("/tmp/synadm-synapse-");
  const remove = () => fs.rmSync(dir, { recursive: true, force: true });
  process.once("exit", remove);
  fs.chmodSync(dir, 0o755);

  const port = await freePort();
  const socketPath = join(dir, "synapse.sock");
  const logFile = join(dir, "homeserver.log");
  const outFile = join(dir, "homeserver.out");
  const configFile = join(dir, "homeserver.yaml");
  const sharedSecret = randomBytes(16).toString("hex");
  const config = homeserverConfig({ serverName, dir, port, socketPath, sharedSecret });
  fs.writeFileSync(configFile, JSON.stringify(config, null, 2));
  fs.writeFileSync(join(dir, "log.yaml"), JSON.stringify(logConfig(logFile), null, 2));

  log(`starting Synapse ${packages.synapse}`);
  const [command, ...args] = inChroot("python3", "-m", "synapse.app.homeserver", "-c", configFile);
  const out = fs.openSync(outFile, "w");
  const child = spawn(command, args, {
    env: { ...CHROOT_ENV, HOME: dir },
    stdio: ["ignore", out, out],
    // Not in the terminal's group: on Ctrl-C the tests are to end first.
    detached: true,
  });
  fs.closeSync(out);
  const exited = new Promise((resolve) => {
    child.once("exit", resolve);
    child.once("error", resolve);
  });
  // A test run that forgets stop() may end all the same.
  child.unref();

  const stop = async () => {
    await end(child, exited);
    remove();
    process.off("exit", remove);
  };

  const baseUrl = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(baseUrl, child);
    const adminPassword = randomBytes(12).toString("hex");
    const admin = { username: "admin", password: adminPassword, admin: true };
    const { user_id: adminUser } = await register(baseUrl, sharedSecret, admin);
    const original = packages.synadm && { command: inChroot("synadm"), version: packages.synadm };
    return {
      baseUrl,
      socketPath,
      serverName,
      adminUser,
      adminPassword,
      token: await logIn(baseUrl, adminUser, adminPassword),
      version: await version(baseUrl),
      package: packages.synapse,
      synadm: original,
      sharedSecret,
      pid: child.pid,
      dir,
      logFile,
      exited: () => exited,
      stop,
    };
  } catch (error) {
    const message = `${error.message}\n${tail(outFile)}\n${tail(logFile)}`;
    await stop();
    throw new Error(message);
  }
}

/** The server that SYNADM_TEST_BASE_URL and SYNADM_TEST_TOKEN name. */
async function useGiven(env) {
  const baseUrl = env.SYNADM_TEST_BASE_URL;
  const token = env.SYNADM_TEST_TOKEN;
  if (!token) throw new Unavailable("SYNADM_TEST_BASE_URL is set, SYNADM_TEST_TOKEN is not");
  let who;
  try {
    who = await call(baseUrl, "GET", "/_matrix/client/v3/account/whoami", { token });
    return {
      baseUrl,
      serverName: env.SYNADM_TEST_SERVER_NAME || who.user_id.replace(/^[^:]*:/, ""),
      adminUser: env.SYNADM_TEST_ADMIN_USER || who.user_id,
      adminPassword: env.SYNADM_TEST_ADMIN_PASSWORD,
      token,
      version: await version(baseUrl),
      exited: () => new Promise(() => {}),
      stop: async () => {},
    };
  } catch (error) {
    const why = error.cause?.message ?? error.message;
    throw new Unavailable(`the server at ${baseUrl} does not serve: ${why}`);
  }
}

/**
 * Brings a Synapse up.
 *
 * @returns `{ available: true, server }`, or `{ available: false, reason }` if
 *   there cannot be one here. See README.md for what is in `server`.
 */
export async function start({ serverName, log = () => {} } = {}) {
  try {
    const given = process.env.SYNADM_TEST_BASE_URL;
    const server = given ? await useGiven(process.env) : await startOwn({ serverName, log });
    return { available: true, server };
  } catch (error) {
    if (error instanceof Unavailable) return { available: false, reason: error.message };
    throw error;
  }
}
