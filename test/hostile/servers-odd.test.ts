import { createServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import nock from "nock";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { prunable } from "../../src/cli/user/prune-devices.js";
import { render } from "../../src/output/index.js";
import { synadm } from "../helpers/synadm.js";
import { thorough } from "../helpers/thorough.js";
import { closeAll, later } from "./servers.js";

beforeAll(() => nock.restore());
afterAll(() => nock.activate());
afterEach(closeAll);

/** What it answers to each request, bytes as they are; it counts what it was sent. */
async function raw(answer: (request: string, socket: Socket, count: number) => void) {
  const requests: string[] = [];
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => {
      requests.push(data.toString("latin1"));
      answer(data.toString("latin1"), socket, requests.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  later(() => new Promise((resolve) => server.close(resolve)));
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return { requests, config: { token: "s3cret/+x", base_url: `http://127.0.0.1:${port}`, homeserver: "x.test" } };
}

const json = (body: string | Buffer, status = "200 OK", headers = "") =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body.toString("latin1")}`;
const send = (socket: Socket, text: string) => socket.write(Buffer.from(text, "latin1"));

it("a change of protocol is no answer", async () => {
  const { config } = await raw((_request, socket) =>
    send(socket, "HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
  );
  for (const argv of [["version"], ["--batch", "user", "deactivate", "alice"]]) {
    const { code, stdout, stderr } = await synadm(argv, { config });
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain("101");
  }
});

describe("a status that is not 2xx is a refusal, also when the rest cannot be read", () => {
  it.each([
    ["packed badly", json("no gzip", "500 X", "Content-Encoding: gzip\r\n")],
    ["broken off", json('{"errcode":"M', "403 X").replace(/Content-Length: \d+/, "Content-Length: 500")],
  ])("%s", async (_what, answer) => {
    const { config } = await raw((_request, socket) => socket.end(Buffer.from(answer, "latin1")));
    expect(await synadm(["version"], { config })).toMatchObject({ code: 1, stdout: "" });
  });

  it("without an end, after the time-out", async () => {
    const answer = json('{"errcode":"M', "403 X").replace(/Content-Length: \d+/, "Content-Length: 500");
    const { config } = await raw((_request, socket) => send(socket, answer));
    const ended = await synadm(["--timeout", "0.2", "version"], { config });
    expect(ended).toMatchObject({ code: 1, stdout: "" });
    expect(ended.stderr).toContain("403");
  });

  it("and a 429 without an end is waited out, as long as its header says", async () => {
    const late = json("", "429 X", "Retry-After: 1\r\n").replace("Content-Length: 0", "Content-Length: 500");
    const { config, requests } = await raw((_request, socket, count) => {
      send(socket, count === 1 ? late : json('{"server_version":"1"}'));
    });
    const { code, stderr } = await synadm(["-v", "--timeout", "0.2", "version"], { config });
    expect({ code, requests: requests.length }).toEqual({ code: 0, requests: 2 });
    expect(stderr).toContain("trying again in 1 s");
  });

  it("and a gateway's is tried again", async () => {
    const bad = json("no gzip", "503 X", "Content-Encoding: gzip\r\n");
    const { config, requests } = await raw((_request, socket) => send(socket, bad));
    expect((await synadm(["version"], { config })).code).toBe(1);
    expect(requests).toHaveLength(3);
  });
});

it.runIf(thorough)(
  "an answer that unpacks to more than a text can hold is given up",
  async () => {
    const blanks = gzipSync(Buffer.alloc(2 ** 20, " "));
    const packed = Buffer.concat(Array.from({ length: 2 ** 9 + 1 }, () => blanks)); // quicker than to pack them as one
    const { config } = await raw((_request, socket) =>
      send(socket, json(packed, "200 OK", "Content-Encoding: gzip\r\n")),
    );
    const { code, stderr } = await synadm(["version"], { config });
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining("512 MiB") as string });
  },
  30_000,
);

describe("a server that closes what it was to keep alive", () => {
  it("at once loses no change", async () => {
    const { config, requests } = await raw((_request, socket) => {
      socket.end(Buffer.from(json('{"name":"@alice:x.test","admin":false}'), "latin1")); // not said
    });
    for (let turn = 0; turn < 5; turn++) {
      const { code, stderr } = await synadm(["--batch", "user", "modify", "-n", "Alice", "alice"], { config });
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    }
    expect(requests).toHaveLength(10);
  });

  it("loses one change, which is not repeated, and no other", async () => {
    const users = Array.from({ length: 6 }, (_, at) => ({ name: `@u${at}:x.test`, admin: false, deactivated: false }));
    const { config, requests } = await raw((request, socket) => {
      if (!request.startsWith("POST")) {
        const body = request.includes("whoami") ? { user_id: "@admin:x.test" } : { users, total: 6 };
        send(socket, json(JSON.stringify(body)));
        return;
      }
      send(socket, json('{"id_server_unbind_result":"success"}'));
      setTimeout(() => socket.destroy(), 3); // not said, and a little late
    });
    const { code, stdout } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "@u"], { config });
    const outcomes = (JSON.parse(stdout) as { outcome: string }[]).map(({ outcome }) => outcome);
    const failed = outcomes.filter((outcome) => outcome !== "done").length;
    expect(failed).toBeLessThanOrEqual(1);
    expect(code).toBe(failed === 0 ? 0 : 4);
    const changes = requests.filter((request) => request.startsWith("POST")).map((request) => request.split(" ")[1]);
    expect(new Set(changes).size).toBe(changes.length);
  });
});

it("a 200 that says an error is not called done", async () => {
  const { config } = await raw((_request, socket) => send(socket, json('{"errcode":"M_FORBIDDEN","error":"no"}')));
  const { code, stdout, stderr } = await synadm(["--batch", "-o", "human", "user", "password", "alice", "-p", "x"], {
    config,
  });
  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toContain("M_FORBIDDEN");
});

it("secrets are not shown in other spellings either", async () => {
  const password = 'hunter"2\\pw';
  const { config } = await raw((request, socket) => {
    const body = request.slice(request.indexOf("\r\n\r\n") + 4);
    const error = `bad ${body} ${encodeURIComponent(password)} ${encodeURIComponent("s3cret/+x")}`;
    send(socket, json(JSON.stringify({ errcode: `M_X ${password}`, error }), "400 X"));
  });
  const { stdout, stderr } = await synadm(["--batch", "-vv", "user", "password", "alice", "-p", password], { config });
  expect(stderr).toContain("M_X");
  expect(stdout).toContain("M_X");
  expect(stdout + stderr).not.toMatch(/hunter|s3cret/);
});

it("a secret of one request is not shown when the answer to a later one repeats it", async () => {
  const { config } = await raw((request, socket) => {
    if (request.includes("whoami")) send(socket, json('{"errcode":"M_FORBIDDEN"}', "403 X"));
    else send(socket, json('{"error":"saw s3cret/+x"}'));
  });
  const { stdout, stderr } = await synadm(["user", "details", "alice"], {
    config: { token: config.token, base_url: config.base_url },
  });
  expect(stderr).toContain("saw <hidden>");
  expect(stdout + stderr).not.toContain("s3cret");
});

it.each([
  ["history", "purge-status"],
  ["user", "redact-status"],
])("what %s %s says of a failed job does not show the token on stderr", async (...argv) => {
  const { config } = await raw((_request, socket) => send(socket, json('{"status":"failed","error":"saw s3cret/+x"}')));
  const { code, stderr } = await synadm(["-o", "human", ...argv, "abc"], { config });
  expect(code).toBe(1);
  expect(stderr).toContain("abc failed: saw <hidden>");
});

it.each([
  ["raw", "v1/x?password=hunter22&a=b"],
  ["raw", "-m", "post", "-d", '{"password":12345678901}', "v1/x"],
  ["raw", "-m", "post", "-d", "password=hunter22", "v1/x"],
])("what %s %s %s %s sends is not shown when it comes back", async (...argv) => {
  const { config } = await raw((request, socket) => {
    send(socket, json(JSON.stringify({ errcode: "M_X", error: `you sent ${request}` }), "400 X"));
  });
  const { stdout, stderr } = await synadm(["--batch", "-vv", ...argv], { config });
  expect(stderr).toContain("you sent");
  expect(stdout + stderr).not.toMatch(/hunter|12345678901|s3cret/);
});

it("an answer that cannot be read says nothing about the next item", async () => {
  const users = JSON.stringify({
    users: ["a", "b", "c"].map((name) => ({ name: `@${name}:x.test`, admin: false })),
    total: 3,
  });
  const { config, requests } = await raw((request, socket) => {
    if (request.startsWith("GET"))
      send(socket, json(request.includes("/users?") ? users : '{"user_id":"@admin:x.test"}'));
    else send(socket, json("no brotli", "200 OK", "Content-Encoding: br\r\n"));
  });
  const { stderr } = await synadm(["--batch", "user", "deactivate-regex", "@"], { config });
  expect(requests.filter((request) => request.startsWith("POST"))).toHaveLength(3);
  expect(stderr).toContain("the compressed answer cannot be unpacked");
  expect(stderr).not.toContain("the connection to the homeserver is gone");
});

describe("a list", () => {
  it("whose empty page names a next one is not called whole", async () => {
    const { config } = await raw((_request, socket) => send(socket, json('{"users":[],"total":9,"next_token":"5"}')));
    expect(await synadm(["user", "list", "--all"], { config })).toMatchObject({ code: 3, stdout: "" });
  });

  it("whose next page leaves something out is not called whole", async () => {
    const page = (next: string) => json(`{"users":[{"name":"@a:b"}],"total":9${next}}`);
    const { config } = await raw((request, socket) => {
      send(socket, page(request.includes("from=0") ? ',"next_token":"5"' : ""));
    });
    expect(await synadm(["user", "list", "--all", "-l", "4"], { config })).toMatchObject({ code: 3, stdout: "" });
  });

  it("is not asked for whole in pages of none", async () => {
    const { config, requests } = await raw(() => undefined);
    expect(await synadm(["user", "list", "--all", "-l", "0"], { config })).toMatchObject({ code: 2, stdout: "" });
    expect(requests).toEqual([]);
  });
});

it("sessions without a time that is a number are spared", () => {
  const device = (last_seen_ts: unknown) =>
    ({ device_id: "D", last_seen_ts }) as Parameters<typeof prunable>[0][number];
  const odd = [device(12345678901234567890n), device(""), device(false), device([]), device(undefined)];
  expect(prunable([...odd, device(5)], { before: 10, minSurviving: 0 })).toEqual([device(5)]);
});

it("a long text of digits takes no longer than another", async () => {
  const started = performance.now();
  const { chunks } = await render(
    "yaml",
    { name: `${"1".repeat(60_000)}x` },
    {},
    { width: 80, colour: false, dates: false },
  );
  expect([...chunks].join("")).toContain("11x");
  expect(performance.now() - started).toBeLessThan(1000);
});

it.each(["history purge-status x", "user redact-status x", "room delete-status -d x"])(
  "a status that is none is no answer: %s",
  async (line) => {
    for (const status of ["{}", '{"status":null}']) {
      const { config } = await raw((_request, socket) => send(socket, json(status)));
      expect(await synadm(line.split(" "), { config })).toMatchObject({ code: 3, stdout: "" });
    }
  },
);

it.each(["\\u0000", "\\ud800"])("a room ID with %s hides no other room", async (unit) => {
  const rooms = '[{"room_id":"!ok:x","name":null},{"room_id":"!r' + unit + ':x","name":null}]';
  const { config } = await raw((request, socket) => {
    if (request.includes("joined_rooms")) send(socket, json(`{"joined_rooms":["!ok:x","!r${unit}:x"],"total":2}`));
    else if (request.includes("aliases")) send(socket, json('{"aliases":["#ok:x"]}'));
    else if (request.includes("state")) send(socket, json('{"state":[]}'));
    else send(socket, json(`{"rooms":${rooms},"offset":0,"total_rooms":2}`));
  });
  const membership = await synadm(["-o", "json", "user", "membership", "@a:x"], { config });
  expect(membership).toMatchObject({ code: 0, stderr: expect.stringContaining("not all aliases are known") as string });
  expect(JSON.parse(membership.stdout)).toMatchObject({ joined_rooms: ["#ok:x", JSON.parse(`"!r${unit}:x"`)] });
  const levels = await synadm(["-o", "json", "room", "power-levels"], { config });
  expect(levels.code).toBe(4);
  expect(JSON.parse(levels.stdout)).toMatchObject({ rooms: [{ power_levels: {} }, { power_levels: null }] });
});

it("a list of nothing but such rooms was asked for properly, and is shown, all the same", async () => {
  const { config } = await raw((_request, socket) => {
    send(socket, json('{"rooms":[{"room_id":"!r\\u0000:x","name":null}],"offset":0,"total_rooms":1}'));
  });
  const { code, stdout } = await synadm(["-o", "json", "room", "power-levels"], { config });
  expect({ code, data: JSON.parse(stdout) as unknown }).toMatchObject({
    code: 1,
    data: { rooms: [{ power_levels: null }] },
  });
});

it("a deletion whose room is no text is told of without it", async () => {
  const room = { room_id: { toString: 1 }, shutdown_room: { failed_to_kick_users: ["@a:x"] } };
  const { config } = await raw((_request, socket) =>
    send(socket, json(JSON.stringify({ status: "complete", ...room }))),
  );
  const { code, stderr } = await synadm(["-o", "json", "room", "delete-status", "-d", "x"], { config });
  expect({ code, stderr }).toMatchObject({
    code: 4,
    stderr: expect.stringContaining("leave the room: @a:x") as string,
  });
});

it.each(["user deactivate-regex --dry-run @(a+)+:", "notice send -r @([a-z]+[0-9]*)+: Hi"])(
  "a name that an expression never gets done with ends it, for no signal could: %s",
  async (line) => {
    const users = [{ name: `@${"a".repeat(40)}` }];
    const { config, requests } = await raw((_request, socket) =>
      send(socket, json(JSON.stringify({ users, total: 1 }))),
    );
    const { code, stdout, stderr } = await synadm(["--batch", ...line.split(" ")], { config });
    expect({ code, stdout, stderr }).toEqual({
      ...{ code: 2, stdout: "" },
      stderr:
        "synadm: the regular expression takes too long: repeats within or behind each other, such as (a+)+ or .*x.*y.*, try too many ways\n",
    });
    expect(requests).toHaveLength(1);
  },
);

it.each([
  ["room purge-empty", '{"rooms":[{"room_id":"!r\\u0000:x","name":null,"joined_local_members":0}],"total_rooms":1}'],
  ["user deactivate-regex @", '{"users":[{"name":"@r\\ud800:x","admin":false}],"total":1,"user_id":"@me:x"}'],
])("an item that no request can name is not the mistake of the person: %s", async (line, body) => {
  const { config, requests } = await raw((_request, socket) => send(socket, json(body)));
  const { code, stdout } = await synadm(["--batch", "-o", "json", ...line.split(" ")], { config });
  expect({ code, items: JSON.parse(stdout) as unknown }).toMatchObject({ code: 1, items: [{ outcome: "failed" }] });
  expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
});

it.each([
  ["with two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"],
  ["that cannot be unpacked", json("no gzip", "200 OK", "Content-Encoding: gzip\r\n")],
  ["that is no HTTP", "what?\r\n\r\n"],
])("an answer %s through a proxy is no sign that nothing was done", async (_name, answer) => {
  const users = [1, 2, 3, 4].map((number) => ({ name: `@sp${number}:x.test`, admin: false }));
  const { config, requests } = await raw((request, socket) =>
    send(
      socket,
      request.startsWith("POST") ? answer : json(JSON.stringify({ users, total: 4, user_id: "@admin:x.test" })),
    ),
  );
  const { code, stderr } = await synadm(["--batch", "-o", "json", "user", "deactivate-regex", "@sp"], {
    config: { ...config, base_url: "http://x.test" },
    env: { HTTP_PROXY: config.base_url },
  });
  expect(code).toBe(3);
  expect(stderr).toContain("4 of 4 could not be done, 4 of them perhaps are, since no answer said so");
  expect(requests.filter((request) => request.startsWith("POST"))).toHaveLength(4);
});

describe("a 200 that says nothing of what was asked for is no success", () => {
  const changes = [
    ...["user deactivate @a:x", "user suspend @a:x", "user suspend -U @a:x", "user modify @a:x -n A", "regtok new"],
    ...["regtok update t -u 1", "room block !a:x", "room join !a:x @a:x", "media quarantine -u @a:x"],
    ...["media quarantine -r !a:x", "user redact @a:x"],
  ];
  const answers = [
    "{}",
    '{"status":"error"}',
    '{"success":false}',
    '{"error":{"code":503}}',
    '{"errcode":"M_UNKNOWN"}',
  ];

  it.each(changes)("%s", async (line) => {
    for (const answer of answers) {
      const { config, requests } = await raw((_request, socket) => send(socket, json(answer)));
      const { code, stdout, stderr } = await synadm(["--batch", ...line.split(" ")], { config });
      expect({ answer, code, stdout }).toEqual({ answer, code: 3, stdout: "" });
      expect(stderr).toMatch(/^synadm: cannot .*: 200 with /m);
      expect(requests.filter((request) => !request.startsWith("GET")).length).toBeLessThanOrEqual(1);
    }
  });
});
