// How the command line and the library are bundled. Used by build.mjs, by the tests and by the demo.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transformSync } from "esbuild";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

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
 * What axios brings for other uses than ours: other ways to send, forms, progress, and redirects and proxies, which we
 * follow and find ourselves. It goes by file name; a name that an update of axios no longer has fails the build.
 */
const unused = {
  "axios/lib/adapters/fetch.js": "export const getFetch = () => null;",
  "axios/lib/adapters/xhr.js": "export default null;",
  "axios/lib/platform/node/classes/FormData.js": "export default null;",
  "axios/lib/helpers/formDataToStream.js": "export default null;",
  "axios/lib/helpers/toFormData.js": "export default null;",
  "axios/lib/helpers/AxiosTransformStream.js": "export default null;",
  "axios/lib/helpers/shouldBypassProxy.js": "export default () => false;",
  "axios/lib/helpers/Http2Sessions.js": "export default class {}",
  "https-proxy-agent/dist/index.js": "module.exports = class {};",
  "proxy-from-env/index.js": "export const getProxyForUrl = () => null;",
  "follow-redirects/index.js": 'module.exports = { http: require("node:http"), https: require("node:https") };',
};
const used = new Set();

const slimAxios = {
  name: "slim axios",
  setup({ onResolve, onLoad }) {
    const folder = join(root, "node_modules/axios/lib");
    onResolve({ filter: /^axios$/ }, ({ path }) => ({ path, namespace: "axios" }));
    onLoad({ filter: /./, namespace: "axios" }, () => ({
      resolveDir: folder,
      contents: `
        import adapters from "./adapters/adapters.js";
        export const { getAdapter } = adapters;
        export { default as AxiosHeaders } from "./core/AxiosHeaders.js";`,
    }));
    onLoad({ filter: /node_modules\/(axios|follow-redirects|https-proxy-agent|proxy-from-env)\// }, ({ path }) => {
      const name = path.split("node_modules/").at(-1);
      used.add(name);
      return { contents: unused[name] ?? withoutGlobals(readFileSync(path, "utf8")) };
    });
  },
};

/** axios looks for these globals of Node, and one look at them loads undici and other modules. */
function withoutGlobals(code) {
  const define = {
    globalThis: "noGlobals",
    Blob: "undefined",
    FormData: "undefined",
    // Whether Node could use proxies by itself, which it does not with agents that it is given: the list is slow to make.
    "process.allowedNodeEnvironmentFlags": "undefined",
    performance: "undefined", // a module of its own; there is Date.now
  };
  const named = code.includes("globalThis") ? `const noGlobals = { setImmediate };\n${code}` : code;
  return transformSync(named, { define, minify: true }).code;
}

/** js-yaml's reader and writer by themselves: a command that prints JSON needs the one, for the configuration. */
const yamlByHalves = {
  name: "js-yaml by halves",
  setup({ onResolve, onLoad }) {
    const folder = join(root, "node_modules/js-yaml/lib");
    const sideEffects = false; // so that what nobody imports is left out
    onResolve({ filter: /^js-yaml$/ }, ({ path }) => ({ path, namespace: "js-yaml", sideEffects }));
    onResolve({ filter: /./, namespace: "js-yaml" }, ({ path }) => ({ path: join(folder, path), sideEffects }));
    onLoad({ filter: /./, namespace: "js-yaml" }, () => ({
      contents: `
        export { load } from "loader.js";
        export { dump } from "dumper.js";
        export { default as YAMLException } from "exception.js";
        export { default as Type } from "type.js";
        export { default as Schema } from "schema.js";
        export { default as FAILSAFE_SCHEMA } from "schema/failsafe.js";
        export { default as DEFAULT_SCHEMA } from "schema/default.js";`,
    }));
  },
};

/** Comments of packages can be longer than their code, and Node reads them at every start. */
const withoutComments = {
  name: "packages without comments",
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.m?js$/ }, ({ path }) => ({
      contents: transformSync(readFileSync(path, "utf8"), { minify: true }).code,
    }));
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

const main = "src/main.ts";
/** What is there before others are loaded, so that they take from it what they have in common with it. */
const shelves = [main, "src/cli/connect.ts"];

