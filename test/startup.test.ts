import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { executable, homeWith } from "./helpers/process.js";
import { startHomeserver } from "./homeserver/index.js";

/** Tells at its end which of Node's modules and which files of ours a process has loaded. */
const hook = `data:text/javascript,
  import { writeSync } from "node:fs";
  import { createRequire } from "node:module";
  process.on("exit", () => {
    const own = Object.keys(createRequire("/")("module")._cache).filter((path) => path.endsWith(".cjs"));
    writeSync(2, "\\n" + JSON.stringify({ builtin: process.moduleLoadList, own }));
  });`;

async function loadedBy(...argv: string[]): Promise<{ builtin: string[]; own: string[] }> {
  const [node, program] = executable;
  const { stderr } = await promisify(execFile)(node, ["--import", hook, program, ...argv], { env: {} });
  const { builtin, own } = JSON.parse(stderr.split("\n").at(-1) ?? "") as { builtin: string[]; own: string[] };
  return {
    builtin: builtin.map((name) => name.replace("NativeModule ", "")),
    own: own.map((path) => path.split("/cli/").at(-1) ?? ""),
  };
}

const notForHelp = ["net", "http", "zlib"];
const rarely = ["https", "tls", "crypto", "child_process", "readline", "perf_hooks", "internal/deps/undici/undici"];

describe("what a start loads", () => {
  it.each([
    { argv: ["--version"], parts: [] },
    { argv: ["--help"], parts: [] },
    { argv: ["user", "list", "--help"], parts: ["cli-user-list.cjs"] },
  ])("$argv: nothing that talks to anybody", async ({ argv, parts }) => {
    const { builtin, own } = await loadedBy(...argv);
    expect(builtin.filter((name) => [...notForHelp, ...rarely].includes(name))).toEqual([]);
    expect(own).toEqual(["synadm.cjs", ...parts]);
  });

  it.each([
    { format: "json", parts: [] },
    { format: "yaml", parts: ["output-yaml.cjs"] },
    { format: "human", parts: ["output-dates.cjs", "output-human.cjs"] },
  ])("a request over plain HTTP, printed as $format: no TLS, one file for each step", async ({ format, parts }) => {
    const server = await startHomeserver();
    const config = `${homeWith({ base_url: server.baseUrl, token: server.adminToken })}/synadm.yaml`;
    const { builtin, own } = await loadedBy("-c", config, "-o", format, "user", "list").finally(() => server.close());
    expect(builtin.filter((name) => rarely.includes(name))).toEqual([]);
    expect(own).toEqual(["synadm.cjs", "cli-user-list.cjs", "cli-connect.cjs", ...parts]);
  });
});
