import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configFor, original, type OriginalResult } from "../../scripts/synapse/original.mjs";
import { startHomeserver } from "../homeserver/index.js";

/** The homeserver that the scenarios act on: a real Synapse, or the embedded one. */
export interface ServerUnderTest {
  readonly baseUrl: string;
  /** The same server on a Unix socket. */
  readonly socketPath?: string;
  readonly serverName: string;
  /** Full ID of a server admin. */
  readonly adminUser: string;
  /** Unknown where somebody's own server is used. */
  readonly adminPassword?: string;
  readonly adminToken: string;
  readonly sharedSecret?: string;
  readonly real: boolean;
  /** Runs the original synadm with the admin's token; undefined where it is not installed. */
  readonly original?: (argv: readonly string[], options?: { input?: string }) => Promise<OriginalResult>;
  close(): Promise<void>;
}

/** What scripts/synapse/run.mjs tells, as far as it matters here. */
interface Announced {
  baseUrl: string;
  socketPath?: string;
  serverName: string;
  adminUser: string;
  adminPassword?: string;
  token: string;
  sharedSecret?: string;
  synadm?: object | null;
}

const variable = process.env["SYNADM_TEST_SERVER"];
const announced = variable ? (JSON.parse(variable) as Announced) : undefined;

/** Whether the original synadm can be run against the server. */
export const hasOriginal = Boolean(announced?.synadm);

/** The server of SYNADM_TEST_SERVER, else one of our own making. */
export function serverUnderTest(): Promise<ServerUnderTest> {
  return announced ? Promise.resolve(realServer(announced)) : embeddedServer();
}

function realServer({ token, synadm, ...server }: Announced): ServerUnderTest {
  const target = { ...server, token, synadm };
  return {
    ...server,
    adminToken: token,
    real: true,
    ...(synadm
      ? { original: (argv, options) => original(target, argv, { configYaml: configFor(target), ...options }) }
      : {}),
    close: () => Promise.resolve(),
  };
}

async function embeddedServer(): Promise<ServerUnderTest> {
  const homeserver = await startHomeserver({ seed: "empty", serverName: "synapse.test", jobMs: 20 });
  const socket = await socketTo(homeserver.baseUrl);
  return {
    baseUrl: homeserver.baseUrl,
    socketPath: socket.path,
    serverName: homeserver.serverName,
    adminUser: homeserver.adminUser,
    adminPassword: "admin-password",
    adminToken: homeserver.adminToken,
    sharedSecret: homeserver.sharedSecret,
    real: false,
    close: async () => {
      await socket.close();
      await homeserver.close();
    },
  };
}

/** A Unix socket that leads to the same server: it listens in one place only. */
async function socketTo(baseUrl: string): Promise<{ path: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(baseUrl);
  const folder = await mkdtemp(join(tmpdir(), "synadm-scenario-"));
  const path = join(folder, "homeserver.sock");
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    close: async () => {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
