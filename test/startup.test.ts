import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { executable } from "./helpers/process.js";

/** Tells at its end which of Node's modules and which files of ours a process has loaded. */
const hook = `data:text/javascript,
  import { createRequire } from "node:module";
  process.on("exit", () => {
    const own = Object.keys(createRequire("/")("module")._cache).filter((path) => path.endsWith(".cjs"));
    process.stderr.write(JSON.stringify({ builtin: process.moduleLoadList, own }));
  });`;

function loadedBy(...argv: string[]): { builtin: string[]; own: string[] } {
  const [node, program] = executable;
  const { status, stderr } = spawnSync(node, ["--import", hook, program, ...argv], { encoding: "utf8" });
  expect(status).toBe(0);
  const { builtin, own } = JSON.parse(stderr) as { builtin: string[]; own: string[] };
  return {
    builtin: builtin.map((name) => name.replace("NativeModule ", "")),
    own: own.map((path) => path.split("/cli/").at(-1) ?? ""),
  };
}

describe("what a start loads", () => {
  it.each([{ argv: ["--version"] }, { argv: ["--help"] }, { argv: ["user", "list", "--help"] }])(
    "$argv: nothing that talks to anybody",
    ({ argv }) => {
      const { builtin, own } = loadedBy(...argv);
      const heavy = [
        "http",
        "https",
        "tls",
        "crypto",
        "child_process",
        "readline",
        "internal/deps/undici/undici",
        "zlib",
      ];
      expect(builtin.filter((name) => heavy.includes(name))).toEqual([]);
      expect(own.filter((name) => name.startsWith("vendor/"))).toEqual([]);
    },
  );

  it("--help loads the core alone", () => {
    expect(loadedBy("--help").own).toEqual(["synadm.cjs"]);
  });
});
