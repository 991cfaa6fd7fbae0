import type { FeedEvent } from '../../src/events/feed-event.ts';
import { isFeedError } from '../../src/model/feed-error.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import { readEvents } from '../../src/publish/read-events.ts';
import type { ConsoleFeed } from './console-feed.ts';
import type { LiveEvents } from './live-events.ts';
import { tellEvent } from './tell-event.ts';

/** Each look reads the state of so many connections at most. */
const maxConnections = 50;

export type LogFollower = {
  /**
   * Offers what was committed since the look before; the first look only remembers the places. Each event is offered once: what
   * a look that fails has not offered, the next one does. @throws what a connection failed with, after all were looked at
   */
  look(): Promise<void>;
};

type Place = { readonly epoch: number; readonly sequence: number };

/** Follows the logs of a feed that is swept elsewhere. Nothing is read while no page is open. */
export function createLogFollower(feed: ConsoleFeed, live: LiveEvents): LogFollower {
  const places = new Map<ConnectionId, Place>();
  let isBegun = false;
  async function lookAt(id: ConnectionId): Promise<void> {
    const now = await feed.store.readState(id);
    if (now === undefined) return;
    const place = places.get(id) ?? placeOf(now);
    places.set(id, place);
    if (isSame(now, place)) return;
    await offerFrom(id, place);
    // Events may have come after the state was read.
    if (places.get(id) === place) places.set(id, placeOf(now));
  }
  async function offerFrom(id: ConnectionId, place: Place): Promise<void> {
    try {
      for await (const { events } of readEvents(feed, id, place)) for (const event of events) offer(id, event);
    } catch (error) {
      // What has expired is there neither now nor later: go on from here.
      if (!isFeedError(error, 'log.expired', 'log.ahead')) throw error;
      live.interrupt();
    }
  }
  function offer(id: ConnectionId, event: FeedEvent): void {
    places.set(id, placeOf(event.metadata));
    live.offer(tellEvent(event));
  }
  return {
    async look() {
      if (!live.hasListeners()) {
        places.clear();
        isBegun = false;
        return;
      }
      const ids = (await feed.connections()).slice(0, maxConnections);
      const failures: unknown[] = [];
      for (const id of ids) await lookAt(id).catch((error: unknown) => failures.push(error));
      // What a page has read before the places were remembered may lack what came in between.
      if (!isBegun) live.interrupt();
      isBegun = true;
      if (failures.length > 0) throw failures[0];
    },
  };
}

function placeOf({ epoch, sequence }: Place): Place {
  return { epoch, sequence };
}

function isSame(a: Place, b: Place): boolean {
  return a.sequence === b.sequence && a.epoch === b.epoch;
}
