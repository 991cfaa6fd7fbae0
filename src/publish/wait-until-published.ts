import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import { holdsEvents } from '../model/log-batch.ts';
import type { LogStore, PublishedStore } from '../sweep/ports.ts';

export type PublishedWait = {
  readonly store: Pick<LogStore, 'readLog'> &
    Pick<PublishedStore, 'readPublished'> & {
      readState(
        id: ConnectionId,
      ): Promise<{ readonly position: number; readonly lastEvent: { readonly position: number } } | undefined>;
    };
  readonly sleep: (ms: number) => Promise<void>;
  /** How often the bus is looked at, once a second; once where nobody else is publishing. */
  readonly looks: number;
};

const pauseMs = 1_000;

/** Resolves once every event that is committed by now is on the bus. @throws publish.behind where that takes too long */
export async function waitUntilPublished(
  { store, sleep, looks }: PublishedWait,
  connectionId: ConnectionId,
): Promise<void> {
  const state = await store.readState(connectionId);
  if (state === undefined) return;
  let last = state.lastEvent.position;
  // The log may be ahead of the state, and entries of it.
  for await (const batch of store.readLog(connectionId, state.position)) if (holdsEvents(batch)) last = batch.position;
  for (let look = 1; (await store.readPublished(connectionId)) < last; look += 1) {
    if (look >= looks) throw behind(connectionId);
    await sleep(pauseMs);
  }
}

function behind(connectionId: ConnectionId): FeedError<'publish.behind'> {
  const message = `${connectionId}: changes are committed that are not on the bus yet, and the present must not be told before them; publish them (ucf redrive ${connectionId}), then try again`;
  return new FeedError('publish.behind', message, { connectionId });
}
