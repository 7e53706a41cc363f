import { editUser, findUser } from "./accounts.js";
import type { Call } from "./call.js";
import { badRequest, forbidden } from "./errors.js";
import { isString } from "./json.js";
import { type Route, clientRoute } from "./router.js";

export const clientProfileRoutes: Route[] = [
  clientRoute("GET", "/profile/{user_id}", (call) => profileOf(call), "anybody"),
  clientRoute("PUT", "/profile/{user_id}/displayname", (call) => setField(call, "displayname")),
  clientRoute("PUT", "/profile/{user_id}/avatar_url", (call) => setField(call, "avatar_url")),
];

function profileOf(call: Call): object {
  const { displayname, avatarUrl } = findUser(call.world, call.param("user_id"), {
    unknown: "Profile was not found",
  });
  return { ...(displayname ? { displayname } : {}), ...(avatarUrl ? { avatar_url: avatarUrl } : {}) };
}

/** Server admins may do it for others. */
function setField(call: Call, field: "displayname" | "avatar_url"): object {
  const { world, caller } = call;
  const userId = call.param("user_id");
  const value = call.object()[field];
  if (!isString(value)) throw badRequest(`Missing key '${field}'`, "M_MISSING_PARAM");
  const isAdmin = world.users.get(caller.userId)?.admin === true;
  if (userId !== caller.userId && !isAdmin) throw forbidden("Cannot set another user's profile");
  const user = editUser(world, userId);
  if (field === "displayname") user.displayname = value || null;
  else user.avatarUrl = value || null;
  return {};
}
