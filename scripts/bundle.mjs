// How the command line and the library are bundled. Used by build.mjs, by the tests and by the demo.
import { mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { compileAtOnce } from "./eager.mjs";
import {
  calledLate,
  checkLeftOut,
  isLeftOut,
  latePackages,
  lateZlib,
  lazyBuiltins,
  nodesStripAnsi,
  root,
  slimAxios,
  versionAlone,
  withoutComments,
  yamlByHalves,
} from "./packages.mjs";

export { root };

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
 * since opening more of them costs, too. What only a few parts need is in each of them, so such modules must keep no
 * state.
 *
 * @returns {Promise<string[]>} the files that went into it
 */
export async function bundleCli(folder) {
  mkdirSync(folder, { recursive: true });
  const graph = await readImports();
  const shelved = fillShelves(graph);
  const results = await Promise.all(graph.parts.map((part) => bundlePart(folder, part, graph, shelved)));
  checkLeftOut();
  // Node looks for the package of each file that is loaded; this one ends the search at once.
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
  await compileAtOnce(folder);
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
  return { parts: [...new Set([main, ...lazy.map(({ path }) => path), ...latePackages])], importsOf, closure };
}

/** By module, the shelf that it stands on. */
function fillShelves({ parts, closure }) {
  const shelved = new Map();
  const put = (shelf, modules) => {
    for (const one of modules) if (!parts.includes(one) && !shelved.has(one)) shelved.set(one, shelf);
  };
  const needed = parts.flatMap((part) => [...closure(part)]);
  const isCommon = (module) => needed.filter((one) => one === module).length >= 6;
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
  const isLate = latePackages.includes(part);
  const result = await build({
    ...common,
    format: "cjs",
    supported: { "dynamic-import": false }, // `await import()` becomes a `require` at that moment
    minifySyntax: true,
    minifyWhitespace: true, // names stay, for who reports an error
    write: false,
    stdin: { contents: contentsOf(part, graph, shelved), resolveDir: root },
    outfile: join(folder, fileOf(part)),
    banner: { js: `${part === main ? "#!/usr/bin/env node\n" : ""}"use strict";` }, // as in the tests, which run modules
    plugins: [
      ...(isLate ? [] : [elsewhere, calledLate]),
      lateZlib,
      lazyBuiltins,
      slimAxios,
      yamlByHalves,
      nodesStripAnsi,
      versionAlone,
      withoutComments,
    ],
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
    ...(source === part && !latePackages.includes(part) ? [`export { default } from "${source}";`] : []),
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
  return files.filter((path) => !isLeftOut(path));
}
