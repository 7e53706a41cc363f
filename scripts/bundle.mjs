// How the command line and the library are bundled. Used by build.mjs, by the tests and by the demo.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

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
  legalComments: "none", // LICENSES.txt has them
  metafile: true,
  logLevel: "warning",
};
/** CJS starts faster than ESM. Without dynamic import, `await import()` becomes a `require` at that moment. */
const cjs = { ...common, format: "cjs", supported: { "dynamic-import": false } };

/**
 * Bundles the command line as `synadm.cjs`, with a file for each heavy package under `vendor/`.
 *
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundleCli(folder) {
  const main = {
    ...cjs,
    entryPoints: ["src/main.ts"],
    outfile: join(folder, "synadm.cjs"),
    banner: { js: "#!/usr/bin/env node" },
    plugins: [vendorsBeside],
  };
  const files = vendors.map((name) => ({
    ...cjs,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)})`, resolveDir: root },
    outfile: join(folder, "vendor", vendorFile(name)),
  }));
  return inputs(await Promise.all([main, ...files].map((options) => build(options))));
}

/** Bundles an ESM module, such as the library. */
export async function bundleModule(entry, outfile) {
  // Bundled CJS packages `require` Node's own modules, which ESM lacks.
  const banner = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';
  return inputs([await build({ ...common, format: "esm", entryPoints: [entry], outfile, banner: { js: banner } })]);
}

function inputs(results) {
  return results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
}
