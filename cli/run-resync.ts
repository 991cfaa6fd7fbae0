import { setTimeout as sleep } from 'node:timers/promises';
import type { ResyncStamp } from '../src/events/compose-resync-event.ts';
import type { Connection } from '../src/model/connection.ts';
import { FeedError } from '../src/model/feed-error.ts';
import { type UserId, userId } from '../src/model/ids.ts';
import type { SnapshotEntry } from '../src/model/snapshot-entry.ts';
import { resyncParts } from '../src/publish/resync-parts.ts';
import type { Run, RunPart } from '../src/publish/take-run.ts';
import { waitUntilPublished } from '../src/publish/wait-until-published.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import { explainVerdict } from '../src/sweep/restore-guard.ts';
import { vendors } from '../src/vendors/registry.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import { findConnection } from './find-connection.ts';
import { findEntry } from './find-entry.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { takeEvents } from './take-events.ts';
import type { TargetOptions } from './target-options.ts';
import { usageFault } from './usage-fault.ts';

export type ResyncOptions = TargetOptions & { readonly user: readonly string[] };

/** So many seconds the publisher of a stack may need; in a state folder nobody publishes meanwhile. */
const publishingSeconds = 60;

/** Tells consumers what users are at present. @throws store.restored, publish.behind */
export async function runResync(id: string, options: ResyncOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const connection = await findConnection(feed, id);
    await refuseRestored(feed);
    const state = await feed.store.readState(connection.id);
    if (state?.lastComplete === undefined) {
      output.note(`${id} has no complete baseline yet: who is there is not known before (ucf sweeps list ${id})`);
      return exitCodes.failedOrHeld;
    }
    const users = await findUsers(feed, connection, options.user);
    const taking = {
      connectionId: connection.id,
      asked: ['resync', state.epoch, options.user.toSorted()],
      what: `${id}: the present of ${users === undefined ? `all ${state.counts.live} users` : `${users.length} users`}`,
      basis: async () => JSON.stringify(await stampOf(feed, connection, state)),
      partsOf: (run: Run) => partsOf(feed, connection, { run, users }),
    };
    return takeEvents(feed, taking, options, output);
  });
}

/** Consumers know more than a table that was put back: its present is none. */
async function refuseRestored({ mark }: Feed): Promise<void> {
  const verdict = await mark.read();
  const wrong = explainVerdict(verdict, { place: 'the mark outside the table' });
  if (wrong === undefined) return;
  throw new FeedError('store.restored', `${wrong}: nothing was sent; first ucf doctor --recover`, {
    epoch: verdict.epoch,
  });
}

/** Those who were asked for, all of them known; undefined for everybody. @throws config.invalid */
async function findUsers(
  feed: Feed,
  { id }: Connection,
  asked: readonly string[],
): Promise<readonly SnapshotEntry[] | undefined> {
  if (asked.length === 0) return undefined;
  const found: SnapshotEntry[] = [];
  for (const user of new Set(asked)) {
    const entry = await findEntry(feed, id, userId(user));
    if (entry === undefined)
      throw usageFault(`--user ${user}`, `${id} has never had such a user; ids are the vendor's`);
    found.push(entry);
  }
  return found;
}

type Basis = Omit<ResyncStamp, 'runId'>;

async function stampOf({ store }: Feed, connection: Connection, state: ConnectionState): Promise<Basis> {
  const { id, tenantId, vendor, payload } = connection;
  const { epoch, sequence, lastComplete, directorySince } = state;
  const { sweepId, startedAt } = lastComplete ?? { sweepId: '' as never, startedAt: '' as never };
  const report = await store.readReport(id, sweepId);
  const usersSeen = report?.counts.seen ?? state.counts.pairs;
  return {
    connectionId: id,
    tenantId,
    vendor,
    mappingVersion: vendors.find((one) => one.id === vendor)?.mappingVersion ?? 1,
    epoch,
    sequence,
    sweep: { sweepId, mode: 'full', startedAt, complete: true, usersSeen },
    directorySince,
    payload,
  };
}

function partsOf(
  feed: Feed,
  { id }: Connection,
  { run, users }: { readonly run: Run; readonly users: readonly SnapshotEntry[] | undefined },
): AsyncIterable<RunPart> {
  const stamp = { ...(JSON.parse(run.basis ?? '{}') as Basis), runId: run.runId };
  const looks = feed.runtime === 'deployed' ? publishingSeconds : 1;
  const sources = {
    entries: users === undefined ? feed.store.walkEntries(id, placeOf(run)) : readAgain(feed, id, users),
    protectorOf: feed.protectorOf,
    waitUntilPublished: () => waitUntilPublished({ store: feed.store, sleep: (ms) => sleep(ms), looks }, id),
  };
  return resyncParts(sources, id, stamp);
}

function placeOf({ cursor }: Run): { readonly keyHash: string; readonly userId: UserId } | undefined {
  return cursor && { keyHash: String(cursor.keyHash), userId: userId(String(cursor.userId)) };
}

/** A few users are told again from the first one on: their ids are the same. */
async function* readAgain(
  { store }: Feed,
  id: Connection['id'],
  users: readonly SnapshotEntry[],
): AsyncIterable<SnapshotEntry> {
  for (const user of users) yield* (await store.readEntries(id, [user])).values();
}
