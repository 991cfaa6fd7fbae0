import type { CanonicalUser } from '../model/canonical-user.ts';
import type { ChangeType, UserDiff } from '../model/change.ts';
import { type Instant, readInstant } from '../model/instant.ts';
import type { ConnectionChange, LogBatch, SweepStamp, Transition, UserChange } from '../model/log-batch.ts';
import { eventIdOf } from './event-id.ts';
import { type ConnectionEvent, type FeedEvent, schemaVersion, type UserEvent } from './feed-event.ts';
import { truncateEvent } from './truncate-event.ts';

const userEventType = {
  created: 'user.created',
  updated: 'user.updated',
  status_changed: 'user.status_changed',
  deleted: 'user.deleted',
} as const satisfies Record<ChangeType, UserEvent['type']>;

/** The events of a log batch by rising sequence. The same batch always yields the same events. */
export function composeEvents(batch: LogBatch): readonly FeedEvent[] {
  const { sweep } = batch;
  if (sweep === undefined) return [];
  const events: FeedEvent[] = [];
  for (const { entry, change } of batch.transitions)
    if (change !== undefined) events.push(truncateEvent(userEvent(batch, sweep, entry, change)));
  for (const change of batch.connectionChanges) events.push(connectionEvent(batch, sweep, change));
  return events.sort((a, b) => a.metadata.sequence - b.metadata.sequence);
}

function userEvent(batch: LogBatch, sweep: SweepStamp, entry: Transition['entry'], change: UserChange): UserEvent {
  const { origin, reason, window, diff, restored } = change;
  const occurredAt = occurredWithin(entry.user, change);
  return {
    type: userEventType[change.type],
    metadata: {
      ...commonMetadata(batch, sweep, change.sequence),
      origin,
      userId: entry.userId,
      revision: entry.revision,
      observedAt: entry.observedAt,
      ...(occurredAt !== undefined && { occurredAt }),
      window: { ...window },
      reason: 'evidence' in reason ? { code: reason.code, evidence: { ...reason.evidence } } : { code: reason.code },
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

function connectionEvent(batch: LogBatch, sweep: SweepStamp, change: ConnectionChange): ConnectionEvent {
  return {
    type: `connection.${change.type}`,
    metadata: {
      ...commonMetadata(batch, sweep, change.sequence),
      origin: change.type === 'baseline_completed' ? 'baseline' : 'live',
      observedAt: batch.committedAt,
    },
    data: { users: sweep.usersSeen },
  };
}

function commonMetadata(batch: LogBatch, sweep: SweepStamp, sequence: number) {
  return {
    eventId: eventIdOf(batch.connectionId, batch.epoch, sequence),
    schemaVersion,
    connectionId: batch.connectionId,
    tenantId: batch.tenantId,
    vendor: batch.vendor,
    mappingVersion: batch.mappingVersion,
    epoch: batch.epoch,
    sequence,
    sweep: { ...sweep },
  };
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
