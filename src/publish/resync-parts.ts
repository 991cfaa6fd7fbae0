import { composeResyncEvent, type ResyncStamp } from '../events/compose-resync-event.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { EntryProtector } from './snapshot-at.ts';
import type { RunPart } from './take-run.ts';

export type ResyncSources = {
  /** Whom to tell of, by rising key hash. */
  readonly entries: AsyncIterable<SnapshotEntry>;
  readonly protectorOf: (id: ConnectionId) => Promise<EntryProtector>;
  /** Resolves once every event that was committed before is on the bus. @throws publish.behind */
  readonly waitUntilPublished: () => Promise<void>;
};

/** Users told of together. */
const usersPerPart = 50;

/**
 * The present of users, as events. A change that is committed and not yet published is waited for: told earlier, its own event
 * would come after a statement with the same revision, and be ignored as not newer.
 */
export async function* resyncParts(
  { entries, protectorOf, waitUntilPublished }: ResyncSources,
  connectionId: ConnectionId,
  stamp: ResyncStamp,
): AsyncIterable<RunPart> {
  const partOf = async (group: readonly SnapshotEntry[]): Promise<RunPart | undefined> => {
    const last = group.at(-1);
    if (last === undefined) return undefined;
    await waitUntilPublished();
    const { protectEntry } = await protectorOf(connectionId);
    const events = group.flatMap((entry) => composeResyncEvent(stamp, protectEntry(entry)) ?? []);
    return { events, tenantId: stamp.tenantId, cursor: { keyHash: last.keyHash, userId: last.userId } };
  };
  let group: SnapshotEntry[] = [];
  for await (const entry of entries) {
    group.push(entry);
    if (group.length < usersPerPart) continue;
    const part = await partOf(group);
    if (part !== undefined) yield part;
    group = [];
  }
  const rest = await partOf(group);
  if (rest !== undefined) yield rest;
}
