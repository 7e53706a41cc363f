import { createHash } from "node:crypto";
import { badRequest, invalidParam } from "./errors.js";

const ROOM_ID_WITHOUT_SERVER = /^![A-Za-z0-9_-]{43}$/;
const SERVER_NAME = /^(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(:\d+)?$/;

export interface UserId {
  localpart: string;
  domain: string;
}

/** As lax as Synapse: any localpart, any domain; only the shape counts. */
export function parseUserId(userId: unknown): UserId {
  if (typeof userId !== "string" || !userId.startsWith("@")) {
    throw invalidParam("Expected UserID string to start with '@'");
  }
  const colon = userId.indexOf(":");
  if (colon < 0) throw invalidParam("Expected UserID of the form '@localname:domain'");
  return { localpart: userId.slice(1, colon), domain: userId.slice(colon + 1) };
}

export function isRoomId(text: string): boolean {
  // Since room version 12 a room ID has no server part: it is the hash of the create event.
  return text.includes(":") ? isIdOf("!", text) : ROOM_ID_WITHOUT_SERVER.test(text);
}

export function isRoomAlias(text: string): boolean {
  return isIdOf("#", text);
}

export function requireRoomId(text: string): void {
  if (!isRoomId(text)) throw badRequest(`${text} is not a legal room ID`);
}

export function domainOf(id: string): string | undefined {
  const colon = id.indexOf(":");
  return colon < 0 ? undefined : id.slice(colon + 1);
}

function isIdOf(sigil: string, text: string): boolean {
  return text.startsWith(sigil) && SERVER_NAME.test(domainOf(text) ?? "");
}

/** Makes the opaque IDs. They look random and are the same in every run, so that a failing test can be repeated. */
export class IdMaker {
  private count = 0;

  constructor(private readonly seed: string) {}

  /** `syt_...` tokens, delete IDs and media IDs are made of letters. */
  letters(length: number): string {
    return [...this.bytes(length)].map((byte) => LETTERS.charAt(byte % LETTERS.length)).join("");
  }

  capitals(length: number): string {
    return this.letters(length).toUpperCase();
  }

  /** Event IDs since room version 4, and room IDs since 12: 43 characters of URL-safe base64. */
  hash(): string {
    return this.bytes(32).toString("base64url");
  }

  hex(length: number): string {
    return this.bytes(length / 2).toString("hex");
  }

  accessToken(localpart: string): string {
    const owner = Buffer.from(localpart, "utf8").toString("base64url");
    return `syt_${owner}_${this.letters(20)}_${this.letters(6)}`;
  }

  private bytes(length: number): Buffer {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      this.count += 1;
      parts.push(hashOf(`${this.seed} ${this.count}`));
    }
    return Buffer.concat(parts).subarray(0, length);
  }
}

/** They are the same for each server of a test run, and take half of the time in which one is seeded. */
const hashes = new Map<string, Buffer>();

function hashOf(text: string): Buffer {
  const hash = hashes.get(text) ?? createHash("sha256").update(text).digest();
  hashes.set(text, hash);
  return hash;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
