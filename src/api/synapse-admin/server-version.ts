import { path } from "../path.js";
import { Resource } from "./resource.js";

export interface Version {
  /** Such as `1.160.0`; may have words behind it. */
  server_version: string;
  /** Until Synapse 1.93. */
  python_version?: string;
}

/** @see https://element-hq.github.io/synapse/latest/admin_api/version_api.html */
export class ServerVersion extends Resource {
  /**
   * The version of Synapse. It is told to anybody: an answer proves nothing about the token.
   *
   * @see https://element-hq.github.io/synapse/latest/admin_api/version_api.html
   */
  get(): Promise<Version> {
    return this.request.query("get", path`v1/server_version`, {
      purpose: "get the server version",
      needs: { server_version: "" },
    });
  }
}
