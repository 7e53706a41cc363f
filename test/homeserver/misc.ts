import { type Call, Reply } from "./call.js";
import { notFound, unrecognized } from "./errors.js";
import { clientEvent } from "./room.js";
import { type Route, adminRoute } from "./router.js";
import { DAY } from "./time.js";

const VERSION = "1.160.0";

export const miscRoutes: Route[] = [
  // Answers without any token: it proves that the server is there, not that the token is good.
  {
    method: "GET",
    path: "/_synapse/admin/v1/server_version",
    for: "anybody",
    handle: () => ({ server_version: VERSION }),
  },
  adminRoute("GET", "/v1/event_reports", () => ({ event_reports: [], total: 0 })),
  adminRoute("GET", "/v1/fetch_event/{event_id}", fetchEvent),
  { method: "GET", path: "/_matrix/client/versions", for: "anybody", handle: versions },
  { method: "GET", path: "/_matrix/client/v1/auth_metadata", for: "anybody", handle: authMetadata },
  { method: "GET", path: "/_matrix/key/v2/server", for: "anybody", handle: serverKey },
  { method: "GET", path: "/_matrix/federation/v1/version", for: "anybody", handle: federationVersion },
  { method: "GET", path: "/.well-known/matrix/server", for: "anybody", handle: wellKnownServer },
  { method: "GET", path: "/health", for: "anybody", handle: () => new Reply(200, "OK") },
];

function versions(): object {
  const versions = ["r0.0.1", "r0.6.1", "v1.1", "v1.6", "v1.11", "v1.12"];
  return { versions, unstable_features: { "org.matrix.msc3916.stable": true } };
}

/** Only a server with a Matrix Authentication Service has this: a way to tell. */
function authMetadata({ world }: Call): object {
  if (!world.mas) throw unrecognized(404);
  const issuer = `https://auth.${world.serverName}/`;
  return { issuer, token_endpoint: `${issuer}oauth2/token`, account_management_uri: `${issuer}account` };
}

function serverKey({ world }: Call): object {
  const keyId = "ed25519:a_test";
  return {
    server_name: world.serverName,
    valid_until_ts: world.now() + DAY,
    verify_keys: { [keyId]: { key: "KmfGRrsA0ZROmowV9CdRjeBkV+yxxyaZ2GUplielfoU" } },
    old_verify_keys: {},
    signatures: { [world.serverName]: { [keyId]: "c2lnbmVk" } },
  };
}

function federationVersion(): object {
  return { server: { name: "Synapse", version: VERSION } };
}

function wellKnownServer({ world }: Call): object {
  if (world.wellKnownServer === null) return new Reply(404, "404. Is anything ever truly *well* known?\n");
  return { "m.server": world.wellKnownServer };
}

/** In the format of federation, the only one that shows the depth. */
function fetchEvent(call: Call): object {
  const event = call.world.events.get(call.param("event_id"));
  if (event === undefined) throw notFound("Event not found");
  const inFederation = { depth: event.depth, auth_events: [], prev_events: [], hashes: {}, signatures: {} };
  // Only clients get the copies of the sender and the age.
  const forClients = { user_id: undefined, age: undefined };
  return { event: { ...clientEvent(event, call.world.now()), ...inFederation, ...forClients } };
}
