import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shardKey } from '../../src/store/keys.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { contractFaults } from '../support/consumer.ts';
import { dieAt } from '../support/dying-worker.ts';
import { keptBlobs } from '../support/kept-blobs.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { slowList } from '../support/slow-list.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const nine = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
const nothingLeft = { named: [], expiring: [], lost: [] };

/** Nine users on three pages after their baseline, and a sweep in its third tick that has found one change so far. */
async function inThirdTick() {
  const story = await tellStory(table, nine);
  await story.sweep();
  story.news();
  story.vendor.users.set('1', aUser('1', { title: 'Head' }));
  story.vendor.users.set('9', aUser('9', { title: 'Head' }));
  const slow = slowList(story, { pagesPerTick: 1 });
  story.clock.nowMs += 60_000;
  await story.tick(slow);
  await story.tick(slow, { dueAt: (await story.state()).dueAt });
  const { checkpoint } = await story.state();
  if (checkpoint?.phase !== 'walk') throw new Error('expected a walk under way');
  return { story, slow, checkpoint };
}

/** Four known users and 120 new ones: the first of three batches is committed when its worker dies. */
async function inCommit(settings: Partial<UserList> = {}) {
  const story = await tellStory(table, ['1', '2', '3', '4'], 100);
  await story.sweep(settings);
  story.news();
  for (let n = 0; n < 120; n += 1) story.vendor.users.set(`new${n}`, aUser(`new${n}`));
  story.clock.nowMs += 60_000;
  await dieAt(table, story, { appends: 1, settings });
  const { checkpoint } = await story.state();
  if (checkpoint?.phase !== 'commit') throw new Error('expected a commit under way');
  return { story, checkpoint };
}

const allNews = Array.from({ length: 120 }, (_, n) => `user.created new${n}`);

const otherSettings: Record<string, Partial<UserList>> = {
  'other fields': { projection: [{ path: 'title' }] },
  'an ignored field': { ignoredFields: ['displayName'] },
  'a list that is cut differently': { scope: '{"status":"active"}' },
  'another directory': { directory: 'another directory' },
};

describe('settings that change between two ticks', () => {
  it.each(Object.entries(otherSettings))('start the sweep over, with %s', async (_, settings) => {
    const { story, checkpoint } = await inThirdTick();

    const report = await story.sweep(settings);
    const next = await story.sweep(settings);

    expect(report.sweepId).not.toBe(checkpoint.basis.sweepId);
    expect([report.ticks, report.evidence.pages, report.counts.seen]).toStrictEqual([1, 3, 9]);
    expect([next.outcome, next.counts.unchanged]).toStrictEqual(['complete', 9]);
    expect(await keptBlobs(table, story)).toStrictEqual(nothingLeft);
  });

  it.each(Object.entries(otherSettings))('let a commit that is decided go on, with %s', async (_, settings) => {
    const { story, checkpoint } = await inCommit();

    const report = await story.sweep(settings);

    expect(report.sweepId).toBe(checkpoint.basis.sweepId);
    expect([report.outcome, report.counts.created]).toStrictEqual(['complete', 120]);
    expect(story.news()).toStrictEqual(allNews);
    expect((await story.state()).lastComplete).toMatchObject({ directory: 'scripted directory', scope: '{}' });
    expect(await keptBlobs(table, story)).toStrictEqual(nothingLeft);
  });
});

