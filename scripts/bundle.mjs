// How the command line and the library are bundled. Used by build.mjs, by the tests and by the demo.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Loaded by themselves, at first use. The names are those that the source imports. */
const vendors = ["axios", "js-yaml", "inquirer", "chalk", "cli-table3", "date-fns/format"];
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

/**
 * Node's modules that take long to load and that most command lines never touch: each of their names is looked up when
 * it is used, so that a static import at the top of a file costs nothing.
 */
const slowBuiltins = ["assert", "child_process", "crypto", "http2", "https", "os", "readline", "tls"];

const lazyBuiltins = {
  name: "lazy built-in modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(node:)?(${slowBuiltins.join("|")})$`) }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path: path.replace("node:", ""), namespace: "lazy" },
    );
    onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => ({
      contents: `for (const name of ${JSON.stringify(Object.keys(require(`node:${path}`)))})
  Object.defineProperty(exports, name, { enumerable: true, get: () => require("node:${path}")[name] });`,
    }));
  },
};

/**
 * What axios brings for other uses than ours: other ways to send, forms, and redirects and proxies, which we follow and
 * find ourselves. It goes by file name; a name that an update of axios no longer has fails the build.
 */
const unused = {
  "axios/lib/adapters/fetch.js": "export const getFetch = () => null;",
  "axios/lib/adapters/xhr.js": "export default null;",
  "axios/lib/platform/node/classes/FormData.js": "export default null;",
  "axios/lib/helpers/formDataToStream.js": "export default null;",
  "axios/lib/helpers/Http2Sessions.js": "export default class {}",
  "https-proxy-agent/dist/index.js": "module.exports = class {};",
  "proxy-from-env/index.js": "export const getProxyForUrl = () => null;",
  "follow-redirects/index.js": 'module.exports = { http: require("node:http"), https: require("node:https") };',
};
const used = new Set();

const slimAxios = {
  name: "slim axios",
  setup({ onResolve, onLoad }) {
    // The modules rather than the ready-made bundle, in which nothing could be left out.
    onResolve({ filter: /^axios$/ }, () => ({ path: join(root, "node_modules/axios/index.js") }));
    onLoad({ filter: /node_modules\/(axios|follow-redirects|https-proxy-agent|proxy-from-env)\// }, ({ path }) => {
      const name = path.split("node_modules/").at(-1);
      if (!(name in unused)) return undefined;
      used.add(name);
      return { contents: unused[name] };
    });
  },
};

/** commander's comments are longer than its code, and Node reads them at every start. */
const withoutComments = {
  name: "packages without comments",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules\/commander\/.*\.m?js$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { minifyWhitespace: true });
      return { contents: code };
    });
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
const cjs = { format: "cjs", supported: { "dynamic-import": false } };

/**
 * Bundles the command line as `synadm.cjs` with the parts that it loads when they are needed beside it, and a file for
 * each package under `vendor/`. Reading and compiling is most of what a start costs, so nobody pays for what is not used.
 *
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundleCli(folder) {
  mkdirSync(folder, { recursive: true });
  const packages = vendors.map((name) => ({
    ...common,
    ...cjs,
    minifyWhitespace: true,
    plugins: [lazyBuiltins],
    stdin: { contents: `module.exports = require(${JSON.stringify(name)})`, resolveDir: root },
    outfile: join(folder, "vendor", vendorFile(name)),
    ...(name === "axios" ? axiosAlone() : {}),
  }));
  const results = (await Promise.all([ownParts(folder), ...packages.map((options) => build(options))])).flat();
  const missing = Object.keys(unused).filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`axios no longer has what the build leaves out: ${missing.join(", ")}`);
  return inputs(results);
}

/**
 * The core, `synadm.cjs`, holds what main.ts imports statically and what several parts share of the command line, in one
 * file: opening a file costs more than a few unused lines. Each module that is named in an `await import()` begins a part
 * of its own; the parts take the modules of the core from there.
 */
