import nock from "nock";
import { describe, expect, it } from "vitest";
import { synadm } from "../helpers/synadm.js";

const path = "/_synapse/admin/v1/delete_group/%2Bfriends%3Aexample.test";
const argv = ["group", "delete", "+friends:example.test"];

describe("group delete", () => {
  it("deletes what an old server has, when that is confirmed", async () => {
    nock("http://synapse.test").post(path).reply(200, {});
    const { code, stdout, stderr } = await synadm(["-o", "m", ...argv], { stdin: "yes\n" });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "{}\n" });
    expect(stderr).toContain("Delete the group +friends:example.test for good? [y/N]");
  });

  it.each(["n\n", "", "\n"])("does nothing after %j", async (stdin) => {
    expect(await synadm(argv, { stdin })).toMatchObject({ code: 5, stdout: "" });
  });

  it("D7: says that newer servers have none, and exits 1", async () => {
    const refusal = { errcode: "M_UNRECOGNIZED", error: "Unrecognized request" };
    nock("http://synapse.test").post(path).reply(404, refusal);
    const { code, stdout, stderr } = await synadm(["--batch", "-o", "m", ...argv]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: `${JSON.stringify(refusal)}\n` });
    expect(stderr).toContain("Synapse removed groups: 1.61 was the last");
  });

  it("an unknown group on an old server is another matter", async () => {
    nock("http://synapse.test").post(path).reply(404, { errcode: "M_NOT_FOUND", error: "Unknown group" });
    const { code, stderr } = await synadm(["--batch", ...argv]);
    expect(code).toBe(1);
    expect(stderr).not.toContain("1.61");
  });

  it.each(["", "friends", "!a:b.c", "+a"])("refuses %j", async (id) => {
    expect(await synadm(["group", "delete", id])).toMatchObject({ code: 2, stdout: "" });
  });
});
