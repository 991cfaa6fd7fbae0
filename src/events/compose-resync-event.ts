import type { Instant } from '../model/instant.ts';
import type { SweepStamp } from '../model/log-batch.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import { resyncIdOf } from './event-id.ts';
import { schemaVersion, type UserEvent } from './feed-event.ts';
import { thinEvent } from './thin-event.ts';
import { truncateEvent } from './truncate-event.ts';

/** What all events of one resync have in common: the connection as it stands, and which run tells. */
export type ResyncStamp = {
  readonly connectionId: string;
  readonly tenantId: string;
  readonly vendor: string;
  readonly mappingVersion: number;
  readonly epoch: number;
  /** The last one of the connection: a resync uses up none. */
  readonly sequence: number;
  /** The sweep that last proved the list complete. */
  readonly sweep: SweepStamp;
  readonly runId: string;
  /** Deletions from before belong to another directory. */
  readonly directorySince?: Instant | undefined;
  readonly payload?: 'thin' | 'full';
};

/**
 * What a user is at present, as an event that consumers apply like any other: whoever is there is `user.created`, as in a
 * baseline, and whose deletion was told is `user.deleted`. Undefined for whoever left in silence: that he is gone was never
 * concluded, and is not now. The same entry and stamp always yield the same event.
 */
export function composeResyncEvent(stamp: ResyncStamp, entry: SnapshotEntry): UserEvent | undefined {
  const isThere = entry.presence === 'live';
  if (!isThere && !isDeletionOf(stamp, entry)) return undefined;
  const { connectionId, tenantId, vendor, mappingVersion, epoch, sequence, sweep, runId } = stamp;
  const { userId, revision, user, observedAt } = entry;
  const event: UserEvent = {
    type: isThere ? 'user.created' : 'user.deleted',
    metadata: {
      eventId: resyncIdOf({ connectionId, epoch, userId, revision, runId }),
      schemaVersion,
      connectionId,
      tenantId,
      vendor,
      mappingVersion,
      epoch,
      sequence,
      sweep: { ...sweep },
      origin: 'resync',
      userId,
      revision,
      observedAt,
      window: { notAfter: observedAt },
      reason: { code: 'resync' },
    },
    data: {
      user: user as object as UserEvent['data']['user'],
      changedFields: [],
      changes: [],
      status: isThere ? presentStatus(entry) : { ...lastStatus(entry), to: 'deleted' },
    },
  };
  return truncateEvent(stamp.payload === 'thin' ? thinEvent(event) : event);
}

function isDeletionOf({ directorySince }: ResyncStamp, { deletedAt }: SnapshotEntry): boolean {
  return deletedAt !== undefined && (directorySince === undefined || deletedAt >= directorySince);
}

function presentStatus({ user: { status, rawStatus } }: SnapshotEntry) {
  return { to: status, ...(rawStatus !== undefined && { rawTo: rawStatus }) };
}

/** A vendor that lists somebody as deleted has shown no other status since. */
function lastStatus({ user: { status } }: SnapshotEntry) {
  return status === 'deleted' ? {} : { from: status };
}
