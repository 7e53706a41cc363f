import type { RoomDeletionOptions, RoomShutdown, SynapseAdmin } from "../../api/index.js";
import { Option } from "../command.js";
import { exitCodes, PartialFailure } from "../errors.js";
import { isList, isRecord } from "../../output/data.js";

/** What `delete` and `purge-empty` have in common. */
export interface HowToDelete {
  purge: boolean;
  forcePurge?: boolean;
  v1?: boolean;
}

/** An answer of version 2, or of version 1. */
export type Deleted = { delete_id: string } | RoomShutdown;

export const noPurge = () =>
  new Option("--no-purge", "keep the room and its history in the database: only take the local members out of it");

export const forcePurge = () =>
  new Option(
    "--force-purge",
    "erase the room even if local members could not be made to leave; their clients may get confused, so try it without first",
  );

export const v1 = () =>
  new Option(
    "--v1",
    "wait until it is done, which takes minutes for a large room (first version of the API); otherwise the server works in the background",
  );

export function deleteRoom(
  { roomDeletion }: SynapseAdmin,
  roomId: string,
  useV1: boolean | undefined,
  options: RoomDeletionOptions,
): Promise<Deleted> {
  return useV1 === true ? roomDeletion.run(roomId, options) : roomDeletion.start(roomId, options);
}

/** Where a deletion that goes on in the background can be looked at. */
export const statusHint = "the server deletes in the background; how far it is: synadm room delete-status -d DELETE_ID";

/**
 * Names who is still there, which the server counts as done.
 *
 * @throws PartialFailure if there is anybody
 */
export function failIfKept(room: string, deleted: object | null | undefined): void {
  const listed = isRecord(deleted) ? deleted["failed_to_kick_users"] : undefined;
  const kept = isList(listed) ? listed.filter((user) => typeof user === "string") : [];
  if (kept.length > 0)
    throw new PartialFailure(`these could not be made to leave ${room}: ${kept.join(", ")}`, exitCodes.partly);
}
