import { describe, expect, it } from "vitest";
import { SynapseAdmin } from "../../src/api/index.js";
import { origin, record } from "./recorder.js";

const client = () => new SynapseAdmin({ baseUrl: origin, token: "s3cret" });
const users = (...names: string[]) => names.map((name) => ({ name: `@${name}` }));
const rooms = (...names: string[]) => names.map((name) => ({ room_id: `!${name}`, name }));
const lines = (requests: { line: string }[]) => requests.map(({ line }) => line.replace("/_synapse/admin/", ""));

async function names(list: AsyncIterable<{ name: string | null }>): Promise<(string | null)[]> {
  const result = [];
  for await (const { name } of list) result.push(name);
  return result;
}

describe("lists in pages", () => {
  it("asks for users until there is no next token", async () => {
    const requests = record(
      [200, { users: users("a", "b"), total: 13, next_token: "12" }],
      [200, { users: users("c"), total: 13 }],
    );
    expect(await names(client().users.all({ from: 10, limit: 2, guests: false }))).toEqual(["@a", "@b", "@c"]);
    expect(lines(requests)).toEqual([
      "GET v2/users?from=10&limit=2&guests=false",
      "GET v2/users?from=12&limit=2&guests=false",
    ]);
  });

  it("asks for rooms until there is no next batch", async () => {
    const requests = record(
      [200, { rooms: rooms("a"), offset: 0, total_rooms: 2, next_batch: 1 }],
      [200, { rooms: rooms("b"), offset: 1, total_rooms: 2, prev_batch: 0 }],
    );
    expect(await names(client().rooms.all({ limit: 1, dir: "b" }))).toEqual(["a", "b"]);
    expect(lines(requests)).toEqual(["GET v1/rooms?from=0&limit=1&dir=b", "GET v1/rooms?from=1&limit=1&dir=b"]);
  });

  it("asks for media until there is no next token", async () => {
    const requests = record(
      [200, { media: [{ media_id: "m1" }], total: 2, next_token: 1 }],
      [200, { media: [{ media_id: "m2" }], total: 2 }],
    );
    const found = [];
    for await (const { media_id } of client().media.allOfUser("@a:b", { orderBy: "media_id" })) found.push(media_id);
    expect(found).toEqual(["m1", "m2"]);
    expect(lines(requests)).toEqual([
      "GET v1/users/%40a%3Ab/media?from=0&order_by=media_id",
      "GET v1/users/%40a%3Ab/media?from=1&order_by=media_id",
    ]);
  });

  it("stops at a token that is null", async () => {
    const requests = record([200, { users: users("a"), total: 3, next_token: null }]);
    expect(await names(client().users.all())).toEqual(["@a"]);
    expect(requests).toHaveLength(1);
  });

  it.each(["0", "100"])("does not take a list for whole whose empty page goes on at %j", async (next) => {
    record([200, { users: [], total: 3, next_token: next }]);
    await expect(names(client().users.all())).rejects.toMatchObject({ code: "UNEXPECTED" });
  });

  it.each<unknown>(["0", -1, "x", "", {}, { toString: 1 }, 1.5, 1e300])(
    "does not take a list for whole that goes on at %j",
    async (next) => {
      const requests = record([200, { users: users("a"), total: 3, next_token: next }]);
      await expect(names(client().users.all())).rejects.toMatchObject({
        code: "UNEXPECTED",
        purpose: "list users",
        message: expect.stringMatching(
          /^the page from 0 on names (0|-1|1\.5|1e\+300|what is no number) as the next one, of 3 in all$/,
        ) as string,
      });
      expect(requests).toHaveLength(1);
    },
  );

  it.each([
    { limit: 2, next: "3", jumps: true },
    { limit: undefined, next: "101", jumps: true },
    { limit: 2, next: "2", jumps: false }, // rooms go on behind what was asked for, also where one has just vanished
  ])("sees with a limit of $limit whether $next leaves something out", async ({ limit, next, jumps }) => {
    record([200, { users: users("a"), total: 200, next_token: next }], [200, { users: users("b"), total: 200 }]);
    const found = names(client().users.all({ limit }));
    if (jumps) await expect(found).rejects.toMatchObject({ code: "UNEXPECTED", purpose: "list users" });
    else expect(await found).toEqual(["@a", "@b"]);
  });

  it.each([
    { total: 1, next: "100", requests: 1 },
    { total: 2, next: "1", requests: 3 }, // the third page would begin behind the end
  ])("does not go on for ever where $next is named as the next page of $total", async ({ total, next, requests }) => {
    const step = Number(next);
    const asked = record(
      ...Array.from(
        { length: 5 },
        (_, at) => [200, { users: users("a"), total, next_token: String((at + 1) * step) }] as const,
      ),
    );
    await expect(names(client().users.all())).rejects.toMatchObject({ code: "UNEXPECTED", purpose: "list users" });
    expect(asked).toHaveLength(requests);
  });

  it("goes on to the empty page behind a full one that an old Synapse names", async () => {
    record([200, { users: users("a", "b"), total: 2, next_token: "2" }], [200, { users: [], total: 2 }]);
    expect(await names(client().users.all({ limit: 2 }))).toEqual(["@a", "@b"]);
  });

  it("asks for no further page when the reader leaves", async () => {
    const requests = record([200, { users: users("a", "b"), total: 9, next_token: "2" }]);
    for await (const { name } of client().users.all()) if (name === "@a") break;
    expect(requests).toHaveLength(1);
  });
});

describe("users on a server that cannot list guests", () => {
  const refusal = {
    errcode: "M_INVALID_PARAM",
    error: "The guests parameter is not supported when delegating to MAS.",
  };

  it("asks again without them, and remembers", async () => {
    const requests = record(
      [400, refusal],
      [200, { users: users("a"), total: 2, next_token: "1" }],
      [200, { users: users("b"), total: 2 }],
    );
    expect(await names(client().users.all({ limit: 1 }))).toEqual(["@a", "@b"]);
    expect(lines(requests)).toEqual([
      "GET v2/users?from=0&limit=1",
      "GET v2/users?from=0&limit=1&guests=false",
      "GET v2/users?from=1&limit=1&guests=false",
    ]);
  });

  it("does not, where guests were asked for", async () => {
    const requests = record([400, refusal]);
    await expect(client().users.list({ guests: true })).rejects.toMatchObject({ status: 400 });
    expect(requests).toHaveLength(1);
  });

  it("asks once", async () => {
    const requests = record([400, refusal]);
    await expect(client().users.list()).rejects.toMatchObject({ status: 400 });
    expect(requests).toHaveLength(2);
  });

  it("does not, for another mistake", async () => {
    const requests = record([400, { errcode: "M_INVALID_PARAM", error: "Query parameter 'order_by' must be one of" }]);
    await expect(client().users.list({ orderBy: "x" })).rejects.toMatchObject({ status: 400 });
    expect(requests).toHaveLength(1);
  });
});
