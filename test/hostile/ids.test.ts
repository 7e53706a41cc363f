import { createServer } from "node:http";
import fc from "fast-check";
import nock from "nock";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";
import { bodyOf, closeAll, listen } from "./servers.js";

/** What people type must arrive: it is decoded here as a server does and compared with what was typed. */
interface Seen {
  url: string;
  body: string;
}

let seen: Seen[];
let baseUrl: string;
beforeAll(async () => {
  nock.restore();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      seen.push({ url: request.url ?? "", body });
      response.end(
        request.url?.includes("/directory/room/") ? '{"room_id": "!x:y", "servers": []}' : '{"name": "@x:y"}',
      );
    });
  });
  baseUrl = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(async () => {
  await closeAll();
  nock.activate();
});
beforeEach(() => void (seen = []));

const env = () => ({ SYNADM_TOKEN: "tok", SYNADM_BASE_URL: baseUrl, SYNADM_HOMESERVER: "example.test" });
const type = (argv: readonly string[]) =>
  synadm(["--batch", ...argv], { config: null, home: "/nonexistent", env: env() });

const odd = [
  "%",
  "%2F",
  "/",
  "?",
  "#",
  "&",
  "=",
  "+",
  ";",
  "!'()*",
  "..",
  ".",
  "~",
  '"',
  "`",
  "$",
  "{",
  "}",
  "|",
  "\\",
];
const texts = [
  ...odd,
  ...["^", "<", ">", "[", "]", "@", ":", ",", " ", "\u00a0"],
  ...["💥", "🇦🇶", "👩‍👩‍👧", "\u0301", "e\u0323", "ł", "Ж", "あ", "\u{10fffd}", "\ue000"],
  ...["%00", "%e2%80%ae", "constructor", "__proto__"],
];
/** Where all of an ID is something that means something. */
const alone = ["%", "/", "?", "#", "&", "%2F", "%00", "\\", "'", "+", "constructor", "__proto__", "💥", "\u0301"];
/** Whatever can be printed, with more of what URLs and shells are made of than would come by chance. */
const printable = fc
  .array(fc.oneof(fc.constantFrom(...texts), fc.string({ unit: "grapheme", maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(""))
  .filter((text) => text !== "");

type Kind = (name: string) => { typed: string; sent?: string } | undefined;

const room: Kind = (name) => ({ typed: `!${name}:example.test` });
/** What cannot be a room makes the whole job fail, so more is refused. */
const roomInJob: Kind = (name) => (/[\s:\p{Cc}]/u.test(name) || name.length > 100 ? undefined : room(name));
const anything: Kind = (name) => (name === "." || name === ".." ? undefined : { typed: name });
const group: Kind = (name) => (/[\s:\p{Cc}]/u.test(name) ? undefined : { typed: `+${name}:example.test` });
const user: Kind = (name) =>
  /^[!-9;-~]+$/.test(name) && name.length < 200 ? { typed: `@${name}:example.test` } : undefined;
const localpart: Kind = (name) =>
  /^[!-9;-~]+$/.test(name) && !/^[-@!#$]|^\d+$/.test(name) && name.length < 200
    ? { typed: name, sent: `@${name}:example.test` }
    : undefined;
const alias: Kind = (name) =>
  /[\s:\p{Cc}]/u.test(name) || Buffer.byteLength(name) > 200 ? undefined : { typed: `#${name}:example.test` };
const media: Kind = (name) => (/[\s\p{Cc}/:?#]/u.test(name) || /^\.\.?$/.test(name) ? undefined : { typed: name });
const mxc: Kind = (name) => {
  const { typed } = media(name) ?? {};
  return typed === undefined ? undefined : { typed: `mxc://remote.test/${typed}`, sent: typed };
};

/** Every command that takes an ID as an argument or an option, and with what before it. */
const commands: readonly [string, Kind][] = [
  ...["details", "members", "state", "block", "block-status", "delete", "make-admin"].map((name): [string, Kind] => [
    `room ${name}`,
    room,
  ]),
  ["room delete-status --room-id", room],
  ["room resolve --reverse", room],
  ["room power-levels --room-id", room],
  ["media list --room-id", room],
  ["media quarantine --room-id", room],
  ["history purge --before-days 1", room],
  ["user redact --room !a:b alice --room", roomInJob],
  ["room details", alias],
  ["room resolve", alias],
  ["room delete-status --delete-id", anything],
  ["history purge-status", anything],
  ["user redact-status", anything],
  ["user 3pid --medium msisdn", anything],
  ["user auth-provider --provider oidc", anything],
  ["user auth-provider x --provider", anything],
  ["regtok details", anything],
  ["regtok update --uses-allowed 1", anything],
  ["regtok delete", anything],
  ["group delete", group],
  ...[
    "details",
    "whois",
    "membership",
    "media",
    "modify --admin",
    "login",
    "prune-devices",
    "shadow-ban",
    "suspend",
  ].map((name): [string, Kind] => [`user ${name}`, user]),
  ["user password --password x", user],
  ["user redact", user],
  ["user deactivate", user],
  ["user details", localpart],
  ["media list --user-id", user],
  ["media quarantine --user-id", user],
  ["media protect", media],
  ["media quarantine --media-id", media],
  ["media unquarantine --media-id", media],
  ["media delete --media-id", media],
  ["media quarantine --mxc-uri", mxc],
];

/** Runs all of them with this name, and says which did not let it through. */
async function lost(name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [command, kind] of commands) {
    const id = kind(name);
    if (id === undefined) continue;
    const words = command.split(" ");
    const isOption = words.at(-1)?.startsWith("--") === true;
    const argv = isOption ? [...words, id.typed] : [...words, "--", id.typed];
    seen = [];
    const { stderr } = await type(argv);
    const wanted = id.sent ?? id.typed;
    const arrived = seen.some(({ url, body }) => segmentsOf(url).includes(wanted) || holds(jsonOf(body), wanted));
    if (!arrived) wrong.push(`${command} ${JSON.stringify(id.typed)}: ${JSON.stringify(seen)} ${stderr}`);
    if (seen.some(({ url }) => !/^[!-~]*$/.test(url))) wrong.push(`${command}: not encoded`);
  }
  return wrong;
}

function segmentsOf(url: string): string[] {
  const [path = "", query] = url.split("?");
  return [...path.split("/").map(decodeURIComponent), ...new URLSearchParams(query).values()];
}

function jsonOf(body: string): unknown {
  return body === "" ? undefined : JSON.parse(body);
}

function holds(value: unknown, wanted: string): boolean {
  if (typeof value !== "object" || value === null) return value === wanted;
  return Object.values(value).some((inner) => holds(inner, wanted));
}

describe("IDs reach the server as they were typed", () => {
  it.each([...alone, texts.slice(0, 24).join(""), texts.slice(24).join(""), "..x", "x.."])("%s", async (text) => {
    expect(await lost(text)).toEqual([]);
  });

  it("whatever can be printed", async () => {
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        expect(await lost(name)).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ["half of a pair", "\ud800"],
    ["the other half", "x\udc00x"],
    ["NUL", "a\0b"],
    ["a dot", "."],
    ["two dots", ".."],
  ])("%s is refused before anything is sent", async (_what, text) => {
    for (const command of [
      "regtok details",
      "history purge-status",
      "user redact-status",
      "room delete-status --delete-id",
    ]) {
      const { code, stdout, stderr } = await type([...command.split(" "), text]);
      expect({ command, code, stdout, seen }).toEqual({ command, code: 2, stdout: "", seen: [] });
      expect(stderr).toMatch(/^synadm: .*\n$/);
    }
    const rooms = await type(["room", "details", `!${text}`]);
    expect({ code: text.startsWith(".") ? 2 : rooms.code, seen: text.startsWith(".") ? [] : seen }).toEqual({
      code: 2,
      seen: [],
    });
  });

  it("a user is never somebody else", async () => {
    await fc.assert(
      fc.asyncProperty(printable, async (name) => {
        seen = [];
        const { code } = await type(["user", "details", "--", name]);
        const localpart = name.replace(/^@/, "").replace(/:$/, "");
        if (code === 2) expect(seen).toEqual([]);
        else
          expect(segmentsOf(seen[0]?.url ?? "")).toSatisfy(
            (all: string[]) => all.includes(name) || all.includes(`@${localpart}:example.test`),
          );
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is typed to raw", () => {
  it.each(["\n", "\t", "\0", "\u0085", "\ud800", "a\u007f", ".\t./x"])(
    "%j is refused: a URL would lose it",
    async (text) => {
      const { code } = await type(["raw", `v1/${text}`]);
      expect({ code, seen }).toEqual({ code: 2, seen: [] });
    },
  );

  it.each([
    ["v1/a b ", "/_synapse/admin/v1/a%20b%20"],
    ["v1/ü?x=😀", "/_synapse/admin/v1/%C3%BC?x=%F0%9F%98%80"],
    ["v1/a%2Fb%25", "/_synapse/admin/v1/a%2Fb%25"],
    ["//evil.test/x", "/_synapse/admin/evil.test/x"],
    ["http://evil.test/x", "/_synapse/admin/http://evil.test/x"],
    ["v1/{x}?a=[1]", "/_synapse/admin/v1/%7Bx%7D?a=[1]"],
    ["v1/x%23y", "/_synapse/admin/v1/x%23y"],
  ])("%s goes to %s", async (typed, url) => {
    await type(["raw", typed]);
    expect(seen.map((request) => decodeURI(request.url))).toEqual([decodeURI(url)]);
  });

  it("is not cut at a #, which would ask for something else", async () => {
    const { code, stderr } = await type(["raw", "-m", "delete", "v1/registration_tokens/abc#1"]);
    expect({ code, stderr, seen }).toEqual({
      ...{ code: 2, seen: [] },
      stderr: "synadm: the endpoint must not hold '#': write %23\n",
    });
  });

  it("its body arrives byte for byte", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (body) => {
        seen = [];
        await type(["raw", "-m", "post", "v1/x", "--data", body]);
        expect(seen).toEqual([{ url: "/_synapse/admin/v1/x", body }]);
      }),
      { numRuns: 30 },
    );
  });
});

describe("words reach the server as they were typed", () => {
  it.each([
    ["user list --name", "name"],
    ["user list --user-id", "user_id"],
    ["room list --name", "search_term"],
    ["room search", "search_term"],
  ])("%s", async (command, key) => {
    for (const text of [...texts, "\u001b[31m\n\u202e", "-", "--x"]) {
      seen = [];
      const words = command.split(" ");
      await type(words.at(-1)?.startsWith("--") === true ? [...words, text] : [...words, "--", text]);
      expect(new URLSearchParams(seen[0]?.url.split("?")[1]).get(key)).toBe(text);
    }
  });

  it.each([
    "user modify alice --display-name",
    "room delete !a:b --message",
    "user redact alice --reason",
    "notice send alice",
  ])("%s", async (command) => {
    for (const text of [...texts.filter((some) => some.trim() !== ""), "\u001b[31m\n\u202e", "\u0000"]) {
      seen = [];
      const words = command.split(" ");
      const { stderr } = await type([...words, text]);
      const bodies = seen.map(({ body }) => jsonOf(body));
      if (command.startsWith("room delete") && bodies.length < 2) continue; // the look-up was in the way
      expect(
        bodies.some((body) => holds(body, text)),
        `${JSON.stringify(text)} ${stderr}`,
      ).toBe(true);
    }
  });
});
