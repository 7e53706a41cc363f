import { describe, expect, it } from "vitest";
import { at, Client, list, text, type Answer } from "./client.js";
import { scenario } from "./scenario.js";

const scene = scenario();

/** Registers as a new user with a registration token does. */
async function register(name: string, token: string): Promise<Answer> {
  const nobody = new Client(scene.server.baseUrl, "nobody", undefined);
  const account = { username: scene.name(name), password: "hello", inhibit_login: true };
  const { body } = await nobody.call("POST", "/register", account);
  const session = text(body, "session");
  const answer = await nobody.call("POST", "/register", {
    ...account,
    auth: { type: "m.login.registration_token", token, session },
  });
  if (at(answer.body, "completed") === undefined) return answer;
  return nobody.call("POST", "/register", { ...account, auth: { type: "m.login.dummy", session } });
}

describe("registration tokens", () => {
  const names = async (...argv: string[]) =>
    list(await scene.ok("regtok", "list", ...argv), "registration_tokens").map((one) => at(one, "token"));

  it("a token's life: made, used, used up, extended, expired, deleted", async () => {
    const token = scene.name("welcome");
    const made = await scene.ok("regtok", "new", "-n", token, "-u", "1");
    const fresh = { token, uses_allowed: 1, pending: 0, completed: 0, expiry_time: null };
    expect(made).toEqual(fresh);
    expect(await scene.ok("regtok", "details", token)).toEqual(fresh);
    expect(await names("--valid")).toContain(token);

    expect(await register("first", token)).toMatchObject({
      status: 200,
      body: { user_id: scene.userId(scene.name("first")) },
    });
    expect(await scene.ok("regtok", "details", token)).toMatchObject({ completed: 1 });
    expect(await register("second", token)).toMatchObject({ status: 401 });
    expect(await names("--valid")).not.toContain(token);
    expect(await names("--invalid")).toContain(token);

    expect(await scene.ok("regtok", "update", token, "-u", "-1")).toMatchObject({ uses_allowed: null });
    expect(await register("second", token)).toMatchObject({ status: 200 });
    expect(await scene.ok("regtok", "update", token, "-u", "0")).toMatchObject({ uses_allowed: 0 });
    expect(await names("--invalid")).toContain(token);
    // Synapse lists such a token as invalid, and lets everybody in with it.
    expect(await register("third", token)).toMatchObject({ status: 200 });
    const later = Date.now() + 86_400_000;
    const limited = await scene.ok("regtok", "update", token, "-u", "9", "-t", String(later));
    expect(limited).toMatchObject({ uses_allowed: 9, expiry_time: later });
    expect(await scene.ok("regtok", "update", token, "-t", "-1")).toMatchObject({ expiry_time: null, uses_allowed: 9 });

    await scene.ok("regtok", "delete", token);
    expect(await names()).not.toContain(token);
    expect(await register("fourth", token)).toMatchObject({ status: 401 });
    const { said } = await scene.refused("regtok", "details", token);
    expect(said).toMatchObject({ errcode: "M_NOT_FOUND" });
    await scene.refused("regtok", "delete", token);
    await scene.refused("regtok", "update", token, "-u", "1");
  });

  it("makes one up", async () => {
    const made = await scene.ok("regtok", "new", "-l", "32", "-e", "2099-01-01");
    expect(text(made, "token")).toHaveLength(32);
    expect(made).toMatchObject({ uses_allowed: null, expiry_time: new Date(2099, 0, 1).getTime() });
    await scene.ok("regtok", "delete", "--", text(made, "token")); // one in 65 begins with a dash
  });

  it("what the server refuses is exit 1", async () => {
    const token = scene.name("twice");
    await scene.ok("regtok", "new", "-n", token);
    for (const argv of [
      ["-n", token],
      ["-n", "not allowed!"],
      ["-t", String(Date.UTC(2000, 0))],
    ]) {
      const { said } = await scene.refused("regtok", "new", ...argv);
      expect(said).toHaveProperty("errcode");
    }
    await scene.ok("regtok", "delete", token);
  });
});
