/** An answer of the homeserver; a body that is not JSON is text. */
export interface Answer {
  status: number;
  body: unknown;
}

/** A Matrix client: what the users of the homeserver see and do. */
export class Client {
  constructor(
    readonly baseUrl: string,
    readonly userId: string,
    readonly token: string | undefined,
  ) {}

  /** Below `/_matrix/client/v3`, unless the path starts with `/_`. */
  async call(method: string, path: string, body?: object): Promise<Answer> {
    return this.#send(method, path.startsWith("/_") ? path : `/_matrix/client/v3${path}`, {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The same where nothing else than success will do. */
  async do(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.call(method, path, body);
    if (answer.status !== 200)
      throw new Error(`${this.userId}: ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  whoami(): Promise<Answer> {
    return this.call("GET", "/account/whoami");
  }

  async createRoom(options: object = {}): Promise<string> {
    return text(await this.do("POST", "/createRoom", options), "room_id");
  }

  join(room: string): Promise<Answer> {
    return this.call("POST", `/join/${encodeURIComponent(room)}`, {});
  }

  leave(room: string): Promise<unknown> {
    return this.do("POST", `/rooms/${encodeURIComponent(room)}/leave`, {});
  }

  /** @returns the answer to sending a message, with its `event_id` */
  trySay(room: string, content: string | object): Promise<Answer> {
    const message = typeof content === "string" ? { msgtype: "m.text", body: content } : content;
    transactions += 1;
    const path = `/rooms/${encodeURIComponent(room)}/send/m.room.message/${transactions}.${Date.now()}`;
    return this.call("PUT", path, message);
  }

  /** @returns the ID of the new message */
  async say(room: string, content: string | object): Promise<string> {
    const { status, body } = await this.trySay(room, content);
    if (status !== 200) throw new Error(`${this.userId} cannot speak in ${room}: ${JSON.stringify(body)}`);
    return text(body, "event_id");
  }

  event(room: string, eventId: string): Promise<Answer> {
    return this.call("GET", `/rooms/${encodeURIComponent(room)}/event/${encodeURIComponent(eventId)}`);
  }

  /** @returns the MXC URI */
  async upload(content: string, { name = "file.txt", type = "text/plain" } = {}): Promise<string> {
    const { status, body } = await this.#send("POST", `/_matrix/media/v3/upload?filename=${encodeURIComponent(name)}`, {
      body: content,
      type,
    });
    if (status !== 200) throw new Error(`${this.userId} cannot upload: ${JSON.stringify(body)}`);
    return text(body, "content_uri");
  }

  download(mxc: string): Promise<Answer> {
    return this.call("GET", `/_matrix/client/v1/media/download/${mxc.slice("mxc://".length)}`);
  }

  /** What is new since the beginning of time, or since a `next_batch`. */
  sync(since?: string): Promise<unknown> {
    return this.do("GET", `/sync?timeout=0${since === undefined ? "" : `&since=${encodeURIComponent(since)}`}`);
  }

  async #send(method: string, path: string, { body, type }: { body?: string; type?: string }): Promise<Answer> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
        ...(type === undefined ? {} : { "Content-Type": type }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const words = await response.text();
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json") === true;
    return { status: response.status, body: isJson ? (JSON.parse(words) as unknown) : words };
  }
}

let transactions = 0;

/** Somebody with an account, and a session in it. */
export class Person extends Client {
  constructor(
    baseUrl: string,
    userId: string,
    token: string,
    readonly password: string,
    readonly deviceId: string,
  ) {
    super(baseUrl, userId, token);
  }

  get localpart(): string {
    return this.userId.slice(1, this.userId.indexOf(":"));
  }

  /** Another session of the same account. */
  async again(device?: { id?: string; name?: string }): Promise<Person> {
    return person(this.baseUrl, this.userId, this.password, device);
  }
}

/** Logs in, and expects it to work. */
export async function person(
  baseUrl: string,
  userId: string,
  password: string,
  device: { id?: string; name?: string } = {},
): Promise<Person> {
  const { status, body } = await tryLogin(baseUrl, userId, password, device);
  if (status !== 200) throw new Error(`${userId} cannot log in: ${JSON.stringify(body)}`);
  return new Person(baseUrl, userId, text(body, "access_token"), password, text(body, "device_id"));
}

/** Logs in with a password, or fails to. */
export function tryLogin(
  baseUrl: string,
  user: string,
  password: string,
  { id, name }: { id?: string; name?: string } = {},
): Promise<Answer> {
  return new Client(baseUrl, user, undefined).call("POST", "/login", {
    type: "m.login.password",
    identifier: { type: "m.id.user", user },
    password,
    ...(id === undefined ? {} : { device_id: id }),
    ...(name === undefined ? {} : { initial_device_display_name: name }),
  });
}

/** What stands at a place within JSON; undefined if there is nothing. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner instanceof Object ? Reflect.get(inner, key) : undefined), value);
}

/** The same for text that must be there. */
export function text(value: unknown, ...keys: readonly (string | number)[]): string {
  const found = at(value, ...keys);
  if (typeof found !== "string") throw new Error(`no text at ${keys.join(".")} in ${JSON.stringify(value)}`);
  return found;
}

/** The same for a list. */
export function list(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...keys);
  if (!Array.isArray(found)) throw new Error(`no list at ${keys.join(".")} in ${JSON.stringify(value)}`);
  return found;
}

/** The same for an object, which is empty if it is not there. */
export function record(value: unknown, ...keys: readonly (string | number)[]): Readonly<Record<string, unknown>> {
  const found = at(value, ...keys);
  return found instanceof Object ? (found as Record<string, unknown>) : {};
}
