import { findConnection } from '../../cli/find-connection.ts';
import type { FeedEvent } from '../../src/events/feed-event.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import { type Instant, readInstant } from '../../src/model/instant.ts';
import type { ToldEvent, ToldEvents } from '../api/told-event.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { refusal } from './refusal.ts';
import { tellEvent } from './tell-event.ts';
import { type CommittedEvent, type ReadBudget, walkEventsBack } from './walk-events-back.ts';

export type EventWishes = {
  /** Empty for all connections. */
  readonly connection: string;
  /** A type, or the beginning of types such as `user.`; empty for all. */
  readonly type: string;
  /** A part of the id or name of a user; empty for all. */
  readonly user: string;
  /** Where an answer before ended. */
  readonly before: string;
  readonly limit: number;
};

/** How many connections one list is merged from, and how many batches it may take to find what is asked for. */
const maxConnections = 50;
const usualBatches = 3_000;

/** Events that fit, the newest commit first. @throws config.invalid where there is no such connection */
export async function listEvents(
  feed: ConsoleFeed,
  wishes: EventWishes,
  maxBatches = usualBatches,
): Promise<ToldEvents> {
  const place = readPlace(wishes.before);
  const budget: ReadBudget = { left: maxBatches, isSpent: false };
  const ids = await connectionsOf(feed, wishes.connection);
  const walks = ids.slice(0, maxConnections).map((id) => walkOne(feed, id, { budget, place }));
  const leftOut = Math.max(0, ids.length - maxConnections);
  const events: ToldEvent[] = [];
  let last: Reached | undefined;
  for await (const reached of mergeNewest(walks, budget)) {
    last = reached;
    const told = fits(reached.event, wishes) ? tellEvent(reached.event) : undefined;
    if (told !== undefined) events.push(told);
    if (events.length >= wishes.limit) return { events, leftOut, next: writePlace(reached) };
  }
  return { events, leftOut, ...(budget.isSpent && last && { next: writePlace(last) }) };
}

type Reached = CommittedEvent & { readonly id: ConnectionId };
/** Behind an event: in order of the time of commit, then of connection, then of sequence. */
type Place = { readonly at: Instant; readonly id: string; readonly sequence: number };

async function connectionsOf(feed: ConsoleFeed, wanted: string): Promise<readonly ConnectionId[]> {
  if (wanted !== '') return [(await findConnection(feed, wanted)).id];
  return feed.connections();
}

async function* walkOne(
  feed: ConsoleFeed,
  id: ConnectionId,
  { budget, place }: { readonly budget: ReadBudget; readonly place: Place | undefined },
): AsyncGenerator<Reached> {
  for await (const one of walkEventsBack(feed, id, budget, place?.at)) {
    const reached = { ...one, id };
    if (place === undefined || compareNewest(place, placeOf(reached)) < 0) yield reached;
  }
}

/** Ends where one walk had to: behind that place, events of the others may be older than what it has not reached. */
async function* mergeNewest(walks: readonly AsyncGenerator<Reached>[], budget: ReadBudget): AsyncIterable<Reached> {
  const heads = await Promise.all(walks.map(async (walk) => ({ walk, next: await walk.next() })));
  while (!budget.isSpent) {
    const open = heads.filter(({ next }) => next.done !== true);
    const [first] = open.toSorted((a, b) => compareNewest(placeOf(a.next.value), placeOf(b.next.value)));
    if (first === undefined) return;
    yield first.next.value as Reached;
    first.next = await first.walk.next();
  }
}

function placeOf({ committedAt, id, event }: Reached): Place {
  return { at: committedAt, id, sequence: event.metadata.sequence };
}

/** Below zero where the first comes first. */
function compareNewest(a: Place, b: Place): number {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return b.sequence - a.sequence;
}

function fits(event: FeedEvent, { type, user }: EventWishes): boolean {
  if (type !== '' && !event.type.startsWith(type)) return false;
  if (user === '') return true;
  if (!('user' in event.data)) return false;
  const { userId } = event.metadata as { readonly userId?: string };
  const { displayName, userName } = event.data.user as { readonly displayName?: string; readonly userName?: string };
  return [userId, displayName, userName].some((text) => text?.toLowerCase().includes(user.toLowerCase()));
}

function writePlace(reached: Reached): string {
  const { at, id, sequence } = placeOf(reached);
  return `${at}_${sequence}_${id}`;
}

function readPlace(text: string): Place | undefined {
  if (text === '') return undefined;
  const [, time, sequence, id = ''] = /^([^_]+)_(\d+)_(.+)$/.exec(text) ?? [];
  const at = readInstant(time);
  if (at === undefined) throw refusal(400, 'before is not a place that an answer named');
  return { at, id, sequence: Number(sequence) };
}