describe('a commit that is decided', () => {
  it('decides nothing anew: whatever the list shows by then, it is executed as it was', async () => {
    const { story } = await inCommit();
    story.vendor.users.clear();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    const { pagesServed } = story.vendor;

    await story.sweep();

    expect(story.vendor.pagesServed).toBe(pagesServed);
    expect(story.news()).toStrictEqual(allNews);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('is finished before a request of an operator is executed', async () => {
    const { story } = await inCommit();
    await story.request({ act: 'remove_connection' });

    await story.sweep();
    const finished = story.news();
    const removed = await story.tick();
    await story.feed.publish();

    expect([removed.kind, finished, story.news()]).toStrictEqual(['removed', allNews, ['connection.removed']]);
  });

  it('is over when its last batch is in the log, though its worker died before it said so', async () => {
    const story = await tellStory(table, ['1', '2', '3', '4'], 100);
    await story.sweep();
    story.news();
    for (let n = 0; n < 120; n += 1) story.vendor.users.set(`new${n}`, aUser(`new${n}`));
    story.vendor.users.delete('4');
    story.clock.nowMs += 60_000;
    await dieAt(table, story, { appends: 3, settings: { emitSweepCompleted: true } });
    const { pagesServed } = story.vendor;

    const report = await story.sweep();

    expect([report.outcome, report.counts.created, report.counts.missing]).toStrictEqual(['complete', 120, 1]);
    expect(story.vendor.pagesServed).toBe(pagesServed);
    expect((await story.state()).absent).toMatchObject({ sweepId: report.sweepId, count: 1 });
    expect(story.news()).toStrictEqual([...allNews, 'connection.sweep_completed']);
  });
});

/** Takes away what a sweep has kept. */
async function lose({ feed, id }: ToldStory, blob: string): Promise<void> {
  await feed.store.deleteBlobs(id, [blob]);
}

describe('a part of the checkpoint that is gone', () => {
  it.each(['compared', 'staged'] as const)('starts the sweep over and loses nothing (%s)', async (part) => {
    const { story, slow, checkpoint } = await inThirdTick();
    const [first] = checkpoint.staged.parts;
    await lose(story, part === 'compared' ? checkpoint.compared : `${first?.prefix}-0`);

    const report = await story.sweep(slow);

    expect(report.sweepId).not.toBe(checkpoint.basis.sweepId);
    expect([report.outcome, report.evidence.pages, report.counts.seen]).toStrictEqual(['complete', 3, 9]);
    expect(story.news()).toStrictEqual(['user.updated 1', 'user.updated 9']);
    expect((await keptBlobs(table, story)).lost).toStrictEqual([]);
  });

  it('while a commit is under way has what is left of it found again', async () => {
    const { story, checkpoint } = await inCommit();
    const [first] = checkpoint.staged.parts;
    await lose(story, `${first?.prefix}-0`);

    const report = await story.sweep();

    expect(report.sweepId).not.toBe(checkpoint.basis.sweepId);
    expect([report.outcome, report.counts.created, report.counts.unchanged]).toStrictEqual(['complete', 70, 54]);
    expect(story.news()).toStrictEqual(allNews);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });
});

describe('the index', () => {
  it('that lost a shard between two ticks is made again, and the sweep goes on', async () => {
    const { story, slow, checkpoint } = await inThirdTick();
    const { layout } = await story.state();
    await table.raw.delete(shardKey(story.id, layout.id, 0));

    const report = await story.sweep(slow);

    expect(report.sweepId).toBe(checkpoint.basis.sweepId);
    expect([report.outcome, report.counts.seen, report.counts.missing]).toStrictEqual(['complete', 9, 0]);
    expect(story.news()).toStrictEqual(['user.updated 1', 'user.updated 9']);
    expect((await story.state()).counts).toStrictEqual({ pairs: 9, live: 9, tombstones: 0 });
  });

  it('grows in a commit that is interrupted, and knows everybody afterwards', async () => {
    const { story } = await inCommit();
    const { layout } = await story.state();

    await story.sweep();
    const next = await story.sweep();

    expect([layout.bits, (await story.state()).layout.bits]).toStrictEqual([1, 1]);
    expect([next.outcome, next.counts.unchanged, next.counts.seen]).toStrictEqual(['complete', 124, 124]);
    expect((await story.state()).counts).toStrictEqual({ pairs: 124, live: 124, tombstones: 0 });
  });
});
