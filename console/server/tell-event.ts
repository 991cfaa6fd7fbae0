import type { FeedEvent, UserEvent } from '../../src/events/feed-event.ts';
import type { ToldChange, ToldEvent } from '../api/told-event.ts';
import { explainEvent } from './explain-event.ts';
import { isAboutUser } from './is-about-user.ts';
import { countKind, type HeldChanges, sayHoldReason } from './say-hold.ts';
import { showDifference, showValue } from './show-value.ts';

/** An event as a row of the feed. */
export function tellEvent(event: FeedEvent): ToldEvent {
  const { metadata, type } = event;
  const { connectionId, vendor, epoch, sequence, observedAt } = metadata;
  const changes = isAboutUser(event) ? changesOf(event) : [];
  return {
    key: `${connectionId}~${epoch}~${sequence}`,
    connectionId,
    vendor,
    type,
    epoch,
    sequence,
    at: observedAt,
    ...(isAboutUser(event) && { userId: event.metadata.userId }),
    who: isAboutUser(event) ? nameOf(event) : connectionId,
    what: isAboutUser(event) ? changes.map(sayChange).join(', ') : sayConnectionEvent(event),
    why: explainEvent(event)[0],
    changes,
  };
}

function nameOf({ metadata, data: { user } }: UserEvent): string {
  return user.displayName ?? user.userName ?? metadata.userId;
}

/** Of a thin event the names of the fields are known, and the status. */
function changesOf({ data: { changes, status, thin } }: UserEvent): readonly ToldChange[] {
  const fields = changes.map(({ field, from, to }) => ({ field, ...showSides(from, to) }));
  const isTold = fields.some(({ field }) => field === 'status');
  if (status === undefined || status.from === undefined || (isTold && !thin)) return fields;
  const others = fields.filter(({ field }) => field !== 'status');
  return [{ field: 'status', before: status.from, after: status.to }, ...others];
}

function showSides(from: unknown, to: unknown): Omit<ToldChange, 'field'> {
  if (from !== undefined && to !== undefined) {
    const [before, after] = showDifference(from, to);
    return { before, after };
  }
  return { ...(from !== undefined && { before: showValue(from) }), ...(to !== undefined && { after: showValue(to) }) };
}

function sayChange({ field, before = 'nothing', after = 'nothing' }: ToldChange): string {
  return before === 'nothing' && after === 'nothing' ? field : `${field}: ${before} → ${after}`;
}

function sayConnectionEvent({ data }: Exclude<FeedEvent, UserEvent>): string {
  if ('hold' in data) {
    const hold = data.hold as HeldChanges;
    return `${countKind(hold.kind, hold.count)}: ${sayHoldReason(hold)}`;
  }
  return 'users' in data ? `${String(data.users)} users` : '';
}
