import { userRow } from "./accounts.js";
import type { Call } from "./call.js";
import { invalidParam } from "./errors.js";
import { type Route, adminRoute } from "./router.js";
import { sortRows } from "./sort.js";
import type { User } from "./user.js";
import { lastSeenTs } from "./user.js";

export const userListRoutes: Route[] = [
  // v2 can add the deactivated accounts to the active ones, v3 can list them alone.
  adminRoute("GET", "/v2/users", (call) => list(call, call.flag("deactivated") === true ? undefined : false)),
  adminRoute("GET", "/v3/users", (call) => list(call, call.flag("deactivated"))),
];

const COLUMNS = {
  name: (user: User) => user.userId,
  displayname: (user: User) => user.displayname,
  is_guest: (user: User) => user.isGuest,
  admin: (user: User) => user.admin,
  deactivated: (user: User) => user.deactivated,
  user_type: (user: User) => user.userType,
  avatar_url: (user: User) => user.avatarUrl,
  shadow_banned: (user: User) => user.shadowBanned,
  creation_ts: (user: User) => user.creationTs,
  last_seen_ts: lastSeenTs,
  locked: (user: User) => user.locked,
};

type Column = keyof typeof COLUMNS;

const ORDERS: readonly Column[] = [
  "name",
  "displayname",
  "is_guest",
  "admin",
  "deactivated",
  "user_type",
  "avatar_url",
  "shadow_banned",
  "creation_ts",
  "last_seen_ts",
  "locked",
];

function list(call: Call, deactivated: boolean | undefined): object {
  const { users: store, mas } = call.world;
  const from = call.integer("from", 0);
  const limit = call.integer("limit", 100);
  const userId = call.text("user_id");
  const name = call.text("name", "utf-8");
  const guests = call.flag("guests") ?? true;
  if (mas && guests) throw invalidParam("The guests parameter is not supported when delegating to MAS.");
  const locked = call.flag("locked") ?? false;
  const admins = call.flag("admins");
  const orderBy = call.choice("order_by", ORDERS, "name");
  const backwards = call.backwards();
  const notUserTypes = call.query.getAll("not_user_type");

  const filter = { name, userId, guests, locked, deactivated, admins, notUserTypes };
  const { users, total } =
    orderBy === "name" ? store.page(filter, from, limit, backwards) : sorted(store.all(filter), orderBy, backwards);
  const page = orderBy === "name" ? users : users.slice(from, from + limit);
  return {
    users: page.map(userRow),
    total,
    // With limit=0 this repeats the start, for ever.
    ...(from + limit < total ? { next_token: String(from + page.length) } : {}),
  };
}

function sorted(users: User[], orderBy: Column, backwards: boolean): { users: User[]; total: number } {
  return { users: sortRows(users, COLUMNS[orderBy], (user) => user.userId, backwards), total: users.length };
}
