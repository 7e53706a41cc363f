// How the command line and the library are bundled. Used by build.mjs, by the tests and by the demo.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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
    plugins: [vendorsBeside, lazyBuiltins],
  };
  const files = vendors.map((name) => ({
    ...cjs,
    stdin: { contents: `module.exports = require(${JSON.stringify(name)})`, resolveDir: root },
    outfile: join(folder, "vendor", vendorFile(name)),
  }));
  for (const options of files) if (options.outfile.endsWith("axios.cjs")) Object.assign(options, axiosAlone());
  const results = await Promise.all([main, ...files].map((options) => build(options)));
  const missing = Object.keys(unused).filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`axios no longer has what the build leaves out: ${missing.join(", ")}`);
  return inputs(results);
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