async function ownParts(folder) {
  const parts = new Map();
  const first = await bundleCore(folder, [], parts);
  const closure = Object.keys(first.metafile.inputs).filter(
    (path) => path.startsWith("src/") && path !== "src/main.ts",
  );
  const trial = await bundleParts(folder, closure, parts);
  const core = [...closure, ...commonModules(trial.metafile.outputs, [...parts.values()])];

  const coreResult = await bundleCore(folder, core, parts);
  const partsResult = await bundleParts(folder, core, parts);
  for (const { path, text } of coreResult.outputFiles) writeFileSync(path, text, { mode: 0o755 });
  for (const { path, text } of partsResult.outputFiles) {
    const { code } = await transform(text, { ...cjs, platform: "node", target: common.target });
    writeFileSync(path, code.replace(/require\("core:([^"]+)"\)/g, 'require("./synadm.cjs")["$1"]'));
  }
  // Node looks for the package of each file that is loaded; this one ends the search at once.
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  return [coreResult, partsResult];
}

/** The modules of the command line that so many parts share that they are better loaded with the core. */
function commonModules(pieces, parts) {
  const importers = (path) =>
    Object.values(pieces).filter(({ imports }) => imports.some((one) => one.path === path)).length;
  const byPath = Object.entries(pieces).filter(([, { entryPoint }]) => entryPoint === undefined);
  return byPath
    .filter(([path]) => importers(path) >= 4)
    .flatMap(([, { inputs }]) => Object.keys(inputs))
    .filter((path) => path.startsWith("src/cli/") && !parts.includes(path));
}

/** `src/cli/user/index.ts`, as it is imported by a file in `folder`. */
function sourceOf(path, folder) {
  return relative(root, join(folder, path)).replace(/\.js$/, ".ts");
}

function partsBeside(parts) {
  return {
    name: "parts beside",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const file = sourceOf(path, resolveDir);
        const name = file.replace(/^src\/|\.ts$/g, "").replaceAll("/", "-");
        parts.set(name, file);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

/** @param parts is told which parts the core names */
function bundleCore(folder, modules, parts) {
  const handedOn = modules.map((path) => `export * as ${JSON.stringify(path)} from "./${path}";`).join("\n");
  return build({
    ...common,
    ...cjs,
    write: false,
    stdin: { contents: `${handedOn}\nimport "./src/main.ts";`, resolveDir: root },
    outfile: join(folder, "synadm.cjs"),
    banner: { js: "#!/usr/bin/env node" },
    plugins: [partsBeside(parts), vendorsBeside, lazyBuiltins, withoutComments],
  });
}

/** @param parts may name further parts, which are added */
async function bundleParts(folder, core, parts) {
  const fromCore = {
    name: "modules of the core",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir, kind }) => {
        const file = sourceOf(path, resolveDir);
        return kind === "import-statement" && core.includes(file)
          ? { path: `core:${file}`, external: true }
          : undefined;
      });
    },
  };
  for (;;) {
    const named = parts.size;
    const result = await build({
      ...common,
      format: "esm", // esbuild splits nothing else; the pieces are turned into CJS afterwards
      splitting: true,
      write: false,
      entryPoints: Object.fromEntries(parts),
      outdir: folder,
      outExtension: { ".js": ".cjs" },
      chunkNames: "shared-[hash]",
      plugins: [fromCore, partsBeside(parts), vendorsBeside, lazyBuiltins],
    });
    if (parts.size === named) return result;
  }
}

function axiosAlone() {
  return {
    plugins: [slimAxios, lazyBuiltins],
    // It looks for FormData and its like, and one look at these globals loads undici.
    define: {
      globalThis: "noGlobals",
      Blob: "undefined",
      FormData: "undefined",
      // Whether Node could use proxies by itself, which it does not with agents that it is given: the list is slow to make.
      "process.allowedNodeEnvironmentFlags": "undefined",
    },
    banner: { js: "const noGlobals = { setImmediate };" },
    stdin: { contents: 'module.exports = require("axios").default', resolveDir: root },
  };
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
