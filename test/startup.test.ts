import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { built } from "./helpers/build.js";
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

async function loadedBy(...argv: string[]): Promise<{ builtin: string[]; own: string[]; stdout: string }> {
  const [node, program] = executable;
  const { stdout, stderr } = await promisify(execFile)(node, ["--import", hook, program, ...argv], { env: {} });
  const { builtin, own } = JSON.parse(stderr.split("\n").at(-1) ?? "") as { builtin: string[]; own: string[] };
  return {
    stdout,
    builtin: builtin.map((name) => name.replace("NativeModule ", "")),
    own: own.map((path) => path.split("/cli/").at(-1) ?? ""),
  };
}

const notForHelp = ["net", "http"];
const rarely = [
  "zlib",
  "https",
  "tls",
  "crypto",
  "child_process",
  "readline",
  "perf_hooks",
  "internal/deps/undici/undici",
];

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

  describe("is compiled as it is read", () => {
    /** A failure need not show the file. */
    const has = (part: string, text: string) => readFileSync(`${built}/${part}.cjs`, "utf8").includes(text);

    it.each([
      ["synadm", "var run=(async function"],
      ["cli-connect", '"node_modules/js-yaml/lib/loader.js":(function'], // a package
      ["cli-connect", "var loadDocuments=(function"], // what it calls in it
      ["cli-user-list", "var printUsers=(async function"],
      ["output-human", "var human=(async function"],
    ])("what `user list` calls: %s has %s", (part, start) => {
      expect(has(part, start)).toBe(true);
    });

    it("and nothing else", () => {
      expect(has("cli-connect", "}function readCertificates(")).toBe(true);
    });
  });

  async function raw(answer: string | Buffer, headers: Record<string, string> = {}) {
    const server = createServer((_, response) => response.writeHead(200, headers).end(answer)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const config = `${homeWith({ base_url: `http://127.0.0.1:${port}`, token: "t" })}/synadm.yaml`;
    return loadedBy("-c", config, "-o", "minified", "raw", "v1/x").finally(() => server.close());
  }

  it.each([
    ["gzip", gzipSync],
    ["deflate", deflateSync],
    ["br", brotliCompressSync],
  ] as const)("what only a packed answer needs, when there is one: %s", async (encoding, pack) => {
    const { stdout, builtin } = await raw(pack('{"a":1}'), { "Content-Encoding": encoding });
    expect(stdout).toBe('{"a":1}\n');
    expect(builtin).toContain("zlib");
  });

  it("what only a number beyond 2^53 needs, when there is one", async () => {
    const { stdout, own } = await raw('{"depth":9223372036854775807}');
    expect(stdout).toBe('{"depth":9223372036854775807}\n');
    expect(own).toEqual(["synadm.cjs", "cli-raw.cjs", "cli-connect.cjs", "lossless-json.cjs"]);
  });
});
