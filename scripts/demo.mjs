// Starts the embedded homeserver and runs synadm on it: npm run demo -- user list -o human
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleModule, root } from "./bundle.mjs";

const homeserverModule = join(root, "build", "homeserver.mjs");
await bundleModule("test/homeserver/index.ts", homeserverModule);
const { startHomeserver } = await import(pathToFileURL(homeserverModule).href);
const homeserver = await startHomeserver();

const folder = mkdtempSync(join(tmpdir(), "synadm-demo-"));
const config = join(folder, "synadm.yaml");
writeFileSync(
  config,
  `user: ${JSON.stringify(homeserver.adminUser)}\ntoken: ${homeserver.adminToken}\nbase_url: ${homeserver.baseUrl}\n`,
  { mode: 0o600 },
);

/** Without what would lead to another homeserver than that of the demo. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^SYNADM_|^MTOKEN$|_proxy$/i.test(name)),
);

const typed = process.argv.slice(2);
const argv = typed.length > 0 ? typed : ["user", "list", "--output", "human"];
process.stderr.write(`$ synadm ${argv.join(" ")}\n`);
const synadm = spawn(process.execPath, [join(root, "dist", "cli", "synadm.cjs"), "-c", config, ...argv], {
  env,
  stdio: "inherit",
});
synadm.on("close", async (code) => {
  await homeserver.close();
  rmSync(folder, { recursive: true });
  process.exitCode = code ?? 1;
});
