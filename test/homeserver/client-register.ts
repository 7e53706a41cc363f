import { register } from "./accounts.js";
import { type Call, Reply } from "./call.js";
import { badRequest } from "./errors.js";
import { isObject, isString } from "./json.js";
import { isUsable } from "./registration-tokens.js";
import { type Route, clientRoute } from "./router.js";

/** Registration with a token, as under `registration_requires_token`. */
export const clientRegisterRoutes: Route[] = [
  { ...clientRoute("POST", "/register", registerAccount, "anybody"), notWithMas: true },
];

const STAGES = ["m.login.registration_token", "m.login.dummy"];

/** In stages: each request tells a session, and what it has to show. */
function registerAccount(call: Call): unknown {
  const { world } = call;
  const body = call.object();
  const auth = isObject(body["auth"]) ? body["auth"] : {};
  const session = isString(auth["session"]) ? auth["session"] : undefined;
  if (session !== undefined && !world.registrations.has(session)) throw badRequest(`Unknown session ID: ${session}`);
  const id = session ?? world.ids.letters(24);
  const done = world.registrations.get(id) ?? { completed: [], token: undefined };
  world.registrations.set(id, done);
  const unfinished = (fields: object = {}): Reply =>
    new Reply(401, {
      session: id,
      flows: [{ stages: STAGES }],
      params: {},
      ...(session === undefined ? {} : { completed: done.completed }),
      ...fields,
    });

  const username = isString(body["username"]) ? body["username"].toLowerCase() : world.ids.letters(12).toLowerCase();
  if (world.users.has(world.userId(username))) throw badRequest("User ID already taken.", "M_USER_IN_USE");
  if (auth["type"] === "m.login.registration_token" && done.token === undefined) {
    const token = world.registrationTokens.get(String(auth["token"]));
    if (token === undefined || !isUsable(world, token)) {
      return unfinished({ error: "Invalid registration token", errcode: "M_UNAUTHORIZED" });
    }
    token.pending += 1;
    done.token = token.token;
    done.completed.push("m.login.registration_token");
  }
  if (auth["type"] === "m.login.dummy") done.completed.push("m.login.dummy");
  if (!STAGES.every((stage) => done.completed.includes(stage))) return unfinished();

  const user = register(world, username, { password: isString(body["password"]) ? body["password"] : null });
  world.registrations.delete(id);
  const token = world.registrationTokens.get(done.token ?? "");
  if (token) {
    token.pending -= 1;
    token.completed += 1;
  }
  const answer = { user_id: user.userId, home_server: world.serverName };
  if (body["inhibit_login"] === true) return answer;
  const { token: accessToken, deviceId } = world.addToken(user.userId);
  return { ...answer, access_token: accessToken, device_id: deviceId };
}
