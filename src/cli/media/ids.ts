import { isServerName, mediaId, type MediaId } from "../../api/mxid.js";
import type { Context } from "../context.js";
import { UsageError } from "../errors.js";

export const mediaIdHelp = "media ID, or MXC URI such as mxc://example.org/AbCdEf";

interface File {
  serverName: string;
  mediaId: string;
}

/** The media ID of a file of this server. */
export async function localMediaId(ctx: Context, text: string): Promise<string> {
  const { serverName, mediaId: id } = mediaId(text);
  if (serverName === undefined || serverName === (await ctx.serverName())) return id;
  throw new UsageError(`${text} is a file of another server; this one is ${await ctx.serverName()}`);
}

/** The file that these options name together; without a server name it is one of this server. */
export async function fileOf(
  ctx: Context,
  options: { mediaId?: string; mxcUri?: string; serverName?: string },
): Promise<File> {
  const named: MediaId[] = [];
  if (options.mediaId !== undefined) named.push(mediaId(options.mediaId));
  if (options.mxcUri !== undefined) {
    const file = mediaId(options.mxcUri);
    if (file.serverName === undefined)
      throw new UsageError(`--mxc-uri must be a URI such as mxc://example.org/AbCdEf, not '${options.mxcUri}'`);
    named.push(file);
  }
  if (options.serverName !== undefined && !isServerName(options.serverName))
    throw new UsageError(`--server-name: '${options.serverName}' is no server name`);
  const ids = new Set(named.map((file) => file.mediaId));
  const servers = new Set(
    [options.serverName, ...named.map((file) => file.serverName)].filter((name) => name !== undefined),
  );
  const [id] = ids;
  if (id === undefined || ids.size > 1 || servers.size > 1)
    throw new UsageError("--media-id, --mxc-uri and --server-name must name one and the same file");
  const [serverName] = servers;
  return { serverName: serverName ?? (await ctx.serverName()), mediaId: id };
}
