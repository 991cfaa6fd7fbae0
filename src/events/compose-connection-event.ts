import type { ConnectionChange, HoldNotice, LogBatch, SweepStamp } from '../model/log-batch.ts';
import { eventMetadata } from './event-metadata.ts';
import type { ConnectionEvent } from './feed-event.ts';

/** The event of a sweep about its connection. */
export function composeConnectionEvent(
  batch: LogBatch,
  sweep: SweepStamp,
  change: Exclude<ConnectionChange, { readonly type: 'removed' }>,
): ConnectionEvent {
  const metadata = {
    ...eventMetadata(batch, change.sequence),
    sweep: { ...sweep },
    origin: change.type === 'baseline_completed' ? ('baseline' as const) : ('live' as const),
    observedAt: batch.committedAt,
  };
  const users = sweep.usersSeen;
  return 'hold' in change
    ? { type: `connection.${change.type}`, metadata, data: { users, hold: holdNotice(change.hold) } }
    : { type: `connection.${change.type}`, metadata, data: { users } };
}

/** The event that a connection is no longer there, which no sweep found out. */
export function composeRemoval(batch: LogBatch, sequence: number): ConnectionEvent {
  return {
    type: 'connection.removed',
    metadata: { ...eventMetadata(batch, sequence), origin: 'live', observedAt: batch.committedAt },
    data: {},
  };
}

/** What the contract says of a hold, and nothing that a notice may hold beside it. */
function holdNotice({ holdId, kind, reason, count, fields, brake, ending }: HoldNotice) {
  return {
    holdId,
    kind,
    reason,
    count,
    ...(fields && { fields: [...fields] }),
    ...(brake && { brake: { ...brake } }),
    ...(ending && { ending }),
  };
}
