import type { BusEvent } from '../local/event-bus/bus-event.ts';
import type { Protector } from '../src/diff/protect-user.ts';
import { composeEvents } from '../src/events/compose-events.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import { holdsEvents, type LogBatch } from '../src/model/log-batch.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import type { LogStore, PublishedStore } from '../src/sweep/ports.ts';
import { asDelivered } from './as-delivered.ts';

export type EventFollowing = {
  readonly store: Pick<LogStore, 'readLog'> & Pick<PublishedStore, 'readPublished'>;
  readonly protectorOf: (id: ConnectionId) => Promise<Protector>;
  readonly onEvent: (event: BusEvent) => Promise<void>;
};

/** Tells the events of a connection that somebody else commits and publishes. */
export type EventFollower = {
  /** Tells what is on the bus by now, each event once, in order; true where nothing up to this last one is left. */
  tell(lastEvent: ConnectionState['lastEvent']): Promise<boolean>;
};

/** Follows the log after a position, as far as it is published, in the words in which the publisher composes it. */
export function followEvents(following: EventFollowing, id: ConnectionId, after: number): EventFollower {
  const { store } = following;
  let told = after;
  return {
    async tell({ position }) {
      if (position <= told) return true;
      const published = await store.readPublished(id);
      if (published <= told) return false;
      const from = await skipSilent(store, id, { told, position });
      await tellBatches(following, id, { from, upTo: published });
      told = published;
      return told >= position;
    },
  };
}

async function tellBatches(
  { store, protectorOf, onEvent }: EventFollowing,
  id: ConnectionId,
  { from, upTo }: { readonly from: number; readonly upTo: number },
): Promise<void> {
  for await (const batch of store.readLog(id, from)) {
    if (batch.position > upTo) return;
    if (!holdsEvents(batch)) continue;
    const protector = await protectorOf(id);
    for (const event of composeEvents(protector.protectBatch(batch))) await onEvent(asDelivered(event));
  }
}

/** A baseline may end in one batch with an event after thousands without, which nobody needs to read. */
async function skipSilent(
  store: Pick<LogStore, 'readLog'>,
  id: ConnectionId,
  { told, position }: { readonly told: number; readonly position: number },
): Promise<number> {
  const last = await firstOf(store.readLog(id, position - 1));
  return last !== undefined && last.previousEventPosition <= told ? position - 1 : told;
}

async function firstOf(batches: AsyncIterable<LogBatch>): Promise<LogBatch | undefined> {
  for await (const batch of batches) return batch;
  return undefined;
}
