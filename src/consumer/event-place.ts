import type { UserEvent } from '../events/published-event.ts';

/** Where a user event stands among all events of its user: `(epoch, revision)`, the higher the newer. */
export type EventPlace = {
  readonly connectionId: string;
  readonly userId: string;
  readonly epoch: number;
  readonly revision: number;
  readonly eventId: string;
  /** A resync states the present under the last revision, and counts although that one is known already. */
  readonly isResync: boolean;
};

export function placeOf({ metadata }: UserEvent): EventPlace {
  const { connectionId, userId, epoch, revision, eventId, origin } = metadata;
  return { connectionId, userId, epoch, revision, eventId, isResync: origin === 'resync' };
}
