import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { startHomeserver, type Homeserver } from "../homeserver/index.js";
import { bodyOf, later, listen } from "./servers.js";
import { hostile } from "./values.js";

export interface Poisoned {
  baseUrl: string;
  homeserver: Homeserver;
  /** The last answer that was sent. */
  last: () => string;
}

/**
 * A homeserver where every text in every answer, each name of a field and each error ends in {@link hostile}. What comes
 * back in later requests is cleaned, so that commands of several steps get to their end.
 */
export async function poisonedHomeserver(): Promise<Poisoned> {
  const homeserver = await startHomeserver({ jobMs: 1 });
  later(() => homeserver.close());
  let last = "";
  const forward = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request);
    const { status, text } = await passOn(homeserver.baseUrl, request, clean(body));
    last = poisonedText(text);
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(last);
  };
  const server = createServer((request, response) => void forward(request, response));
  return { baseUrl: `http://127.0.0.1:${await listen(server)}`, homeserver, last: () => last };
}

function passOn(baseUrl: string, { method, url = "", headers }: IncomingMessage, body: string) {
  const { authorization = "" } = headers;
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const passed = ask(baseUrl + clean(url), { method, headers: { authorization } }, (answer) => {
      bodyOf(answer).then((text) => resolve({ status: answer.statusCode ?? 500, text }), reject);
    });
    passed.on("error", reject).end(body);
  });
}

const spellings = [
  hostile,
  JSON.stringify(hostile).slice(1, -1),
  encodeURIComponent(hostile),
  encodeURIComponent(hostile).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`),
  new URLSearchParams({ "": hostile }).toString().slice(1),
];

function clean(text: string): string {
  return spellings.reduce((rest, spelling) => rest.replaceAll(spelling, ""), text);
}

function poisonedText(text: string): string {
  try {
    return JSON.stringify(poison(JSON.parse(text)));
  } catch {
    return text + hostile;
  }
}

/** Where it would not be a name any more, or not an ID, the command could not go on. */
const spared = new Set(["room_id", "user_id", "name", "delete_id", "purge_id", "redact_id", "event_id", "next_batch"]);

function poison(value: unknown, key = ""): unknown {
  if (typeof value === "string")
    return spared.has(key) && /^[@!$#]|^[A-Za-z]{16,}$/.test(value) ? value : value + hostile;
  if (Array.isArray(value)) return value.map((item) => poison(item));
  if (typeof value !== "object" || value === null) return value;
  return {
    ...Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, poison(inner, name)])),
    [hostile]: { [hostile]: [hostile] },
  };
}
