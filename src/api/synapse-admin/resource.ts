import type { ApiRequest } from "../request.js";

/** A topic of the admin API, and the client that sends its requests. */
export abstract class Resource {
  constructor(protected readonly request: ApiRequest) {}
}
