// Builds what is published:
//   dist/synadm.cjs     the command line with commander; the vendor files beside it are loaded when they are needed
//   dist/vendor/*.cjs   the heavy packages, one file each
//   dist/index.js       the library
//   dist/types/         its types
// Everything is bundled, so that an installed synadm is one package; docs/performance.md says what that gains.
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const { license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Loaded by themselves, at first use. The names are those that the source imports. */
const vendors = ["axios", "js-yaml", "inquirer", "chalk", "cli-table3", "date-fns/format", "lossless-json"];
const vendorFile = (name) => `${name.replace("/", "-")}.cjs`;

const vendorsBeside = {
  name: "vendors beside",
  setup({ onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      vendors.includes(path) && kind !== "entry-point"
        ? { path: `./vendor/${vendorFile(path)}`, external: true }
        : undefined,
    );
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  legalComments: "none", // dist/LICENSES.txt has them
  metafile: true,
  logLevel: "warning",
};
/** CJS starts faster than ESM. Without dynamic import, `await import()` becomes a `require` at that moment. */
const cjs = { ...common, format: "cjs", supported: { "dynamic-import": false } };

rmSync(dist, { recursive: true, force: true });
const results = await Promise.all([
  build({
    ...cjs,
    entryPoints: ["src/main.ts"],
    outfile: "dist/synadm.cjs",
    banner: { js: "#!/usr/bin/env node" },
    plugins: [vendorsBeside],
  }),
  ...vendors.map((name) =>
    build({
      ...cjs,
      stdin: { contents: `module.exports = require(${JSON.stringify(name)})`, resolveDir: root },
      outfile: `dist/vendor/${vendorFile(name)}`,
    }),
  ),
  build({
    ...common,
    format: "esm",
    entryPoints: ["src/index.ts"],
    outfile: "dist/index.js",
    banner: { js: esmRequire() },
  }),
]);
chmodSync(join(dist, "synadm.cjs"), 0o755);
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});
writeFileSync(join(dist, "LICENSES.txt"), licences(results));

/** Bundled CJS packages `require` Node's own modules, which ESM lacks. */
function esmRequire() {
  return 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';
}

/** The licence texts of everything that was bundled. */
function licences(builds) {
  const folders = new Set();
  for (const { metafile } of builds) {
    for (const input of Object.keys(metafile.inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (folder) folders.add(folder);
    }
  }
  const texts = [...folders].sort().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    const text = licenceText(join(root, folder));
    return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${text ?? "Its package holds no licence text."}`;
  });
  return [`synadm is ${license}. It contains the packages below.`, ...texts].join(`\n\n${"-".repeat(80)}\n\n`);
}

function licenceText(folder) {
  for (const name of ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "LICENCE", "License"]) {
    try {
      return readFileSync(join(folder, name), "utf8").trim();
    } catch {
      // the next spelling
    }
  }
  return undefined;
}
