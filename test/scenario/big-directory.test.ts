import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeEvents } from '../../src/events/compose-events.ts';
import { sweepId, type UserId, userId } from '../../src/model/ids.ts';
import { createOverlayStore, type OverlayStore } from '../../src/sweep/overlay-store.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { runTick } from '../../src/sweep/run-tick.ts';
import type { TickResult } from '../../src/sweep/tick.ts';
import { leaseMs } from '../support/feed-under-test.ts';
import { aUser, listOf } from '../support/scripted-vendor.ts';
import { slowList } from '../support/slow-list.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

/** A connection over so many users, in a store in memory: the table would take its time. */
async function openBig(users: number) {
  const story = await tellStory(table, [], 1000);
  for (let n = 0; n < users; n += 1) story.vendor.users.set(`u${n}`, aUser(`u${n}`));
  return { story, store: createOverlayStore(story.feed.store) };
}

let sweeps = 0;

function tickOver(store: OverlayStore, { id, vendor, clock }: ToldStory, settings: Partial<UserList>) {
  const ports = {
    store,
    republish: async () => undefined,
    readEpoch: async () => 1,
    nowMs: () => clock.nowMs,
    newSweepId: () => {
      sweeps += 1;
      return sweepId(`sweep-${sweeps}`);
    },
    hashText: (text: string) => Buffer.from(text).toString('hex').slice(0, 64),
  };
  const list = listOf(vendor, id, () => clock.nowMs, { baseline: 'emit', ...settings });
  const ends = { deadlineMs: clock.nowMs + leaseMs / 2, leaseEndsAtMs: clock.nowMs + leaseMs };
  return runTick(ports, list, { holder: 'worker', ownsAllLeases: false, ...ends });
}

/** Ticks until the sweep is over. */
async function sweepOver(store: OverlayStore, story: ToldStory, settings: Partial<UserList>) {
  const results: TickResult[] = [await tickOver(store, story, settings)];
  while (results.at(-1)?.kind === 'suspended') results.push(await tickOver(store, story, settings));
  const last = results.at(-1);
  if (last?.kind !== 'swept') throw new Error(`expected a sweep, got ${last?.kind}`);
  return { report: last.report, ticks: results.length };
}

/** Names of blobs as they are written. */
function watchBlobs(store: OverlayStore): Set<string> {
  const { writeBlob, deleteBlobs } = store;
  const kept = new Set<string>();
  Object.assign(store, {
    writeBlob: (...given: Parameters<typeof writeBlob>) => {
      kept.add(given[1]);
      return writeBlob(...given);
    },
    deleteBlobs: (...given: Parameters<typeof deleteBlobs>) => {
      for (const name of given[1]) kept.delete(name);
      return deleteBlobs(...given);
    },
  });
  return kept;
}

/** Moves the clock on with every batch. */
function commitSlowly(store: OverlayStore, { clock }: ToldStory, onBatch: () => Promise<void> = async () => undefined) {
  const { appendBatch } = store;
  Object.assign(store, {
    appendBatch: async (...given: Parameters<typeof appendBatch>) => {
      clock.nowMs += leaseMs / 200;
      await onBatch();
      return appendBatch(...given);
    },
  });
}

/** Titles of the users that were created, in all events. */
function createdTitles({ appended }: OverlayStore): Map<string, string | undefined> {
  const created = appended.flatMap(composeEvents).filter(({ type }) => type === 'user.created');
  return new Map(
    created.map(({ data }) => {
      const { user } = data as { readonly user: { readonly id: string; readonly title?: string } };
      return [user.id, user.title];
    }),
  );
}

describe('a sweep that finds more than it keeps in memory', () => {
  it.each([
    ['in one tick', {}, 1],
    ['in ticks of one page', { pagesPerTick: 1 }, 5],
  ])('lets the later row of a user count, wherever the earlier one is, %s', async (_, slowness, ticks) => {
    const { story, store } = await openBig(3500);
    story.vendor.users.set('later u0', aUser('u0', { title: 'Later' }));
    story.vendor.users.set('later u3', aUser('u3', { title: 'Later' }));
    story.vendor.users.set('latest u3', aUser('u3', { title: 'Latest' }));
    const unreadable = { id: userId('u2'), reason: 'title: expected string' };
    const slow = slowList(story, {
      ...slowness,
      amend: (page, { cursor: at }) => (at === '3' ? { ...page, rejected: [unreadable] } : page),
    });
    const kept = watchBlobs(store);

    const end = await sweepOver(store, story, slow);

    const titles = createdTitles(store);
    const { counts } = end.report;
    expect([end.report.outcome, end.ticks, end.report.ticks]).toStrictEqual(['baseline', ticks, ticks]);
    expect([counts.seen, counts.created, counts.duplicate, counts.rejected]).toStrictEqual([3500, 3499, 4, 1]);
    expect([titles.size, ...['u0', 'u1', 'u3'].map((id) => titles.get(id))]).toStrictEqual([
      ...[3499, 'Later', undefined, 'Latest'],
    ]);
    expect(titles.has('u2')).toBe(false);
    expect([...kept]).toStrictEqual([]);
  });

  it('starts over where its commit comes to a part that is gone, and publishes everybody once', async () => {
    const { story, store } = await openBig(3500);
    let batches = 0;
    commitSlowly(store, story, async () => {
      batches += 1;
      const { checkpoint } = (await store.readState(story.id)) ?? {};
      const [, second] = checkpoint?.staged.parts ?? [];
      if (batches === 1 && second !== undefined) await store.deleteBlobs(story.id, [`${second.prefix}-0`]);
    });
    const slow = slowList(story, { pagesPerTick: 1 });

    const { report } = await sweepOver(store, story, slow);

    const sequences = store.appended.flatMap(composeEvents).map(({ metadata }) => metadata.sequence);
    expect([report.outcome, report.counts.seen]).toStrictEqual(['baseline', 3500]);
    expect(createdTitles(store).size).toBe(3500);
    expect(sequences).toStrictEqual(Array.from({ length: 3501 }, (_, n) => n + 1));
  });
});

describe('a commit that outlasts its tick', () => {
  it('stops after a hundred batches, and the next tick commits the rest', async () => {
    const { story, store } = await openBig(5060);
    commitSlowly(store, story);
    const kept = watchBlobs(store);

    const first = await tickOver(store, story, {});
    const between = await store.readState(story.id);
    story.vendor.users.clear();
    story.vendor.users.set('u0' as UserId, aUser('u0'));
    const second = await tickOver(store, story, {});

    expect([first.kind, between?.checkpoint?.phase, between?.counts.live]).toStrictEqual(['suspended', 'commit', 5000]);
    expect([between?.attempts, between?.lastComplete]).toStrictEqual([0, undefined]);
    expect(second.kind === 'swept' && [second.report.outcome, second.report.ticks]).toStrictEqual(['baseline', 2]);
    const sequences = store.appended.flatMap(composeEvents).map(({ metadata }) => metadata.sequence);
    expect(sequences).toStrictEqual(Array.from({ length: 5061 }, (_, n) => n + 1));
    expect((await store.readState(story.id))?.counts).toStrictEqual({ pairs: 5060, live: 5060, tombstones: 0 });
    expect([...kept]).toStrictEqual([]);
  });
});