/**
 * Bundles the command line. Reading and compiling is most of what a start costs, so nobody pays for what is not used:
 * what is named in an `await import()`, a module of ours or a package, begins a part, one file with all that it needs,
 * since opening more of them costs, too.
 *
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundleCli(folder) {
  mkdirSync(folder, { recursive: true });
  const graph = await readImports();
  const shelved = fillShelves(graph);
  const results = await Promise.all(graph.parts.map((part) => bundlePart(folder, part, graph, shelved)));
  const missing = Object.keys(unused).filter((name) => !used.has(name));
  if (missing.length > 0) throw new Error(`axios no longer has what the build leaves out: ${missing.join(", ")}`);
  // Node looks for the package of each file that is loaded; this one ends the search at once.
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  return inputs(results);
}

/** What imports what, and which modules and packages begin a part. */
async function readImports() {
  const options = { ...common, format: "esm", splitting: true, packages: "external", write: false, outdir: root };
  const { metafile } = await build({ ...options, entryPoints: [main] });
  const all = Object.values(metafile.inputs).flatMap(({ imports }) => imports);
  const lazy = all.filter(({ kind, path }) => kind === "dynamic-import" && !isBuiltin(path));
  /** The modules of ours that have to be there first. */
  const importsOf = (module) =>
    (metafile.inputs[module]?.imports ?? [])
      .filter(({ kind, external }) => kind === "import-statement" && external !== true)
      .map(({ path }) => path);
  /** They and what they need, with the module itself. */
  const closure = (module, found = new Set([module])) => {
    for (const next of importsOf(module)) if (!found.has(next)) closure(next, found.add(next));
    return found;
  };
  return { parts: [...new Set([main, ...lazy.map(({ path }) => path)])], importsOf, closure };
}

/** By module, the shelf that it stands on. */
function fillShelves({ parts, closure }) {
  const shelved = new Map();
  const put = (shelf, modules) => {
    for (const one of modules) if (!parts.includes(one) && !shelved.has(one)) shelved.set(one, shelf);
  };
  const needed = parts.flatMap((part) => [...closure(part)]);
  const isCommon = (module) => needed.filter((one) => one === module).length >= 4;
  put(main, closure(main));
  put(main, needed.filter(isCommon)); // better loaded always than found in many files
  for (const shelf of shelves) put(shelf, closure(shelf));
  return shelved;
}

/** The file of a part: `cli-user-list.cjs` for `src/cli/user/list.ts`. */
function fileOf(part) {
  const name = part === main ? "synadm" : part.replace(/^src\/|\.ts$/g, "").replaceAll("/", "-");
  return `${name}.cjs`;
}

async function bundlePart(folder, part, graph, shelved) {
  const elsewhere = {
    name: "what is elsewhere",
    setup({ onResolve }) {
      onResolve({ filter: /./ }, ({ path, kind, resolveDir }) => {
        const module = path.startsWith(".") ? relative(root, join(resolveDir, path)).replace(/\.js$/, ".ts") : path;
        if (kind === "dynamic-import" && graph.parts.includes(module))
          return { path: `./${fileOf(module)}`, external: true };
        const shelf = shelved.get(module);
        if (kind !== "import-statement" || shelf === undefined || shelf === part) return undefined;
        return { path: `${shelf}#${module}`, external: true };
      });
    },
  };
  const result = await build({
    ...common,
    format: "cjs",
    supported: { "dynamic-import": false }, // `await import()` becomes a `require` at that moment
    minifySyntax: true,
    minifyWhitespace: true, // names stay, for who reports an error
    write: false,
    stdin: { contents: contentsOf(part, graph, shelved), resolveDir: root },
    outfile: join(folder, fileOf(part)),
    banner: part === main ? { js: "#!/usr/bin/env node" } : {},
    plugins: [elsewhere, lazyBuiltins, slimAxios, yamlByHalves, withoutComments],
  });
  for (const { path, text } of result.outputFiles) {
    const fromShelf = /require\("(src\/[^"]+)#([^"]+)"\)/g;
    const code = text.replace(fromShelf, (_, shelf, module) => `require("./${fileOf(shelf)}")["${module}"]`);
    writeFileSync(path, code, { mode: part === main ? 0o755 : 0o644 });
  }
  return result;
}

/** What a part exports: what it is loaded for, and of a shelf also each module that others take from it. */
function contentsOf(part, { parts, importsOf, closure }, shelved) {
  const elsewhere = parts.flatMap((one) => (one === part ? [] : [...closure(one)]));
  const taken = elsewhere.filter((module) => shelved.get(module) !== part).flatMap(importsOf);
  const handedOn = new Set(taken.filter((module) => shelved.get(module) === part));
  const source = part.startsWith("src/") ? `./${part}` : part;
  return [
    ...[...handedOn].map((module) => `export * as ${JSON.stringify(module)} from "./${module}";`),
    `export * from "${source}";`,
    ...(source === part ? [`export { default } from "${source}";`] : []),
  ].join("\n");
}

/** Bundles an ESM module, such as the library. */
export async function bundleModule(entry, outfile) {
  // Bundled CJS packages `require` Node's own modules, which ESM lacks.
  const banner = 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';
  const plugins = [slimAxios, withoutComments];
  return inputs([
    await build({ ...common, format: "esm", entryPoints: [entry], outfile, banner: { js: banner }, plugins }),
  ]);
}

/** Whose licences count. */
function inputs(results) {
  const files = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  return files.filter((path) => !(path.split("node_modules/").at(-1) in unused));
}
