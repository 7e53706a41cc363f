export interface SrvRecord {
  name: string;
  port: number;
  priority: number;
  weight: number;
}

export type ResolveSrv = (name: string) => Promise<readonly SrvRecord[]>;

/**
 * The system's name servers, which left to themselves are waited for a minute where they are dead.
 *
 * @param timeoutMs for all look-ups together
 * @param servers instead of the system's, with a port: `127.0.0.1:5353`
 */
export function systemResolveSrv(timeoutMs: number, servers?: readonly string[]): ResolveSrv {
  let leftMs = timeoutMs;
  return async (name) => {
    const { CANCELLED, Resolver } = await import("node:dns/promises");
    const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 4), tries: 2 }); // a lost packet, or one dead server
    if (servers !== undefined) resolver.setServers(servers);
    const began = performance.now();
    const timer = setTimeout(() => resolver.cancel(), leftMs);
    try {
      return await resolver.resolveSrv(name);
    } catch (error) {
      const isLate = error instanceof Error && "code" in error && error.code === CANCELLED;
      throw isLate ? new Error(`no answer within ${timeoutMs / 1000} s`) : error;
    } finally {
      clearTimeout(timer);
      leftMs -= performance.now() - began;
    }
  };
}
