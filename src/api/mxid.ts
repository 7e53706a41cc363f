import { InvalidValueError } from "./errors.js";

/** All printable ASCII but the colon: what old accounts are made of. New ones have `a-z0-9._=-/+`. */
const localpartPattern = /^[!-9;-~]+$/;
/** Host name, IPv4 or IPv6 address, with or without a port. */
const serverNamePattern = /^([\w.-]+|\[[\d.:A-Fa-f]+\])(:\d{1,5})?$/;
/** White space and controls. Here and elsewhere as ranges: a property such as `\p{Cc}` costs every start 1 ms. */
const blank = /\s|[^!-~\xa0-\u{10ffff}]/u;
const maxBytes = 255;

/** Whether `text` is a server name, such as `example.org`, `example.org:8448` or `[::1]:8448`. */
export function isServerName(text: string): boolean {
  return serverNamePattern.test(text);
}

/**
 * Whether `text` is a full Matrix ID: `@localpart:server`. What servers let in by federation is in any script.
 *
 * @see https://spec.matrix.org/latest/appendices/#historical-user-ids
 */
export function isUserId(text: string): boolean {
  const { sigil, localpart, serverName } = parts(text);
  return sigil === "@" && isOpaque(localpart) && isServerName(serverName ?? "") && fits(text);
}

/** Whether `text` is a room ID. Those of room version 12 have no server part. */
export function isRoomId(text: string): boolean {
  const { sigil, localpart, serverName } = parts(text);
  return sigil === "!" && isOpaque(localpart) && (serverName === undefined || isServerName(serverName)) && fits(text);
}

/** Whether `text` is a room alias: `#name:server`, the name in any script. */
export function isRoomAlias(text: string): boolean {
  const { sigil, localpart, serverName } = parts(text);
  return sigil === "#" && isOpaque(localpart) && isServerName(serverName ?? "") && fits(text);
}

/**
 * Whether {@link userId} has to be told the name of the server.
 *
 * @throws InvalidValueError when `text` is neither a full Matrix ID nor a localpart
 */
export function needsServerName(text: string): boolean {
  return localpartOf(text) !== undefined;
}

/**
 * The full Matrix ID of what a person typed: `alice`, `@alice` or `@alice:example.org`.
 *
 * @param serverName for a localpart
 * @throws InvalidValueError when `text` is none of them, or the ID would be too long
 */
export function userId(text: string, serverName: string): string {
  const localpart = localpartOf(text);
  if (localpart === undefined) return text;
  if (!isServerName(serverName)) throw new InvalidValueError(`${quote(serverName)} is no server name`);
  const id = `@${localpart}:${serverName}`;
  if (!fits(id)) throw new InvalidValueError(`${quote(id)} is longer than ${maxBytes} bytes`);
  return id;
}

/** `undefined` for a full Matrix ID. */
function localpartOf(text: string): string | undefined {
  if (isUserId(text)) return undefined;
  // The original took `alice:` for a localpart, too: what is left of an ID that is being typed.
  const localpart = text.replace(/^@/, "").replace(/:$/, "");
  const bare = !text.startsWith("@");
  if (localpartPattern.test(localpart) && !(bare && /^[!#$]/.test(text))) return localpart;
  throw new InvalidValueError(`${quote(text)} ${whyNoUser(text)}`);
}

function whyNoUser(text: string): string {
  if (text === "") return "is no user: it is empty";
  if (blank.test(text)) return "is no user: it holds a blank or a control character";
  if (text.startsWith("!")) return "looks like a room ID, not like a user";
  if (text.startsWith("#")) return "looks like a room alias, not like a user";
  if (!fits(text)) return `is no user: it is longer than ${maxBytes} bytes`;
  if (text.startsWith("@:")) return "is no user: there is no localpart between its @ and the colon";
  if (isUserId(`@${text}`)) return `is no user: a full Matrix ID starts with @, as @${text}`;
  return "is no user: give a full Matrix ID, such as @alice:example.org, or its localpart";
}

export interface MediaId {
  /** Where the file comes from; only an MXC URI says it. */
  serverName?: string | undefined;
  mediaId: string;
}

/**
 * Reads a media ID or an MXC URI, `mxc://server/id`.
 *
 * @throws InvalidValueError when `text` is neither
 */
export function mediaId(text: string): MediaId {
  const uri = /^mxc:\/\/([^/]*)\/(.*)$/s.exec(text);
  const [, serverName, id = text] = uri ?? [];
  if (!/^[^/:?#]+$/.test(id) || blank.test(id) || (serverName !== undefined && !isServerName(serverName))) {
    throw new InvalidValueError(
      `${quote(text)} is no media: give a media ID, or a URI such as mxc://example.org/AbCdEf`,
    );
  }
  return { serverName, mediaId: id };
}

/** A localpart never holds a colon; a server name may. */
function parts(id: string): { sigil: string; localpart: string; serverName: string | undefined } {
  const colon = id.indexOf(":");
  const end = colon < 0 ? id.length : colon;
  return {
    sigil: id.slice(0, 1),
    localpart: id.slice(1, end),
    serverName: colon < 0 ? undefined : id.slice(colon + 1),
  };
}

function isOpaque(text: string): boolean {
  return text !== "" && !blank.test(text);
}

function fits(text: string): boolean {
  return new TextEncoder().encode(text).length <= maxBytes;
}

/** Shows a line break as `\n`. */
function quote(text: string): string {
  return JSON.stringify(text);
}
