import type { UserEvent } from '../events/published-event.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConsumerTable, OwnAttributes } from './consumer-table.ts';
import { placeOf } from './event-place.ts';

/** What became of an event. `stale` and `superseded` were left alone, because a newer one was applied or begun. */
export type UserEventOutcome = 'applied' | 'stale' | 'superseded';

/** Keeps users in the consumer's own table: one conditional write is the whole effect, and nothing can come between. */
export type ApplyInTable = {
  readonly table: ConsumerTable;
  /** What the table is to hold of the user, with no effect of its own: it is asked before the write. `undefined` takes an attribute away; what is not named stays. */
  applyInSameWrite(event: UserEvent): OwnAttributes | Promise<OwnAttributes>;
};

/**
 * Has an effect elsewhere, between two writes of the table. For one user `apply` is called by one worker at a time and
 * never for an event older than one it was called for before, as long as it ends within its lease. After a crash or an
 * error it is called again with the same event or a newer one, so it must be idempotent. A request that is still on
 * its way when the lease ends is beyond anybody's control, unless the target compares `epoch` and `revision` itself.
 */
export type ApplyElsewhere = {
  readonly table: ConsumerTable;
  /** `signal` aborts before the lease ends. An error leaves the user to the lease: what failed may still arrive. */
  apply(event: UserEvent, context: { readonly signal: AbortSignal }): Promise<void>;
  /** More than the function's timeout: then a lease can only end under a worker that is dead. @default 60000 */
  readonly leaseMs?: number;
};

/** Has its effect where epoch and revision are compared in the same statement, so that no table is needed. */
export type ApplyGuarded = {
  readonly table?: ConsumerTable;
  /** Applies the event if nothing as new was applied before, in one atomic step, and says whether it did. */
  applyIfNewer(event: UserEvent): Promise<boolean>;
};

export type ApplyUserEvent = ApplyInTable | ApplyElsewhere | ApplyGuarded;

export type ApplyTimes = {
  readonly nowMs: () => number;
  readonly newHolder: () => string;
  readonly abortAfter: (ms: number) => AbortSignal;
};

const defaultLeaseMs = 60_000;
/** What clocks of two workers may differ by, and what an aborted effect may need to end. */
const leaseMarginMs = 5_000;

/** Applies an event unless something as new was applied before. @throws consumer.busy to be asked again later */
export async function applyUserEvent(
  event: UserEvent,
  how: ApplyUserEvent,
  times: ApplyTimes,
): Promise<UserEventOutcome> {
  if ('applyIfNewer' in how && how.applyIfNewer !== undefined)
    return (await how.applyIfNewer(event)) ? 'applied' : 'stale';
  if ('apply' in how && how.apply !== undefined) return applyElsewhere(event, how, times);
  const inTable = how as ApplyInTable;
  return (await inTable.table.write(placeOf(event), await inTable.applyInSameWrite(event))) ? 'applied' : 'stale';
}

async function applyElsewhere(
  event: UserEvent,
  { table, apply, leaseMs = defaultLeaseMs }: ApplyElsewhere,
  { nowMs, newHolder, abortAfter }: ApplyTimes,
): Promise<UserEventOutcome> {
  const place = placeOf(event);
  const { connectionId, userId } = place;
  const holder = newHolder();
  const begunMs = nowMs();
  const untilMs = begunMs + leaseMs;
  const claim = await table.claim(place, { holder, nowMs: begunMs, untilMs });
  if (claim === 'busy') {
    const message = `user ${userId} of ${connectionId} is being worked on: deliver the event again later`;
    throw new FeedError('consumer.busy', message, { connectionId, userId });
  }
  if (claim !== 'claimed') return claim;
  const leftMs = untilMs - nowMs() - Math.min(leaseMarginMs, leaseMs / 4);
  if (leftMs <= 0) throw outlived(connectionId, userId);
  await apply(event, { signal: abortAfter(leftMs) });
  if (!(await table.confirm(place, holder))) throw outlived(connectionId, userId);
  return 'applied';
}

function outlived(connectionId: string, userId: string): FeedError {
  const message = `applying an event of user ${userId} of ${connectionId} outlived its lease: raise leaseMs above what apply can take`;
  return new FeedError('consumer.lease_outlived', message, { connectionId, userId });
}
