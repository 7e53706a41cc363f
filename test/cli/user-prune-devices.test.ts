import nock from "nock";
import { describe, expect, it } from "vitest";
import { prunable } from "../../src/cli/user/prune-devices.js";
import { synadm } from "../helpers/synadm.js";

const synapse = () => nock("http://synapse.test", { reqheaders: { authorization: "Bearer s3cret" } });
const url = "/_synapse/admin/v2/users/%40alice%3Aexample.test";
const now = Date.UTC(2026, 5, 1);
const daysAgo = (days: number) => now - days * 86_400_000;

const device = (device_id: string, last_seen_ts: number | null, fields: object = {}) => ({
  user_id: "@alice:example.test",
  device_id,
  display_name: null,
  last_seen_user_agent: null,
  last_seen_ts,
  last_seen_ip: null,
  ...fields,
});
const recent = device("RECENT", daysAgo(1), { display_name: "laptop" });
const never = device("NEVER", null);
const middle = device("MIDDLE", daysAgo(100));
const old = device("OLD", daysAgo(1000), { display_name: "old phone" });
const all = [recent, never, middle, old];

const list = (...devices: object[]) => synapse().get(`${url}/devices`).reply(200, { devices, total: devices.length });
const deletion = (...devices: string[]) => synapse().post(`${url}/delete_devices`, { devices }).reply(200, {});
const prune = (...argv: string[]) => synadm(["-o", "json", "user", "prune-devices", "alice", ...argv], { now });

describe("synadm user prune-devices", () => {
  it.each<{ argv: string[]; ids: string[] }>([
    { argv: [], ids: ["OLD", "MIDDLE"] }, // A14: NEVER is kept
    { argv: ["-d", "365"], ids: ["OLD"] },
    { argv: ["--min-days", "0"], ids: ["OLD", "MIDDLE"] }, // A15; one that was never used does not stand in for RECENT
    { argv: ["-d", "0", "-s", "2"], ids: ["OLD", "MIDDLE"] },
    { argv: ["--min-surviving", "3"], ids: ["OLD"] },
    { argv: ["--include-never-seen"], ids: ["OLD", "MIDDLE", "NEVER"] }, // A14
    { argv: ["-d", "0", "--include-never-seen"], ids: ["OLD", "MIDDLE", "NEVER"] },
    { argv: ["-d", "0", "-s", "0"], ids: ["OLD", "MIDDLE", "RECENT"] },
    { argv: ["-d", "0", "-s", "0", "--include-never-seen"], ids: ["OLD", "MIDDLE", "RECENT", "NEVER"] },
    { argv: ["-i", "RECENT"], ids: ["RECENT"] },
    { argv: ["-i", "NEVER", "--dt"], ids: ["NEVER"] }, // B6
  ])("A13: $argv deletes $ids of the full ID, and asks nobody where nobody sits", async ({ argv, ids }) => {
    list(...all);
    deletion(...ids);
    const { code, stdout, stderr } = await prune(...argv);
    expect([code, stderr]).toEqual([0, ""]);
    expect((JSON.parse(stdout) as { device_id: string }[]).map(({ device_id }) => device_id)).toEqual(ids);
  });

  it.each<{ argv: string[]; ids: string[] }>([
    { argv: ["-l"], ids: ["OLD", "MIDDLE"] },
    { argv: ["--min-surviving", "4"], ids: [] },
    { argv: ["--min-days", "2000"], ids: [] },
  ])("$argv deletes nothing", async ({ argv, ids }) => {
    list(...all);
    const { code, stdout } = await prune(...argv);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(ids.map((id) => all.find(({ device_id }) => device_id === id)));
  });

  it.each([[[]], [["-l"]], [["--batch"]]])("fails where there is no such session: %j", async (argv) => {
    list(...all);
    const result = await prune("-i", "OTHER", ...argv);
    expect(result).toEqual({ code: 1, stdout: "", stderr: "synadm: @alice:example.test has no session OTHER\n" });
  });

  it.each([[[]], [["-l"]], [["--batch"]]])("says why the session that was named is spared: %j", async (argv) => {
    list(old, device("DEHYDRATED", null, { dehydrated: true }));
    const result = await prune("-i", "OLD", ...argv);
    expect(result).toEqual({
      code: 0,
      stdout: "[]\n",
      stderr: "session OLD is spared: at least 1 is to survive; --min-surviving 0 ends it\n",
    });
    list(...all);
    expect(await prune("-i", "OLD", "-s", "4", ...argv)).toMatchObject({
      code: 0,
      stdout: "[]\n",
      stderr: expect.stringContaining("at least 4 are to survive; --min-surviving 0 ends it") as string,
    });
  });

  it("a dehydrated device is no session that survives", () => {
    const devices = [device("DEHYDRATED", null, { dehydrated: true }), device("ONLY", 1)];
    expect(prunable(devices, { before: Infinity, minSurviving: 1 })).toEqual([]);
  });

  it("spares a dehydrated device, unless it is named", () => {
    const devices = [device("DEHYDRATED", null, { dehydrated: true }), device("OTHER", 1)];
    const options = { before: now, minSurviving: 0, includeNeverSeen: true };
    expect(prunable(devices, options)).toEqual([devices[1]]);
    expect(prunable(devices, { ...options, deviceId: "DEHYDRATED" })).toEqual([devices[0]]);
  });

  it("D6: shows a person what goes and since when it was not seen, and asks", async () => {
    list(...all);
    const { code, stdout, stderr } = await synadm(["user", "prune-devices", "alice"], {
      attended: true,
      stdin: "n\n",
      now,
    });
    expect([code, stdout]).toEqual([5, ""]);
    expect(stderr).toMatch(/OLD +old phone/);
    expect(stderr).toContain("End 2 sessions last seen before 2026-03-03 10:30:00 +10:30 of @alice:example.test?");
  });

  it.each([
    { argv: [], seen: daysAgo(1000) },
    { argv: ["--dt"], seen: "2023-09-05 09:30:00 +09:30" },
    { argv: ["--batch"], seen: daysAgo(1000) }, // C5
  ])("C13: $argv shows $seen", async ({ argv, seen }) => {
    list(...all);
    const { stdout } = await prune("-l", "-d", "900", ...argv);
    expect(JSON.parse(stdout)).toEqual([{ ...old, last_seen_ts: seen }]);
  });

  it("B3, C1: says why there is no list, and why they were not deleted", async () => {
    synapse().get(`${url}/devices`).reply(404, { errcode: "M_NOT_FOUND", error: "Unknown user" });
    expect((await prune()).code).toBe(1);
    list(...all);
    synapse().post(`${url}/delete_devices`).reply(403, { errcode: "M_FORBIDDEN", error: "no" });
    const { code, stdout } = await prune();
    expect([code, JSON.parse(stdout)]).toEqual([1, { errcode: "M_FORBIDDEN", error: "no" }]);
  });

  it.each([[["-i", ""]], [["-d", "-1"]], [["-s", "-1"]], [["-d", "x"]]])("refuses %j", async (argv) => {
    expect((await prune(...argv)).code).toBe(2);
  });
});
