import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { builtLibrary } from "./helpers/build.js";
import { startHomeserver } from "./homeserver/index.js";

it("works from a program of its own, and does nothing by being imported", async () => {
  const homeserver = await startHomeserver();
  const program = `
    import { HttpError, SynapseAdmin } from ${JSON.stringify(builtLibrary)};
    const [baseUrl, token] = process.argv.slice(1);
    const admin = new SynapseAdmin({ baseUrl, token });
    const { users } = await admin.users.list({ limit: 2 });
    const failure = await admin.users.get("@nobody:example.test").catch((error) => error);
    console.log(JSON.stringify([users.length, failure instanceof HttpError, failure.errcode]));
    admin.connection.close();`;
  const argv = ["--input-type=module", "--eval", program, homeserver.baseUrl, homeserver.adminToken];
  const run = promisify(execFile)(process.execPath, argv, { env: {} });
  const { stdout, stderr } = await run.finally(() => homeserver.close());
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual([2, true, "M_NOT_FOUND"]);
});
