// Commands that send many requests, on a real Synapse beside the original.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { interleaved } from "./measure.mjs";
import { start } from "../synapse/server.mjs";

const rooms = 100;

export async function throughput(synadm, folder, runs) {
  const started = await start({ serverName: "synapse.test" });
  if (!started.available) {
    console.log(`\nNo real Synapse here (${started.reason}): throughput was not measured.`);
    return;
  }
  const { server } = started;
  try {
    await seed(server);
    const config = join(folder, "real.yaml");
    const text = `user: admin\ntoken: ${server.token}\nbase_url: ${server.baseUrl}\nadmin_path: /_synapse/admin\nmatrix_path: /_matrix\ntimeout: 30\nformat: json\nserver_discovery: well-known\nhomeserver: ${server.serverName}\nprotocol: http\nssl_verify: true\n`;
    writeFileSync(config, text, { mode: 0o600 });
    const [node, program] = synadm;
    const lines = [
      ["room", "power-levels", "-l", String(rooms)],
      ["user", "membership", "member"],
    ];
    const commands = lines.flatMap((line) => [
      { name: line.join(" "), command: [node, program, "-c", config, "--batch", ...line] },
      ...(server.synadm === undefined
        ? []
        : [
            {
              name: `original ${line.join(" ")}`,
              command: [...server.synadm.command, "-c", config, "--batch", ...line],
            },
          ]),
    ]);
    const results = await interleaved(commands, runs);
    console.log(`\n| Synapse ${server.version}, ${rooms} rooms | median s | of the original |\n|---|---|---|`);
    for (const [name, { median }] of results) {
      const beside = results.get(`original ${name}`)?.median;
      console.log(
        `| ${name} | ${(median / 1000).toFixed(2)} | ${beside === undefined ? "" : (median / beside).toFixed(2)} |`,
      );
    }
  } finally {
    await server.stop();
  }
}

/** A user in 100 rooms, each with an alias. */
async function seed({ baseUrl, token, serverName }) {
  const call = async (method, path, body, as = token) => {
    const response = await fetch(baseUrl + path, {
      method,
      headers: { Authorization: `Bearer ${as}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const id = encodeURIComponent(`@member:${serverName}`);
  await call("PUT", `/_synapse/admin/v2/users/${id}`, { password: "of the bench" });
  const { access_token: member } = await call("POST", `/_synapse/admin/v1/users/${id}/login`, {});
  for (let i = 0; i < rooms; i++) {
    await call(
      "POST",
      "/_matrix/client/v3/createRoom",
      { name: `Room ${i}`, room_alias_name: `bench-${i}`, preset: "public_chat" },
      member,
    );
  }
}
