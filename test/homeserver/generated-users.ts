import { DAY } from "./time.js";
import { type User, makeDevice, makeUser } from "./user.js";

const FIRST_NAMES = ["Ada", "Ben", "Chloé", "Dmitri", "Elif", "Farid", "Grażyna", "Hana", "Ivo", "Jun"];
const LAST_NAMES = ["Abel", "Braun", "Costa", "Dvořák", "Eriksen", "Fischer", "Gómez"];

/**
 * Any number of users that exist only as their index: `@user000000:...`, `@user000001:...`. Equal index, equal user.
 * The digits have a fixed width, so that the order of the IDs is the order of the indexes.
 */
export class GeneratedUsers {
  private readonly width: number;
  private readonly pattern: RegExp;

  constructor(
    readonly count: number,
    private readonly serverName: string,
    private readonly startTs: number,
  ) {
    this.width = Math.max(6, String(Math.max(count - 1, 0)).length);
    this.pattern = new RegExp(`^@user(\\d{${this.width}}):(.*)$`, "s");
  }

  userId(index: number): string {
    return `@user${String(index).padStart(this.width, "0")}:${this.serverName}`;
  }

  indexOf(userId: string): number | undefined {
    const match = this.pattern.exec(userId);
    const index = Number(match?.[1]);
    return match !== null && match[2] === this.serverName && index < this.count ? index : undefined;
  }

  /** How many generated IDs come before this one in the order of the IDs. */
  countBefore(userId: string): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.userId(middle) < userId) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  displayname(index: number): string {
    const first = FIRST_NAMES[index % FIRST_NAMES.length];
    const last = LAST_NAMES[index % LAST_NAMES.length];
    return `${first} ${last} ${index}`;
  }

  /** The user as a fresh object: changing it changes nothing until it is stored. */
  make(index: number): User {
    const lastSeenTs = this.startTs - ((index * 7919) % 400) * DAY - index;
    const device = makeDevice(`GEN${String(index).padStart(7, "0")}`, {
      displayName: "Element",
      lastSeenTs,
      lastSeenIp: `198.51.100.${index % 256}`,
      lastSeenUserAgent: "Mozilla/5.0",
    });
    const user = makeUser(this.userId(index), this.startTs - 500 * DAY - (this.count - index) * 1000, {
      displayname: this.displayname(index),
      password: `password${index}`,
    });
    user.devices.set(device.deviceId, device);
    return user;
  }
}
