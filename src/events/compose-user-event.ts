import type { CanonicalUser } from '../model/canonical-user.ts';
import type { ChangeType, UserDiff } from '../model/change.ts';
import { type Instant, readInstant } from '../model/instant.ts';
import type { LogBatch, SweepStamp, UserChange } from '../model/log-batch.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import { eventMetadata } from './event-metadata.ts';
import type { UserEvent } from './feed-event.ts';

const userEventType = {
  created: 'user.created',
  updated: 'user.updated',
  status_changed: 'user.status_changed',
  deleted: 'user.deleted',
} as const satisfies Record<ChangeType, UserEvent['type']>;

/** The event of a change of one user, with every value. */
export function composeUserEvent(
  batch: LogBatch,
  sweep: SweepStamp,
  { entry, change }: { readonly entry: SnapshotEntry; readonly change: UserChange },
): UserEvent {
  const { origin, window, diff, restored } = change;
  const occurredAt = occurredWithin(entry.user, change);
  return {
    type: userEventType[change.type],
    metadata: {
      ...eventMetadata(batch, change.sequence),
      sweep: { ...sweep },
      origin,
      userId: entry.userId,
      revision: entry.revision,
      observedAt: entry.observedAt,
      ...(occurredAt !== undefined && { occurredAt }),
      window: { ...window },
      reason: reasonOf(change),
    },
    data: {
      user: plain(entry.user),
      ...(diff !== undefined && change.type !== 'created' && { before: plain(diff.before) }),
      changedFields: [...(diff?.changedFields ?? [])],
      changes: changesOf(entry.user, diff),
      ...(diff?.status && { status: { ...diff.status } }),
      ...(restored && { restored }),
    },
  };
}

function reasonOf({ reason, releasedFrom }: UserChange): UserEvent['metadata']['reason'] {
  const evidence = {
    ...('evidence' in reason && reason.evidence),
    ...(releasedFrom !== undefined && { releasedFrom }),
  };
  return { code: reason.code, ...(Object.keys(evidence).length > 0 && { evidence }) };
}

/** When the change happened, where the vendor says so and the window allows it. */
function occurredWithin(user: CanonicalUser, { type, window }: UserChange): Instant | undefined {
  const said = type === 'created' ? user.createdAt : type === 'status_changed' ? user.statusChangedAt : undefined;
  const at = readInstant(said);
  if (at === undefined || at > window.notAfter) return undefined;
  return window.notBefore !== undefined && at >= window.notBefore ? at : undefined;
}

function changesOf(user: CanonicalUser, diff: UserDiff | undefined): UserEvent['data']['changes'] {
  return (diff?.changedFields ?? []).map((field) => {
    const from = valueAt(diff?.before ?? {}, field);
    const to = valueAt(user, field);
    const op = from === undefined ? 'add' : to === undefined ? 'remove' : 'replace';
    return { field, op, ...(from !== undefined && { from }), ...(to !== undefined && { to }) } as const;
  });
}

function valueAt(holder: object, path: string): never | undefined {
  const [field = '', attribute] = path.split(/\.(.*)/s);
  const value = ownValue(holder, field);
  return (attribute === undefined ? value : ownValue(value, attribute)) as never;
}

function ownValue(holder: unknown, name: string): unknown {
  const isHeld = typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name);
  return isHeld ? (holder as Record<string, unknown>)[name] : undefined;
}

/** The same value for the schema's types, which know no `readonly`. */
function plain<T>(value: object): T {
  return value as T;
}
