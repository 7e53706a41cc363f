import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiRequest, path, type ApiOptions } from "../../src/api/index.js";

export const purpose = "try it";
const closing: (() => unknown)[] = [];

/** Something to undo when the test ends. */
export function later(undo: () => unknown): void {
  closing.push(undo);
}

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Listens on loopback, or on a socket, until the end of the test; returns the port. */
export async function listen(server: Server, socketPath?: string): Promise<string> {
  await new Promise<void>((resolve) => {
    if (socketPath === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(socketPath, resolve);
  });
  later(() => {
    server.closeAllConnections();
    server.close();
  });
  return String((server.address() as AddressInfo).port);
}

export interface Echo {
  line: string;
  body: string;
  headers: Record<string, string>;
}

/** Answers what it was asked. */
export const echo: RequestListener = (request, response) => {
  let body = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
  request.on("end", () => {
    const { method, url, headers } = request;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ line: `${method ?? ""} ${url ?? ""}`, body, headers }));
  });
};

/** A client that does not wait between its tries. */
export function client(baseUrl: string, options: ApiOptions = {}) {
  const clock = { now: Date.now, sleep: async () => undefined };
  const api = new ApiRequest("/api", { baseUrl, token: "s3cret", clock, ...options });
  later(() => api.connection.close());
  return { api, ask: () => api.query<Echo>("get", path`x`, { purpose }) };
}

export async function serve(listener: RequestListener, options?: ApiOptions) {
  return client(`http://127.0.0.1:${await listen(createServer(listener))}`, options);
}
