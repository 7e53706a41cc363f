// What the bundles leave out of packages and of Node, as plugins for esbuild.
import { readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { constants } from "node:zlib";
import { transformSync } from "esbuild";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

/**
 * Node's modules that take long to load and that most command lines never touch: each of their names is looked up when
 * it is used, so that a static import at the top of a file costs nothing.
 */
const slowBuiltins = ["assert", "child_process", "crypto", "http2", "https", "os", "readline", "tls", "tty"];

/** Names that only newer releases of Node have: which one builds must make no difference. */
const newNames = { tls: ["getCACertificates"] };

export const lazyBuiltins = {
  name: "lazy built-in modules",
  setup({ onResolve, onLoad, onEnd }) {
    onResolve({ filter: new RegExp(`^(node:)?(${slowBuiltins.join("|")})$`) }, ({ path, namespace }) =>
      namespace === "lazy" ? { path, external: true } : { path: path.replace("node:", ""), namespace: "lazy" },
    );
    onLoad({ filter: /.*/, namespace: "lazy" }, ({ path }) => {
      const names = new Set([...Object.keys(require(`node:${path}`)), ...(newNames[path] ?? [])].sort());
      return {
        contents: `for (const name of ${JSON.stringify([...names])})
  Object.defineProperty(exports, name, { enumerable: true, get: () => require("node:${path}")[name] });`,
      };
    });
    // To define them all takes 1 % of a start: those stay that the file has elsewhere, too.
    onEnd(({ outputFiles = [] }) => {
      for (const file of outputFiles) {
        const lists = /(?<=for\(let name of)\["[^\]]*"\](?=\)Object\.defineProperty)/g;
        const words = new Set(file.text.replace(lists, "").match(/\w+/g));
        const mentioned = (list) => JSON.stringify(JSON.parse(list).filter((name) => words.has(name)));
        file.contents = Buffer.from(file.text.replace(lists, mentioned));
      }
    });
  },
};

/**
 * What axios takes of zlib, part of it as it is loaded, though few answers are packed. Without zstd, which Node 20 lacks,
 * it asks for none. test/startup.test.ts has packed answers.
 */
export const lateZlib = {
  name: "zlib for packed answers",
  setup({ onResolve, onLoad }) {
    const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH } = constants;
    onResolve({ filter: /^(node:)?zlib$/ }, ({ path, namespace }) =>
      namespace === "zlib" ? { path, external: true } : { path, namespace: "zlib" },
    );
    onLoad({ filter: /./, namespace: "zlib" }, () => ({
      contents: `
        exports.constants = ${JSON.stringify({ Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH })};
        exports.createUnzip = (options) => require("node:zlib").createUnzip(options);
        exports.createBrotliDecompress = (options) => require("node:zlib").createBrotliDecompress(options);`,
    }));
  },
};

/**
 * What axios brings for other uses than ours: other ways to send, forms, data: URLs, progress, and redirects and proxies, which we
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
  "axios/lib/helpers/estimateDataURLDecodedBytes.js": "export const estimateDataURLBufferAllocation = null;",
  "axios/lib/helpers/fromDataURI.js": "export default null;",
  "axios/lib/helpers/progressEventReducer.js":
    "export const progressEventReducer = null, progressEventDecorator = null, asyncDecorator = null;",
  "axios/lib/helpers/readBlob.js": "export default null;",
  "https-proxy-agent/dist/index.js": "module.exports = class {};",
  "proxy-from-env/index.js": "export const getProxyForUrl = () => null;",
  "follow-redirects/index.js": 'module.exports = { http: require("node:http"), https: require("node:https") };',
};
const seen = new Set();

/** @throws when a package has changed so that something was not left out */
export function checkLeftOut() {
  const missing = Object.keys(unused).filter((name) => !seen.has(name));
  if (missing.length > 0) throw new Error(`axios no longer has what the build leaves out: ${missing.join(", ")}`);
}

export function isLeftOut(path) {
  return nameOf(path) in unused;
}

/** `axios/lib/utils.js`, wherever it is installed. */
function nameOf(path) {
  return path.split("node_modules/").at(-1);
}

export const slimAxios = {
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
      const name = nameOf(path);
      seen.add(name);
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

/** Of our own package.json the command line wants the version alone. */
export const versionAlone = {
  name: "the version alone",
  setup({ onLoad }) {
    const path = join(root, "package.json");
    const { version } = require(path);
    onLoad({ filter: /[/\\]package\.json$/ }, (file) =>
      file.path === path ? { contents: JSON.stringify({ version }), loader: "json" } : undefined,
    );
  },
};

/** js-yaml's reader and writer by themselves: a command that prints JSON needs the one, for the configuration. */
export const yamlByHalves = {
  name: "js-yaml by halves",
  setup({ onResolve, onLoad }) {
    const folder = realpathSync(join(root, "node_modules/js-yaml/lib")); // as esbuild names it, or it is bundled twice
    const sideEffects = false; // so that what nobody imports is left out
    onResolve({ filter: /^js-yaml$/ }, ({ path }) => ({ path, namespace: "js-yaml", sideEffects }));
    onResolve({ filter: /./, namespace: "js-yaml" }, ({ path }) => ({ path: join(folder, path), sideEffects }));
    // What the reader and the writer take where they are given no schema. Ours always are.
    onResolve({ filter: /^\.\/schema\/default$/ }, ({ path }) => ({ path, namespace: "no schema", sideEffects }));
    onLoad({ filter: /./, namespace: "no schema" }, () => ({ contents: "module.exports = undefined;" }));
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

/**
 * cli-table3 has the width of each cell measured several times, and each time strip-ansi makes its regular expression anew:
 * a third of the time of a large table. Node's own function does the same with one.
 */
export const nodesStripAnsi = {
  name: "Node's strip-ansi",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^strip-ansi$/ }, ({ path }) => ({ path, namespace: "strip-ansi" }));
    onLoad({ filter: /./, namespace: "strip-ansi" }, () => ({
      contents: 'module.exports = require("node:util").stripVTControlCharacters;',
    }));
  },
};

/** Packages that only rare data needs: each is a file of its own, loaded when one of its functions is called. */
export const latePackages = ["lossless-json"];

export const calledLate = {
  name: "packages that are called late",
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${latePackages.join("|")})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: "late" }));
    onLoad({ filter: /./, namespace: "late" }, async ({ path }) => {
      const functions = Object.keys(await import(path)).filter((name) => /^[a-z]/.test(name)); // no classes
      const call = (name) => `export const ${name} = (...args) => require("./${path}.cjs").${name}(...args);`;
      return { contents: functions.map(call).join("\n") };
    });
    onResolve({ filter: /./, namespace: "late" }, ({ path }) => ({ path, external: true }));
  },
};

/** Comments of packages can be longer than their code, and Node reads them at every start. */
export const withoutComments = {
  name: "packages without comments",
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.*\.m?js$/ }, ({ path }) => ({
      contents: transformSync(readFileSync(path, "utf8"), { minify: true }).code,
    }));
  },
};
