import { isUserId } from "../../api/mxid.js";
import type { UserChange } from "../../api/index.js";
import { Option } from "../command.js";
import { UsageError } from "../errors.js";
import { collectPairs, countTyped, eitherOr, type Pair } from "../options.js";
import { passwordStdinHelp, passwordTextHelp } from "./new-password.js";

export interface ModifyOptions {
  passwordPrompt?: true;
  password?: string;
  passwordStdin?: true;
  displayName?: string;
  threepid?: Pair[];
  clearThreepids?: true;
  avatarUrl?: string;
  admin?: boolean;
  active?: boolean;
  userType?: string;
  /** commander's: `--no-logout` makes it false. */
  logout: boolean;
  lock?: boolean;
}

const passwordFlags = {
  passwordPrompt: "--password-prompt",
  password: "--password",
  passwordStdin: "--password-stdin",
} as const;

const flags: Readonly<Record<keyof ModifyOptions, string>> = {
  ...passwordFlags,
  displayName: "--display-name",
  threepid: "--threepid",
  clearThreepids: "--clear-threepids",
  avatarUrl: "--avatar-url",
  admin: "--[no-]admin",
  active: "--[de]activate",
  userType: "--user-type",
  logout: "--no-logout",
  lock: "--[un]lock",
};

export function modifyOptions(): Option[] {
  return [
    new Option("-p, --password-prompt", "ask for a new password"),
    new Option("-P, --password <text>", `set this password; ${passwordTextHelp}`),
    new Option("--password-stdin", passwordStdinHelp),
    new Option("-n, --display-name <text>", "'' removes it"),
    new Option(
      "-t, --threepid <medium address>",
      "contact address: email ADDRESS, or msisdn NUMBER with the country code and digits only; may be repeated; all together replace those that the account has, and are taken from other accounts that have them",
      { pair: true },
    ).argParser(collectPairs),
    new Option("--clear-threepids", "remove all contact addresses"),
    new Option("-v, --avatar-url <mxc-uri>", "such as mxc://example.org/AbCdEf; '' removes it"),
    ...eitherOr("admin", ["-a, --admin", "make it a server admin"], ["-u, --no-admin", "take that away"]),
    ...eitherOr(
      "active",
      ["--activate", "let a deactivated account in again; it has no password then, unless one is given"],
      ["--deactivate", "deactivate it, see `user deactivate`; it must exist"],
    ),
    new Option("--user-type <type>", "bot, support, or what the server is set up for; regular is an ordinary account"),
    new Option("--no-logout", "with a new password, keep the sessions, which end otherwise"),
    ...eitherOr(
      "lock",
      ["-l, --lock", "shut the user out, but keep the sessions for later; the account must exist"],
      ["-L, --unlock", "let the user in again"],
    ),
  ];
}

/** What cannot be meant. */
export function checkModifyOptions(options: ModifyOptions): void {
  countTyped({ ...options, logout: options.logout ? undefined : false }, flags, { min: 1, max: Infinity });
  countTyped(options, passwordFlags, { min: 0, max: 1 });
  countTyped(options, { threepid: "--threepid", clearThreepids: "--clear-threepids" }, { min: 0, max: 1 });
  const { passwordPrompt, password, passwordStdin } = options;
  const hasPassword = passwordPrompt !== undefined || password !== undefined || passwordStdin !== undefined;
  if (options.active === false && hasPassword) {
    throw new UsageError("--deactivate takes the password away: it cannot be set at the same time");
  }
  if (options.avatarUrl && !options.avatarUrl.startsWith("mxc://"))
    throw new UsageError(`--avatar-url must be an mxc:// URI or empty, not '${options.avatarUrl}'`);
  for (const { first: medium, second: address } of options.threepid ?? []) {
    if (clearsThreepids(options)) continue;
    if (medium === "") throw new UsageError("--threepid: the medium is empty");
    if (address === "") throw new UsageError("--threepid: the address is empty");
    if (isUserId(address)) throw new UsageError(`--threepid: '${address}' is a Matrix ID, not an address`);
  }
}

/** @param password the one that was given or typed */
export function changeOf(options: ModifyOptions, password: string | undefined): UserChange {
  return {
    password,
    logoutDevices: options.logout ? undefined : false,
    displayname: options.displayName,
    avatarUrl: options.avatarUrl,
    threepids: clearsThreepids(options)
      ? []
      : options.threepid?.map(({ first, second }) => ({ medium: first, address: second })),
    admin: options.admin,
    deactivated: options.active === undefined ? undefined : !options.active,
    locked: options.lock,
    userType: options.userType === "regular" || options.userType === "null" ? null : options.userType,
  };
}

/** The original took a pair of nothing for that, too. */
function clearsThreepids({ clearThreepids, threepid }: ModifyOptions): boolean {
  const [only, ...others] = threepid ?? [];
  return clearThreepids === true || (only?.first === "" && only.second === "" && others.length === 0);
}

/** What will be set, for a person to read. */
export function shownChange(change: UserChange): Record<string, unknown> {
  const { password, userType, threepids, ...rest } = change;
  const shown = {
    ...rest,
    password: password === undefined ? undefined : "(a new one)",
    threepids: threepids?.length === 0 ? "(none)" : threepids,
    userType: userType === null ? "(none)" : userType,
  };
  return Object.fromEntries(
    Object.entries(shown)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [fieldNames[key] ?? key, value === "" ? "(none)" : value]),
  );
}

const fieldNames: Readonly<Record<string, string>> = {
  logoutDevices: "logout_devices",
  avatarUrl: "avatar_url",
  userType: "user_type",
};
