import { seedMedia } from "./seed-media.js";
import { seedRooms } from "./seed-rooms.js";
import { seedUsers } from "./seed-users.js";
import { DAY } from "./time.js";
import { makeDevice } from "./user.js";
import type { AccessToken, World } from "./world.js";

/** The account that tests and the demo act as. */
export function seedAdmin(world: World): AccessToken {
  const creationTs = Math.floor(world.now() / 1000) * 1000 - 2000 * DAY;
  const device = makeDevice("ADMIN", { displayName: "synadm" });
  const admin = world.addUser("admin", { admin: true, displayname: "Admin", password: "admin-password", creationTs }, [
    device,
  ]);
  return world.addToken(admin.userId, { token: "admintoken", deviceId: device.deviceId });
}

/** A small community with all that makes administrators' lives hard. The same in every run for the same clock. */
export function seedLifelike(world: World): void {
  seedUsers(world);
  seedMedia(world);
  seedRooms(world);
  seedRegistrationTokens(world);
}

function seedRegistrationTokens(world: World): void {
  const now = world.now();
  const add = (token: string, uses: number | null, pending: number, completed: number, expiry: number | null): void => {
    world.registrationTokens.set(token, {
      token,
      uses_allowed: uses,
      pending,
      completed,
      expiry_time: expiry,
    });
  };
  add("abcd", 3, 0, 1, null);
  add("pqrs", 2, 1, 0, now + 365 * DAY);
  add("unlimited", null, 0, 9, null);
  add("used-up", 1, 0, 1, null);
  add("expired", null, 0, 4, now - 30 * DAY);
  // Beyond the year 9999, where some calendars end.
  add("far.future", null, 0, 0, 999_999_999_999_999);
}
