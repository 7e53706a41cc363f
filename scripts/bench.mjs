// npm run bench [-- RUNS]: start-up, throughput and big answers of the installed package, beside bare Node and, where its
// chroot is there (npm run test:synapse makes it), the Python original. Prints Markdown for docs/performance.md.
import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { interleaved, statistics, time, timeAndMemory } from "./bench/measure.mjs";
import { findOriginal } from "./bench/original.mjs";
import { throughput } from "./bench/throughput.mjs";
import { root } from "./bundle.mjs";
import { configFor } from "./synapse/original.mjs";

const runs = Number(process.argv[2] ?? 21);
const folder = mkdtempSync(join(tmpdir(), "synadm-bench-"));
const server = fork(join(root, "scripts/bench/server.mjs"));
const { port } = await new Promise((resolve) => server.once("message", resolve));
const baseUrl = `http://127.0.0.1:${port}`;
const configuration = configFor({
  baseUrl,
  adminUser: "@admin:example.test",
  token: "none",
  serverName: "example.test",
});

const original = findOriginal();
try {
  const program = install();
  const config = join(folder, "synadm.yaml");
  writeFileSync(config, configuration, { mode: 0o600 });
  const synadm = [...program, "-c", config];
  console.log(
    `${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}, synadm ${version()}, ${runs} interleaved runs\n`,
  );
  await startUp(synadm);
  await bigAnswers(synadm);
  await manyChanges(synadm);
  await throughput(program, original, folder, runs);
} finally {
  server.kill();
  original?.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** What `npm install` of the package gives, not the source tree. */
function install() {
  const npm = (...args) => execFileSync("npm", [...args, "--silent"], { cwd: root, encoding: "utf8" });
  const tarball = npm("pack", "--pack-destination", folder).trim().split("\n").at(-1);
  npm("install", "--prefix", folder, "--no-audit", "--no-save", join(folder, tarball));
  return [process.execPath, join(folder, "node_modules/synadm/dist/cli/synadm.cjs")];
}

function version() {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
}

async function startUp(synadm) {
  const formats = ["json", "yaml", "human"];
  const list = (format) => ["-o", format, "user", "list"];
  const commands = [
    { name: "bare", command: [process.execPath, "-e", "0"] },
    { name: "--version", command: [...synadm, "--version"] },
    { name: "--help", command: [...synadm, "--help"] },
    { name: "user list --help", command: [...synadm, "user", "list", "--help"] },
    ...formats.map((format) => ({ name: `user list, ${format}`, command: [...synadm, ...list(format)] })),
  ];
  if (original !== undefined) {
    const beside = original.configured(configuration);
    commands.push(
      { name: "original --help", ...beside("--help") },
      ...formats.map((format) => ({ name: `original user list, ${format}`, ...beside("--batch", ...list(format)) })),
    );
  }
  const results = await interleaved(commands, runs);
  console.log(
    "| start-up (100 users) | median ms | min–max | times bare Node | of the original |\n|---|---|---|---|---|",
  );
  const bare = results.get("bare").median;
  for (const [name, { median, min, max }] of results) {
    const beside = results.get(`original ${name}`)?.median;
    const share = beside === undefined ? "" : (median / beside).toFixed(3);
    console.log(
      `| ${name} | ${median.toFixed(0)} | ${min.toFixed(0)}–${max.toFixed(0)} | ${(median / bare).toFixed(2)} | ${share} |`,
    );
  }
}

async function bigAnswers(synadm) {
  console.log("\n| users in one answer | format | median s | peak MiB |\n|---|---|---|---|");
  for (const format of ["json", "minified", "yaml", "pprint", "human"]) {
    for (const users of [10_000, 100_000]) {
      const all = [];
      for (let run = 0; run < 3; run++)
        all.push(await timeAndMemory([...synadm, "-o", format, "user", "list", "-l", String(users)]));
      const seconds = statistics(all.map(({ ms }) => ms / 1000)).median;
      const mib = Math.max(...all.map((one) => one.mib));
      console.log(`| ${users} | ${format} | ${seconds.toFixed(2)} | ${mib.toFixed(0)} |`);
    }
  }
}

/** Deactivates 1,000 accounts one after the other. */
async function manyChanges(synadm) {
  const connections = async () => (await (await fetch(`${baseUrl}/connections`)).json()).connections;
  const before = await connections();
  const { ms } = await time([...synadm, "--batch", "user", "deactivate-regex", "-p", "1000", "@user"]);
  const opened = (await connections()) - before;
  console.log(`\n1,000 changes, one after the other: ${(ms / 1000).toFixed(2)} s over ${opened} connection(s)`);
}
