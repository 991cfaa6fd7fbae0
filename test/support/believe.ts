import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import type { UserEvent } from '../../src/events/feed-event.ts';

/**
 * What a consumer knows who goes by the contract across a restore: of each user whatever is not newer by epoch and revision
 * is ignored. Values are the user name; whoever is deleted is not in it.
 */
export function believe(events: readonly BusEvent[]): ReadonlyMap<string, string> {
  const newest = new Map<string, readonly [epoch: number, revision: number]>();
  const users = new Map<string, string>();
  for (const { 'detail-type': type, detail } of events) {
    if (!type.startsWith('user.')) continue;
    const { metadata, data } = detail as unknown as UserEvent;
    const { epoch, revision, userId } = metadata;
    const [lastEpoch, lastRevision] = newest.get(userId) ?? [0, 0];
    if (epoch < lastEpoch || (epoch === lastEpoch && revision <= lastRevision)) continue;
    newest.set(userId, [epoch, revision]);
    if (type === 'user.deleted') users.delete(userId);
    else users.set(userId, String(data.user.userName));
  }
  return users;
}

/** The numbers of events in the order of the contract, and how many ids they have. */
export function numbersOf(events: readonly BusEvent[]) {
  const all = events.map(({ detail }) => (detail as unknown as UserEvent).metadata);
  // Notices of a connection's health have no place in the order.
  const numbers = all.flatMap(({ epoch, sequence }) => (sequence === undefined ? [] : `${epoch}/${sequence}`));
  return { numbers, ids: new Set(all.map(({ eventId }) => eventId)).size };
}
