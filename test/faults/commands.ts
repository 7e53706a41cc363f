/** A working command line; what else it needs to know is in {@link prepare}. */
export interface Line {
  argv: readonly string[];
  stdin?: string;
}

/** In every secret that a command line holds, so that it is recognized wherever it turns up. */
export const mark = "s3cret";

/** IDs of jobs that `prepare` starts. */
export const jobs = { deletion: "DELETION", purge: "PURGE", redaction: "REDACTION" } as const;

/** Where the lines with files and standard input find their text. */
const notice = new URL("answers.ts", import.meta.url).pathname;
const lobby = "!lobby:example.test";
/** The deletion in {@link jobs} is another room's: only one can be under way. */
const crypt = "!crypt:example.test";

/** Every command, with a line for each kind of request that it sends. */
const table: Readonly<Record<string, readonly (readonly string[] | { args: readonly string[]; stdin: string })[]>> = {
  "user list": [[], ["--all", "--limit", "9"], ["--guests", "--name", "a"]],
  "user search": [["ali"], ["--all", "--limit", "2", "a"]],
  "user details": [["alice"]],
  "user whois": [["alice"]],
  "user 3pid": [["alice@mail.test"]],
  "user auth-provider": [["--provider", "oidc", "ext-1"]],
  "user membership": [["alice"], ["--ids", "alice"]],
  "user media": [["alice"], ["--all", "--limit", "2", "alice"]],
  "user modify": [
    ["--display-name", "Alice", "alice"],
    ["--password", `${mark}-new`, "newcomer"],
    { args: ["--password-stdin", "--no-logout", "alice"], stdin: `${mark}-new\n` },
  ],
  "user password": [
    ["--password", `${mark}-new`, "alice"],
    { args: ["--password-stdin", "--no-logout", "alice"], stdin: `${mark}-new\n` },
  ],
  "user login": [["alice"]],
  "user prune-devices": [["alice"], ["--list-only", "alice"]],
  "user shadow-ban": [["alice"], ["--unban", "carol"]],
  "user suspend": [["alice"], ["--unsuspend", "frank"]],
  "user redact": [["alice"], ["--room", "#lobby:example.test", "--reason", "spam", "alice"]],
  "user redact-status": [[jobs.redaction]],
  "user deactivate": [["alice"]],
  "user deactivate-regex": [
    ["@spam[0-9]:"],
    ["--batch-size", "5", "@spam[0-9]:"],
    ["--dry-run", "@spam[0-9]:"],
    ["@(spam1|judy|admin):"],
    ["--include-admins", "@(judy|bob):"],
  ],
  "room list": [[], ["--all", "--limit", "3"], ["--name", "lobby", "--empty"]],
  "room search": [["lobby"], ["--all", "--limit", "1", "e"]],
  "room details": [[lobby], ["#lobby:example.test"]],
  "room members": [[lobby]],
  "room state": [[lobby]],
  "room resolve": [["#lobby:example.test"], ["--reverse", lobby], ["--reverse", "#lobby:example.test"]],
  "room power-levels": [[], ["--all", "--limit", "4"], ["--room-id", "#lobby:example.test"], ["--all-details"]],
  "room join": [["#lobby:example.test", "heidi"]],
  "room make-admin": [[lobby], ["--user-id", "alice", "#lobby:example.test"]],
  "room block": [[lobby], ["--unblock", "#lobby:example.test"]],
  "room block-status": [[lobby]],
  "room delete": [
    [crypt],
    ["--v1", "#lobby:example.test"],
    ["--new-room-user-id", "notices", "--message", "Moved", "--block", crypt],
  ],
  "room delete-status": [
    ["--delete-id", jobs.deletion],
    ["--room-id", lobby],
  ],
  "room purge-empty": [[], ["--v1", "--batch-size", "2"], ["--dry-run"]],
  "media list": [
    ["--room-id", "#lobby:example.test"],
    ["--user-id", "alice"],
    ["--user-id", "alice", "--all", "--limit", "2"],
  ],
  "media quarantine": [
    ["--media-id", "abcdefgh"],
    ["--room-id", "#lobby:example.test"],
    ["--user-id", "alice"],
    ["--mxc-uri", "mxc://remote.test/xyz"],
  ],
  "media unquarantine": [["--media-id", "zyxwvut"]],
  "media protect": [["abcdefgh"]],
  "media delete": [
    ["--media-id", "abcdefgh"],
    ["--before-days", "1", "--size", "1"],
  ],
  "media purge": [["--before-days", "1"]],
  "history purge": [
    ["--before-days", "1", lobby],
    ["--before", "2d", "#lobby:example.test"],
  ],
  "history purge-status": [[jobs.purge]],
  "regtok list": [[], ["--valid"]],
  "regtok details": [[`${mark}.known`]],
  "regtok new": [[], ["--token", `${mark}.new`, "--uses-allowed", "1"]],
  "regtok update": [["--uses-allowed", "2", `${mark}.known`]],
  "regtok delete": [[`${mark}.known`]],
  "notice send": [
    ["alice", "Hello"],
    ["--from-file", "alice", notice],
    ["--regex", "@spam[0-9]:", "Hello"],
    ["--silent", "--regex", "--batch-size", "5", "@spam[0-9]:", "Hello"],
  ],
  "matrix login": [
    ["--password", `${mark}-old`, "known"],
    { args: ["--password-stdin", "known"], stdin: `${mark}-old\n` },
  ],
  "matrix raw": [
    ["client/v3/account/whoami"],
    ["--token", `${mark}-other`, "client/v3/account/whoami"],
    ["--method", "post", "--token", `${mark}-other`, "client/v3/createRoom"],
  ],
  "group delete": [["+friends:example.test"]],
  version: [[]],
  raw: [
    ["v2/users?limit=2"],
    ["--method", "put", "--data", `{"password": "${mark}-new"}`, "v2/users/%40alice%3Aexample.test"],
    { args: ["--method", "post", "--data-file", "-", "v1/registration_tokens/new"], stdin: `{"token": "${mark}.raw"}` },
    ["--method", "delete", `v1/registration_tokens/${mark}.known`],
  ],
};

/** Commands that send nothing. */
export const local: readonly string[] = ["config"];

export const commands: readonly string[] = [...Object.keys(table), ...local];

export const lines: readonly Line[] = Object.entries(table).flatMap(([command, variants]) =>
  variants.map((variant) => {
    const { args, stdin } = "args" in variant ? variant : { args: variant, stdin: undefined };
    return { argv: [...command.split(" "), ...args], ...(stdin === undefined ? {} : { stdin }) };
  }),
);

export function nameOf({ argv }: Line): string {
  return argv.map((word) => word.replace(/^.*\/(?=[^/]*\.ts$)/, "")).join(" ");
}
