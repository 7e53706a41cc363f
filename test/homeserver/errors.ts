import type { JsonObject } from "./json.js";

/** An answer that is not 2xx: `{errcode, error}` and what some errors add, such as `soft_logout`. */
export class MatrixError extends Error {
  constructor(
    readonly status: number,
    readonly errcode: string,
    message: string,
    readonly fields: JsonObject = {},
  ) {
    super(message);
  }

  body(): JsonObject {
    return { errcode: this.errcode, error: this.message, ...this.fields };
  }
}

/** Most of Synapse's validation errors carry M_UNKNOWN. */
export function badRequest(message: string, errcode = "M_UNKNOWN"): MatrixError {
  return new MatrixError(400, errcode, message);
}

export function invalidParam(message: string): MatrixError {
  return badRequest(message, "M_INVALID_PARAM");
}

export function missingParams(...names: string[]): MatrixError {
  return badRequest(`Missing params: [${names.map((name) => `'${name}'`).join(", ")}]`, "M_MISSING_PARAM");
}

export function forbidden(message: string): MatrixError {
  return new MatrixError(403, "M_FORBIDDEN", message);
}

export function notFound(message: string): MatrixError {
  return new MatrixError(404, "M_NOT_FOUND", message);
}

/** An UPDATE that hit no row: Synapse lets the database's words through. */
export function noRow(table: string): MatrixError {
  return new MatrixError(404, "M_UNKNOWN", `No row found (${table})`);
}

/** 404: no such endpoint here. 405: the endpoint exists, the method does not. */
export function unrecognized(status: 404 | 405): MatrixError {
  return new MatrixError(status, "M_UNRECOGNIZED", "Unrecognized request");
}

export function internalError(): MatrixError {
  return new MatrixError(500, "M_UNKNOWN", "Internal server error");
}
