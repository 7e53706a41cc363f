// Tells V8 which functions a start calls. V8 looks through each function for its end, and reads it a second time when it
// is called, unless it stands in parentheses: then it is compiled as it is read. See https://v8.dev/blog/preparser#pife
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { parse } from "acorn";
import MagicString from "magic-string";

/** Puts those functions of the bundled command line in parentheses that `user list` is seen to call. */
export async function compileAtOnce(folder) {
  const calls = await profile(realpathSync(folder)); // as V8 names its files
  if (calls.size === 0) throw new Error(`V8 does not tell what is called in ${folder}`);
  for (const [path, called] of calls) writeFileSync(path, withParentheses(readFileSync(path, "utf8"), called));
}

/** What `user list` calls in each format: by file, where functions begin and end, such as `120-380`. */
async function profile(folder) {
  const users = JSON.stringify({ users: [{ name: "@alice:example.org", creation_ts: 1 }], total: 1 });
  const homeserver = createServer((_, response) => response.setHeader("Content-Type", "application/json").end(users));
  const temporary = mkdtempSync(join(tmpdir(), "synadm-build-"));
  const coverage = join(temporary, "coverage");
  const config = join(temporary, "synadm.yaml");
  try {
    await once(homeserver.listen(0, "127.0.0.1"), "listening");
    writeFileSync(config, `token: none\nbase_url: http://127.0.0.1:${homeserver.address().port}\n`, { mode: 0o600 });
    for (const format of ["json", "yaml", "human"]) {
      const argv = [join(folder, "synadm.cjs"), "-c", config, "-o", format, "user", "list"];
      await promisify(execFile)(process.execPath, argv, { env: { NODE_V8_COVERAGE: coverage } });
    }
    return calledIn(coverage, folder);
  } finally {
    homeserver.close();
    rmSync(temporary, { recursive: true });
  }
}

function calledIn(coverage, folder) {
  const files = readdirSync(coverage).flatMap((name) => JSON.parse(readFileSync(join(coverage, name), "utf8")).result);
  const calls = new Map();
  for (const { url, functions } of files.filter(({ url }) => url.startsWith("file:"))) {
    const path = fileURLToPath(url);
    if (!path.startsWith(folder)) continue;
    const called = functions.map(({ ranges }) => ranges[0]).filter(({ count }) => count > 0);
    const known = calls.get(path) ?? [];
    calls.set(path, new Set([...known, ...called.map(({ startOffset, endOffset }) => `${startOffset}-${endOffset}`)]));
  }
  return calls;
}

/** Function declarations move to the top of their scope, too: that is where JavaScript defines them anyway. */
function withParentheses(code, called) {
  const tree = parse(code, { ecmaVersion: "latest", allowHashBang: true });
  const wrappers = tree.body.flatMap(packageWrappers);
  const text = new MagicString(code);
  for (const { key, end } of wrappers) text.appendLeft(key.end, ":(function").appendLeft(end, ")");
  for (const statements of [tree.body, ...wrappers.map(({ value }) => value.body.body)]) {
    const top = statements.find(({ directive }) => directive === undefined)?.start;
    for (const { type, id, start, end } of statements) {
      if (type !== "FunctionDeclaration" || !called.has(`${start}-${end}`)) continue;
      text.remove(id.start, id.end).appendRight(start, `var ${id.name}=(`).appendLeft(end, ");");
      if (start > top) text.move(start, end, top);
    }
  }
  return text.toString();
}

/** What esbuild puts around a CommonJS module: a method such as `"node_modules/x/index.js"(exports, module) {}`. */
function packageWrappers({ declarations = [] }) {
  const calls = declarations.map(({ init }) => init).filter((init) => init?.callee?.name === "__commonJS");
  return calls.flatMap(({ arguments: [object] }) => object.properties);
}
