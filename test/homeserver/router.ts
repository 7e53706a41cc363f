import { authenticate, requireAdmin } from "./auth.js";
import { Call, type CallParts, Reply } from "./call.js";
import { MatrixError, internalError, unrecognized } from "./errors.js";

/** What a handler returns is the JSON body of a 200, unless it is a Reply. */
export type Handler = (call: Call) => unknown;

export interface Route {
  method: string;
  /** With `{name}` for one segment. `{client}` stands for the versions of the client-server API. */
  path: string;
  /** Who may call: anybody, holders of a token (of a locked account too), server admins. */
  for: "anybody" | "users" | "locked users" | "admins";
  handle: Handler;
  /** Not registered where a Matrix Authentication Service is in charge. */
  notWithMas?: boolean;
}

export function adminRoute(method: string, path: string, handle: Handler): Route {
  return { method, path: `/_synapse/admin${path}`, for: "admins", handle };
}

export function clientRoute(method: string, path: string, handle: Handler, who: Route["for"] = "users"): Route {
  return { method, path: `/_matrix/client/{client}${path}`, for: who, handle };
}

interface Pattern {
  regex: RegExp;
  path: string;
  methods: Map<string, Route>;
}

/** Finds the handler as Synapse does: the first pattern that fits decides, and then the method must fit too. */
export class Router {
  private readonly patterns: Pattern[] = [];

  constructor(routes: Route[], mas: boolean) {
    for (const route of routes) {
      if (mas && route.notWithMas === true) continue;
      const known = this.patterns.find((pattern) => pattern.path === route.path);
      if (known) known.methods.set(route.method, route);
      else
        this.patterns.push({ regex: compile(route.path), path: route.path, methods: new Map([[route.method, route]]) });
    }
  }

  /** The answer to a request. Never throws. */
  async answer(parts: CallParts): Promise<Reply> {
    try {
      const { route, params } = this.find(parts.method, parts.path);
      const accessToken =
        route.for === "anybody" ? undefined : authenticate(parts, { lockedMayCome: route.for === "locked users" });
      if (route.for === "admins" && accessToken) requireAdmin(parts.world, accessToken);
      const result = await route.handle(new Call(parts, params, accessToken));
      return result instanceof Reply ? result : new Reply(200, result);
    } catch (error) {
      if (error instanceof MatrixError) {
        // Outside of its APIs Synapse's web server answers by itself.
        if (error.status === 404 && !/^\/(_matrix|_synapse)\//.test(parts.path)) return noSuchResource();
        return new Reply(error.status, error.body());
      }
      // A mistake in this server. The test that meets it should see what it is.
      console.error(error);
      return new Reply(500, internalError().body());
    }
  }

  private find(method: string, path: string): { route: Route; params: Record<string, string> } {
    for (const { regex, methods } of this.patterns) {
      const match = regex.exec(path);
      if (match === null) continue;
      const route = methods.get(method === "HEAD" ? "GET" : method);
      if (route === undefined) throw unrecognized(405);
      const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decode(value)] as const);
      return { route, params: Object.fromEntries(params) };
    }
    throw unrecognized(404);
  }
}

function noSuchResource(): Reply {
  const page = `
<html>
  <head><title>404 - No Such Resource</title></head>
  <body>
    <h1>No Such Resource</h1>
    <p>Sorry. No luck finding that resource.</p>
  </body>
</html>
`;
  return new Reply(404, page, { "Content-Type": "text/html; charset=utf-8" });
}

function compile(path: string): RegExp {
  const source = path
    .replace(/[.+]/g, "\\$&")
    .replace("{client}", "(?:r0|v3|unstable)")
    .replace("{media}", "(?:r0|v1|v3)")
    .replace(/\{(\w+)\}/g, "(?<$1>[^/]*)");
  return new RegExp(`^${source}$`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
