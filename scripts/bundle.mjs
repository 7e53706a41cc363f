// How the command line and the library are bundled. Used by build.mjs, by the tests and by the demo.
import { chmodSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/** Loaded by themselves, at first use. The names are those that the source imports. */
const vendors = ["commander", "axios", "js-yaml", "inquirer", "chalk", "cli-table3", "date-fns/format"];
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
const slowBuiltins = ["assert", "child_process", "crypto", "http2", "https", "readline", "tls"];

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
 * What axios brings for other uses than ours: other ways to send, forms, and redirects, which we follow ourselves. It
 * goes by file name; a name that an update of axios no longer has fails the build.
 */
const unused = {
  "axios/lib/adapters/fetch.js": "export const getFetch = () => null;",
  "axios/lib/adapters/xhr.js": "export default null;",
  "axios/lib/platform/node/classes/FormData.js": "export default null;",
  "axios/lib/helpers/formDataToStream.js": "export default null;",
  "axios/lib/helpers/Http2Sessions.js": "export default class {}",
  "follow-redirects/index.js": 'module.exports = { http: require("node:http"), https: require("node:https") };',
};
const used = new Set();

const slimAxios = {
  name: "slim axios",
  setup({ onResolve, onLoad }) {
    // The modules rather than the ready-made bundle, in which nothing could be left out.
    onResolve({ filter: /^axios$/ }, () => ({ path: join(root, "node_modules/axios/index.js") }));
    // Needed behind a proxy only.
    onResolve({ filter: /^https-proxy-agent$/ }, ({ namespace, pluginData }) =>
      pluginData === "really"
        ? undefined
        : namespace === "on demand"
          ? undefined
          : { path: "https-proxy-agent", namespace: "on demand" },
    );
    onLoad({ filter: /.*/, namespace: "on demand" }, ({ path }) => ({
      contents: `module.exports = function (options) { return new (require("${path}"))(options); };`,
      resolveDir: root,
    }));
    onLoad({ filter: /node_modules\/(axios|follow-redirects)\// }, ({ path }) => {
      const name = path.split("node_modules/").at(-1);
      if (!(name in unused)) return undefined;
      used.add(name);
      return { contents: unused[name] };
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
 * The core holds every module that main.ts imports statically, in one file, and hands them on to the parts. Each module
 * that is named in an `await import()` begins a part.
 */
async function ownParts(folder) {
  const source = (path) => relative(root, path);
  const parts = new Map();
  const partsBeside = {
    name: "parts beside",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, kind, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const file = join(resolveDir, path).replace(/\.js$/, ".ts");
        const name = source(file)
          .replace(/^src\/|\.ts$/g, "")
          .replaceAll("/", "-");
        parts.set(name, file);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
  const plugins = [partsBeside, vendorsBeside, lazyBuiltins];
  const main = {
    ...common,
    ...cjs,
    plugins,
    outfile: join(folder, "synadm.cjs"),
    banner: { js: "#!/usr/bin/env node" },
  };
  const { metafile } = await build({ ...main, entryPoints: ["src/main.ts"], write: false });
  const core = Object.keys(metafile.inputs).filter((path) => path.startsWith("src/") && path !== "src/main.ts");
  const handedOn = core.map((path) => `export * as ${JSON.stringify(path)} from "./${path}";`).join("\n");
  const coreResult = await build({
    ...main,
    stdin: { contents: `${handedOn}\nimport "./src/main.ts";`, resolveDir: root },
  });
  chmodSync(join(folder, "synadm.cjs"), 0o755);

  const coreModules = {
    name: "modules of the core",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const file = source(join(resolveDir, path)).replace(/\.js$/, ".ts");
        return core.includes(file) ? { path: `core:${file}`, external: true } : undefined;
      });
    },
  };
  // A part may name further parts.
  const results = [coreResult];
  for (let done = 0; done < parts.size;) {
    const found = [...parts];
    done = found.length;
    results[1] = await build({
      ...common,
      format: "esm", // esbuild splits nothing else; the pieces are turned into CJS below
      splitting: true,
      write: false,
      entryPoints: Object.fromEntries(found),
      outdir: folder,
      outExtension: { ".js": ".cjs" },
      chunkNames: "shared-[hash]",
      plugins: [coreModules, ...plugins],
    });
  }
  for (const { path, text } of results[1].outputFiles) {
    const { code } = await transform(text, { ...cjs, platform: "node", target: common.target });
    writeFileSync(path, code.replace(/require\("core:([^"]+)"\)/g, 'require("./synadm.cjs")["$1"]'));
  }
  return results;
}

function axiosAlone() {
  return {
    plugins: [slimAxios, lazyBuiltins],
    // It looks for FormData and its like, and one look at these globals loads undici.
    define: { globalThis: "noGlobals", Blob: "undefined", FormData: "undefined" },
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
