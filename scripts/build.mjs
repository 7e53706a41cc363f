// Builds what is published:
//   dist/cli/           the command line: synadm.cjs, and what it loads when it is needed
//   dist/index.js       the library
//   dist/types/         its types
//   dist/LICENSES.txt   the licences of what is bundled
// Everything is bundled, so that an installed synadm is one package; docs/performance.md says what that gains.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleCli, bundleModule, root } from "./bundle.mjs";

const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });
const bundled = await Promise.all([bundleCli(join(dist, "cli")), bundleModule("src/index.ts", join(dist, "index.js"))]);
execFileSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.types.json"], {
  cwd: root,
  stdio: "inherit",
});
writeFileSync(join(dist, "LICENSES.txt"), licences(bundled.flat()));

/** The licence texts of every package that a bundled file comes from. */
function licences(files) {
  const folders = new Set(
    files.map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]).filter(Boolean),
  );
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
    return `${name} ${version} (${license})\n\n${licenceText(join(root, folder)) ?? "Its package holds no licence text."}`;
  });
  const { license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return [`synadm is ${license}. It contains the packages below.`, ...texts].join(`\n\n${"-".repeat(80)}\n\n`);
}

function licenceText(folder) {
  const names = readdirSync(folder).filter((name) => /^licen[cs]e/i.test(name) && !/\.[cm]?js$/.test(name));
  return names.length === 0
    ? undefined
    : names.map((name) => readFileSync(join(folder, name), "utf8").trim()).join("\n\n");
}
