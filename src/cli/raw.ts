import { Option, type Command } from "./command.js";
import type { Context } from "./context.js";
import { UsageError } from "./errors.js";
import { readTextFile } from "./read-text.js";

export interface RawOptions {
  method: "get" | "post" | "put" | "delete";
  data?: string;
  dataFile?: string;
}

/** What `raw` and `matrix raw` have in common. */
export function rawOptions(): Option[] {
  return [
    new Option("-m, --method <method>", "get, post, put or delete")
      .choices(["get", "post", "put", "delete"])
      .default("get"),
    new Option("-d, --data <json>", "body of the request, not empty (default: {}, and none for get)").conflicts(
      "dataFile",
    ),
    new Option("-f, --data-file <path>", "read the body from this file; - is stdin"),
  ];
}

/**
 * The body as it goes out. It is not read as JSON, so that a big number or a duplicate key arrives as it was typed.
 *
 * @throws UsageError when a change has an empty one, as from a pipe whose writer failed: Synapse would take it for `{}`
 */
export async function rawBody(ctx: Context, options: RawOptions): Promise<string | undefined> {
  const body = await givenBody(ctx, options);
  if (body?.trim() !== "") return body ?? (options.method === "get" ? undefined : "{}");
  if (options.method === "get") return undefined;
  throw new UsageError("the body is empty; for an empty object give -d '{}'");
}

async function givenBody(ctx: Context, { data, dataFile }: RawOptions): Promise<string | undefined> {
  if (data !== undefined || dataFile === undefined) return data;
  return dataFile === "-" ? ctx.readStdin() : readTextFile(dataFile, "--data-file");
}

export function register(command: Command, ctx: Context): void {
  command
    .description("Send any request to the admin API and print the answer. Nothing is asked before a change.")
    .argument(
      "<endpoint>",
      "path below the admin path, with its query string, such as 'v2/users?limit=1'; encode what needs it",
    )
    .addOptions(rawOptions())
    .action(async (endpoint: string, options: RawOptions) => {
      const body = await rawBody(ctx, options);
      const admin = await ctx.admin();
      await ctx.print(await admin.raw(options.method, endpoint, { body }));
    })
    .examples(
      "synadm raw v1/server_version",
      "synadm raw 'v2/users?limit=5&deactivated=true'",
      `synadm raw --method put --data '{"block": true}' 'v1/rooms/%21abc%3Aexample.org/block'`,
    );
}
