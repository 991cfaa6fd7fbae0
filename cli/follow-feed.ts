import pMap from 'p-map';
import type { FeedEvent } from '../src/events/feed-event.ts';
import { isFeedError } from '../src/model/feed-error.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { Instant } from '../src/model/instant.ts';
import { type CommittedEvents, type LogPlace, readEvents } from '../src/publish/read-events.ts';
import { explainError } from './exit-code.ts';
import type { Feed } from './feed.ts';

/** What all connections of a feed commit, look after look. */
export type FeedFollower = {
  /** How many connections it follows. */
  readonly size: number;
  /** What was committed since the look before, in the order of the commits. A look that fails is made up for by the next. */
  look(): Promise<readonly FeedEvent[]>;
};

type Followed = Pick<Feed, 'store' | 'protectorOf' | 'connections'>;
export type Following = {
  /** Where it begins; by default with what is committed from now on. */
  readonly from?: Instant | undefined;
  /** Hears once that looks fail, and once that they no longer do. */
  readonly onFault: (text: string) => void;
};

/** New connections are looked for in every so many looks. */
const looksBetweenLists = 5;
/** Connections at a time. */
const concurrency = 8;

/** How far a connection has been read. */
type Reached = { readonly place: LogPlace; readonly position: number | undefined };
type Read = { readonly id: ConnectionId; readonly next: Reached; readonly batches: readonly CommittedEvents[] };

/** Follows a feed from here on, or from a time on. */
export async function followFeed(feed: Followed, { from, onFault }: Following): Promise<FeedFollower> {
  const begin = async (id: ConnectionId) => [id, await beginAt(feed, id, from)] as const;
  const reached = new Map(await pMap(await feed.connections(), begin, { concurrency }));
  let looks = 0;
  let isFailing = false;
  /** All events of a connection that is new are. One that was removed is kept: it may come back, and goes on then. */
  const addNew = async () => {
    for (const id of await feed.connections())
      if (!reached.has(id)) reached.set(id, { place: { sequence: 0 }, position: undefined });
  };
  const tell = (faults: readonly string[]) => {
    const [first] = faults;
    if (first !== undefined && !isFailing) onFault(`${first}; it is looked at again until it answers`);
    if (first === undefined && isFailing) onFault('everything answers again, and nothing was left out');
    isFailing = first !== undefined;
  };
  return {
    get size() {
      return reached.size;
    },
    async look() {
      const faults: string[] = [];
      const keep = (where: string) => (error: unknown) => {
        // A fault of this program would never go away.
        if (!isFeedError(error)) throw error;
        faults.push(`${where}: ${explainError(error)}`);
        return undefined;
      };
      if (looks % looksBetweenLists === 0) await addNew().catch(keep('the list of connections'));
      looks += 1;
      const readOne = ([id, before]: readonly [ConnectionId, Reached]) =>
        readNew(feed, id, { before, onFault }).catch(keep(id));
      const read = (await pMap([...reached], readOne, { concurrency })).filter((one) => one !== undefined);
      for (const { id, next } of read) reached.set(id, next);
      tell(faults);
      return inOrder(read.flatMap(({ batches }) => batches));
    },
  };
}

async function beginAt({ store }: Followed, id: ConnectionId, from: Instant | undefined): Promise<Reached> {
  if (from !== undefined) return { place: { since: from }, position: undefined };
  const state = await store.readState(id);
  return state === undefined ? { place: { sequence: 0 }, position: undefined } : endOf(state);
}

type LogEnd = { readonly epoch: number; readonly sequence: number; readonly position: number };

function endOf({ epoch, sequence, position }: LogEnd): Reached {
  return { place: { epoch, sequence }, position };
}

type Looking = { readonly before: Reached; readonly onFault: Following['onFault'] };

/** All or nothing: what was read of a connection before something failed is read again by the next look. */
async function readNew(feed: Followed, id: ConnectionId, { before, onFault }: Looking): Promise<Read> {
  const state = await feed.store.readState(id);
  if (state === undefined || state.position === before.position) return { id, next: before, batches: [] };
  const batches: CommittedEvents[] = [];
  try {
    for await (const batch of readEvents(feed, id, before.place)) batches.push(batch);
  } catch (error) {
    if (!isFeedError(error, 'log.expired', 'log.ahead')) throw error;
    // Looking again would find the same.
    onFault(`${explainError(error)}; it is followed from its present end on`);
    return { id, next: endOf(state), batches: [] };
  }
  const last = batches.at(-1)?.events.at(-1)?.metadata;
  const place = last === undefined ? before.place : { epoch: last.epoch, sequence: last.sequence };
  return { id, next: { place, position: state.position }, batches };
}

function inOrder(batches: readonly CommittedEvents[]): readonly FeedEvent[] {
  const compare = (a: CommittedEvents, b: CommittedEvents) =>
    a.committedAt < b.committedAt ? -1 : a.committedAt > b.committedAt ? 1 : 0;
  return batches.toSorted(compare).flatMap(({ events }) => events);
}
