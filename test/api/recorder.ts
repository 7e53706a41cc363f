import nock from "nock";

/** A request as it went over the wire: the path still percent-encoded, the body as text. */
export interface Recorded {
  line: string;
  body: string;
  headers: Record<string, string | undefined>;
}

export const origin = "http://synapse.test";

/** Has what the client relies on, whatever it asks for. */
export const anyAnswer = {
  user_id: "@admin:x.test",
  room_id: "!lobby:x.test",
  delete_id: "AbCd",
  purge_id: "AbCd",
  redact_id: "AbCd",
  access_token: "syt_x",
  event_id: "$x",
  status: "active",
  name: "@alice:x.test",
  token: "AbCd",
  server_version: "1.160.0",
  block: true,
  id_server_unbind_result: "success",
  num_quarantined: 0,
  deleted: 0,
  total: 0,
  total_rooms: 0,
  ...Object.fromEntries(
    [
      ...["aliases", "deleted_media", "devices", "failed_to_kick_users", "joined_rooms", "local", "media", "members"],
      ...["registration_tokens", "remote", "results", "rooms", "state", "users"],
    ].map((list) => [list, []]),
  ),
};

/** Answers every request to `origin`, the last answer again and again, and keeps what was asked. */
export function record(
  ...answers: readonly (readonly [status: number, body: unknown, headers?: Record<string, string>])[]
) {
  const recorded: Recorded[] = [];
  let count = 0;
  const reply = function (this: nock.ReplyFnContext, uri: string, body: nock.Body): nock.ReplyFnResult {
    const { method = "", headers } = this.req as {
      method?: string;
      headers: Record<string, string | string[] | undefined>;
    };
    recorded.push({
      line: `${method} ${uri}`,
      body: typeof body === "string" ? body : JSON.stringify(body),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()])),
    });
    const [status, answer, answerHeaders] = answers[Math.min(count++, answers.length - 1)] ?? [200, {}];
    return [status, typeof answer === "string" ? answer : JSON.stringify(answer), answerHeaders ?? {}];
  };
  const scope = nock(origin).persist();
  for (const method of ["GET", "POST", "PUT", "DELETE"]) scope.intercept(/.*/, method).optionally().reply(reply);
  return recorded;
}
