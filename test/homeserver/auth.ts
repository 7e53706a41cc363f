import type { CallParts } from "./call.js";
import { MatrixError, forbidden } from "./errors.js";
import type { AccessToken, World } from "./world.js";

/** Finds whose request this is, notes that they were seen, and refuses those who may not come in. */
export function authenticate(parts: CallParts, options: { lockedMayCome: boolean }): AccessToken {
  const { world } = parts;
  const accessToken = world.tokens.get(tokenOf(parts));
  if (accessToken === undefined) throw unknownToken("Invalid access token passed.", false);
  if (accessToken.validUntilMs !== null && accessToken.validUntilMs < world.now()) {
    throw unknownToken("Access token has expired", true);
  }
  if (world.users.get(accessToken.userId)?.locked === true && !options.lockedMayCome) throw userLocked();
  noteSeen(parts, accessToken);
  return accessToken;
}

export function requireAdmin(world: World, accessToken: AccessToken): void {
  if (world.users.get(accessToken.userId)?.admin !== true) throw forbidden("You are not a server admin");
}

export function userLocked(): MatrixError {
  return new MatrixError(401, "M_USER_LOCKED", "User account has been locked", { soft_logout: true });
}

function unknownToken(message: string, softLogout: boolean): MatrixError {
  return new MatrixError(401, "M_UNKNOWN_TOKEN", message, { soft_logout: softLogout });
}

function tokenOf({ headers, query }: CallParts): string {
  const fromQuery = query.get("access_token");
  if (headers.authorization === undefined) {
    if (fromQuery !== null) return fromQuery;
    throw new MatrixError(401, "M_MISSING_TOKEN", "Missing access token");
  }
  const [scheme, token, ...more] = headers.authorization.split(" ");
  if (fromQuery !== null || scheme !== "Bearer" || token === undefined || more.length > 0) {
    const mixed = "Mixing Authorization headers and access_token query parameters.";
    throw new MatrixError(401, "M_MISSING_TOKEN", fromQuery === null ? "Invalid Authorization header." : mixed);
  }
  return token;
}

function noteSeen({ world, headers, remoteAddress }: CallParts, accessToken: AccessToken): void {
  // Admins who act as somebody leave no trace on that user.
  if (accessToken.deviceId === null) return;
  const user = world.users.edit(accessToken.userId);
  const device = user?.devices.get(accessToken.deviceId);
  if (user === undefined || device === undefined) return;
  const forwarded = headers["x-forwarded-for"];
  const ip = (typeof forwarded === "string" ? forwarded.split(",")[0]?.trim() : undefined) ?? remoteAddress;
  const userAgent = headers["user-agent"] ?? "";
  const now = world.now();
  device.lastSeenTs = now;
  device.lastSeenIp = ip;
  device.lastSeenUserAgent = userAgent;
  const known = user.connections.find((one) => one.ip === ip && one.user_agent === userAgent);
  if (known) known.last_seen = now;
  else user.connections.push({ ip, last_seen: now, user_agent: userAgent });
}
