// The configuration of the Synapse under test.

import { randomBytes } from "node:crypto";

// Tests do in a second what people do in a day.
const unlimited = { per_second: 100_000, burst_count: 100_000 };

const rateLimits = {
  rc_message: unlimited,
  rc_registration: unlimited,
  rc_registration_token_validity: unlimited,
  rc_login: { address: unlimited, account: unlimited, failed_attempts: unlimited },
  rc_admin_redaction: unlimited,
  rc_joins: { local: unlimited, remote: unlimited },
  rc_joins_per_room: unlimited,
  rc_key_requests: unlimited,
  rc_3pid_validation: unlimited,
  rc_invites: { per_room: unlimited, per_user: unlimited, per_issuer: unlimited },
  rc_third_party_invite: unlimited,
  rc_media_create: unlimited,
  rc_presence: { per_user: unlimited },
  rc_delayed_event_mgmt: unlimited,
  rc_room_creation: unlimited,
  rc_reports: unlimited,
  rc_user_directory: unlimited,
};

/** homeserver.yaml, as an object: JSON is YAML too. */
export function homeserverConfig({ serverName, dir, port, socketPath, sharedSecret }) {
  const listener = { type: "http", tls: false, resources: [{ names: ["client", "federation"] }] };
  const seed = randomBytes(32).toString("base64").replace(/=+$/, "");
  return {
    server_name: serverName,
    public_baseurl: `http://127.0.0.1:${port}/`,
    report_stats: false,
    pid_file: `${dir}/homeserver.pid`,
    log_config: `${dir}/log.yaml`,
    media_store_path: `${dir}/media`,
    signing_key: `ed25519 a_test ${seed}`,
    macaroon_secret_key: randomBytes(24).toString("hex"),
    form_secret: randomBytes(24).toString("hex"),

    listeners: [
      { ...listener, port, bind_addresses: ["127.0.0.1"] },
      { ...listener, path: socketPath },
    ],

    // In the memory of the process's own mount namespace (see enter.sh).
    database: { name: "sqlite3", args: { database: "/run/homeserver.db" } },

    // It talks to nobody.
    federation_domain_whitelist: [],
    trusted_key_servers: [],
    suppress_key_server_warning: true,

    registration_shared_secret: sharedSecret,
    // Registration tokens are of use only with registration on.
    enable_registration: true,
    registration_requires_token: true,
    // The cheapest there is: tests create users by the thousand.
    bcrypt_rounds: 4,

    server_notices: {
      system_mxid_localpart: "notices",
      system_mxid_display_name: "Server Notices",
      room_name: "Server Notices",
    },

    enable_room_list_search: true,
    allow_public_rooms_without_auth: true,
    allow_public_rooms_over_federation: true,
    alias_creation_rules: [{ action: "allow" }],
    // Synapse denies this by default.
    room_list_publication_rules: [{ action: "allow" }],

    ...rateLimits,
  };
}

export function logConfig(logFile) {
  return {
    version: 1,
    disable_existing_loggers: false,
    formatters: { plain: { format: "%(asctime)s %(levelname)s %(name)s - %(message)s" } },
    handlers: {
      file: { class: "logging.FileHandler", formatter: "plain", filename: logFile },
    },
    root: { level: "INFO", handlers: ["file"] },
  };
}
