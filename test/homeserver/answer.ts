import type { ServerResponse } from "node:http";
import type { Reply } from "./call.js";
import { toJson } from "./json.js";

/** The headers that Synapse sends with JSON. */
const JSON_HEADERS = {
  "Content-Type": "application/json",
  "Cache-Control": "no-cache, no-store, must-revalidate",
  "Access-Control-Allow-Origin": "*",
};

function encode(reply: Reply): { bytes: Buffer; headers: Record<string, string> } {
  if (Buffer.isBuffer(reply.body)) return { bytes: reply.body, headers: reply.headers };
  if (typeof reply.body === "string") {
    return { bytes: Buffer.from(reply.body), headers: { "Content-Type": "text/plain", ...reply.headers } };
  }
  return { bytes: Buffer.from(toJson(reply.body)), headers: { ...JSON_HEADERS, ...reply.headers } };
}

export function send(res: ServerResponse, reply: Reply): void {
  const { bytes, headers } = encode(reply);
  res.writeHead(reply.status, { Server: "Synapse/1.160.0", ...headers, "Content-Length": bytes.length });
  res.end(bytes);
}

/** Half of the body, then the end of the connection. */
export function sendTruncated(res: ServerResponse, reply: Reply, chunked: boolean): void {
  const { bytes, headers } = encode(reply);
  res.writeHead(reply.status, { ...headers, ...(chunked ? {} : { "Content-Length": bytes.length }) });
  res.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => res.destroy());
}

/** One byte at a time. After the body blanks go on, which JSON allows, so that it never ends. */
export function sendDripping(res: ServerResponse, reply: Reply, ms: number): void {
  const { bytes, headers } = encode(reply);
  res.writeHead(reply.status, headers);
  res.flushHeaders();
  let sent = 0;
  const timer = setInterval(() => {
    res.write(bytes.subarray(sent, sent + 1).length > 0 ? bytes.subarray(sent, sent + 1) : " ");
    sent += 1;
  }, ms);
  res.on("close", () => {
    clearInterval(timer);
  });
}
