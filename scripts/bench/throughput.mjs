// Commands that send many requests, on a real Synapse beside the original.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleaved } from "./measure.mjs";
import { configFor } from "../synapse/original.mjs";
import { call, start } from "../synapse/server.mjs";

const rooms = 100;

export async function throughput(program, original, folder, runs) {
  const started = await start({ serverName: "synapse.test" });
  if (!started.available) {
    console.log(`\nNo real Synapse here (${started.reason}): throughput was not measured.`);
    return;
  }
  const { server } = started;
  try {
    await seed(server);
    const config = join(folder, "real.yaml");
    writeFileSync(config, configFor(server), { mode: 0o600 });
    const beside = original?.configured(configFor(server));
    const lines = [
      ["room", "power-levels", "-l", String(rooms)],
      ["user", "membership", "member"],
    ];
    const asked = ["--batch", "-o", "json"];
    const commands = lines.flatMap((line) => [
      { name: line.join(" "), command: [...program, "-c", config, ...asked, ...line] },
      ...(beside === undefined ? [] : [{ name: `original ${line.join(" ")}`, ...beside(...asked, ...line) }]),
    ]);
    const results = await interleaved(commands, runs);
    console.log(`\n| Synapse ${server.version}, ${rooms} rooms | median s | of the original |\n|---|---|---|`);
    for (const [name, { median }] of results) {
      const beside = results.get(`original ${name}`)?.median;
      console.log(
        `| ${name} | ${(median / 1000).toFixed(2)} | ${beside === undefined ? "" : (median / beside).toFixed(3)} |`,
      );
    }
  } finally {
    await server.stop();
  }
}

/** A user in 100 rooms, each with an alias. */
async function seed({ baseUrl, token, serverName }) {
  const id = encodeURIComponent(`@member:${serverName}`);
  await call(baseUrl, "PUT", `/_synapse/admin/v2/users/${id}`, { token, body: { password: "of the bench" } });
  const login = await call(baseUrl, "POST", `/_synapse/admin/v1/users/${id}/login`, { token, body: {} });
  for (let i = 0; i < rooms; i++) {
    const body = { name: `Room ${i}`, room_alias_name: `bench-${i}`, preset: "public_chat" };
    await call(baseUrl, "POST", "/_matrix/client/v3/createRoom", { token: login.access_token, body });
  }
}
