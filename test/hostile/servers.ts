import { createServer, type RequestListener, type Server } from "node:http";
import type { Server as NetServer } from "node:net";

const closing: (() => unknown)[] = [];

/** Something to undo when the test ends. */
export function later(undo: () => unknown): void {
  closing.push(undo);
}

export async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** Listens on loopback until the end of the test; returns the port. */
export async function listen(server: Server | NetServer): Promise<number> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  later(() => {
    if ("closeAllConnections" in server) server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A homeserver that gives the same answer to everything; returns its URL. */
export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** One that says this, whatever it is asked. */
export function serveText(text: string, status = 200): Promise<string> {
  return serve((_request, response) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(text);
  });
}

/** The whole body of a request. */
export async function bodyOf(request: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
