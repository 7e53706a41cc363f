import { createSocket } from "node:dgram";
import { afterEach, describe, expect, it } from "vitest";
import { systemResolveSrv } from "../../src/api/srv.js";

let close: () => void = () => undefined;
afterEach(() => close());

/** A name server on loopback that gives this answer, or none; returns its address. */
async function nameServer(answer?: (query: Buffer) => Buffer): Promise<string> {
  const socket = createSocket("udp4");
  close = () => socket.close();
  if (answer) socket.on("message", (query, { port, address }) => socket.send(answer(query), port, address));
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return `127.0.0.1:${socket.address().port}`;
}

/** One record for whatever was asked: `a.test`, port 8448. */
function record(query: Buffer): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const target = Buffer.from("\x01a\x04test\x00", "latin1");
  const meta = [0xc0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, 6 + target.length];
  return Buffer.concat([header, question, Buffer.from([...meta, 0, 10, 0, 5, 0x21, 0x00]), target]);
}

describe("systemResolveSrv", () => {
  it("asks a name server", async () => {
    const resolve = systemResolveSrv(5000, [await nameServer(record)]);
    expect(await resolve("_matrix._tcp.x.test")).toMatchObject([
      { name: "a.test", port: 8448, priority: 10, weight: 5 },
    ]);
  });

  it("waits for dead ones no longer than it may, for all look-ups together", async () => {
    const server = await nameServer();
    const resolve = systemResolveSrv(600, [server, server.replace(/^127\.0\.0\.1/, "127.0.0.2")]);
    const began = performance.now();
    await expect(resolve("_matrix-fed._tcp.x.test")).rejects.toThrow("no answer within 0.6 s");
    await expect(resolve("_matrix._tcp.x.test")).rejects.toThrow("no answer within 0.6 s");
    expect(performance.now() - began).toBeLessThan(1500);
  });
});
