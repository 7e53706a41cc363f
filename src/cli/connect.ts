import { X509Certificate } from "node:crypto";
import { Connection } from "../api/connection.js";
import { Matrix } from "../api/matrix.js";
import { SynapseAdmin } from "../api/synapse-admin.js";
import { ConfigError, expandHome, NoTokenError, withoutFinalSlashes, type Config } from "../config/index.js";
import { readSmallFile } from "../config/small-file.js";
import { readToken } from "../config/token.js";
import { visible } from "../output/visible.js";
import type { Context } from "./context.js";
import { messageOf } from "./errors.js";
import { configCommand, refuseMissingFile } from "./load-config.js";
import { loggerFor } from "./logging.js";
import { version } from "./version.js";

export { loadConfig } from "./load-config.js"; // hardly a command needs one without the other

export interface Clients {
  admin: SynapseAdmin;
  matrix: Matrix;
  connection: Connection;
}

/**
 * Builds the clients over one pool of connections, as configured.
 *
 * @param given instead of the configured token, which then need not exist; `null`: none
 */
export async function connect(ctx: Context, given?: string | null): Promise<Clients> {
  const { io } = ctx;
  io.watchSignals(); // before the first request; until then there is nothing to tell, and nothing has been done
  if (given !== undefined) refuseMissingFile(ctx); // no token will be missed
  const { config, token } =
    given === undefined ? await configAndToken(ctx) : { config: await ctx.config(), token: given ?? undefined };
  const unix = config.protocol === "unix";
  const timeoutMs = config.timeout * 1000;
  const connection = new Connection({
    socketPath: unix ? withoutFinalSlashes(expandHome(config.base_url, io.home)) : undefined,
    ca: config.ca_file === undefined ? undefined : readCertificates(expandHome(config.ca_file, io.home)),
    furtherCa: async () => (await import("./system-certificates.js")).systemCertificates(ctx),
    verifyTls: config.ssl_verify,
    proxyFromEnvironment: io.env,
    timeoutMs,
    // Who types a time-out means it, for slow calls too.
    slowTimeoutMs: ctx.globals.timeout === undefined ? undefined : timeoutMs,
    userAgent: `synadm/${version} (node)`,
    logger: loggerFor(ctx),
  });
  // Commands with many changes have words of their own, which tell more.
  io.lastWords.add(() => (io.lastWords.size > 1 ? "" : [...connection.underway].map(perhapsDone).join("")));
  const shared = { connection, baseUrl: unix ? "http://localhost" : config.base_url, token, clock: io };
  try {
    return {
      connection,
      admin: new SynapseAdmin({ ...shared, prefix: config.admin_path }),
      matrix: new Matrix({ ...shared, prefix: config.matrix_path }),
    };
  } catch (error) {
    throw new ConfigError(`base_url: ${messageOf(error)}`);
  }
}

function perhapsDone(purpose: string): string {
  return `synadm: perhaps done: ${visible(purpose)}\n`;
}

/** Where there is no token yet and a person sits at the terminal, it is asked for. */
async function configAndToken(ctx: Context): Promise<{ config: Config; token: string }> {
  const config = await ctx.config();
  try {
    return { config, token: await readToken(config, ctx.io.home) };
  } catch (error) {
    if (!(error instanceof NoTokenError)) throw error;
    if (!ctx.canConfigure) {
      throw new NoTokenError(`${error.message}; run: ${configCommand(ctx)}, or set SYNADM_TOKEN`);
    }
    ctx.note(`${error.message}; let us make ${ctx.configPath}`);
    const { configure } = await import("./configurator.js");
    await configure(ctx, {});
    const made = await ctx.reloadConfig();
    return { config: made, token: await readToken(made, ctx.io.home) };
  }
}

function readCertificates(path: string): string {
  try {
    const pem = readSmallFile(path).text;
    const certificates = pem
      .split(/(?=^-----BEGIN )/m)
      .filter((part) => part.startsWith("-----BEGIN CERTIFICATE-----"));
    if (certificates.length === 0) throw new Error("it holds no certificate in PEM form");
    certificates.forEach((certificate, at) => {
      // TLS leaves out the broken one and all that come after it, without a word.
      if (!isCertificate(certificate)) throw new Error(`number ${at + 1} of its certificates is broken`);
    });
    return pem;
  } catch (error) {
    throw new ConfigError(`ca_file: ${path}: ${messageOf(error)}`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return Boolean(new X509Certificate(pem));
  } catch {
    return false;
  }
}
