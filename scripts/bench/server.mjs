// A homeserver that answers at once, in a process of its own: what is measured is the client.
import { createServer } from "node:http";

const user = (i) => ({
  name: `@user${String(i).padStart(6, "0")}:example.test`,
  user_type: null,
  is_guest: false,
  admin: i % 100 === 0,
  deactivated: false,
  shadow_banned: false,
  displayname: `User ${i} of Łódź`,
  avatar_url: i % 3 === 0 ? `mxc://example.test/AvAtAr${i}` : null,
  creation_ts: 1_600_000_000_000 + i * 1000,
  approved: true,
  erased: false,
  last_seen_ts: i % 7 === 0 ? null : 1_750_000_000_000 + i * 1000,
  locked: false,
});
const list = (length) => JSON.stringify({ users: Array.from({ length }, (_, i) => user(i)), total: length });
const lists = new Map([1, 100, 1000, 10_000, 100_000].map((length) => [String(length), Buffer.from(list(length))]));

let connections = 0;
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    const body =
      pathname === "/connections"
        ? JSON.stringify({ connections })
        : pathname.endsWith("/users")
          ? lists.get(searchParams.get("limit"))
          : JSON.stringify({ id_server_unbind_result: "success" });
    response.setHeader("Content-Type", "application/json");
    response.end(body);
  });
});
server.on("connection", () => connections++);
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
