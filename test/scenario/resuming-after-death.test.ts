import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import type { HoldRecord } from '../../src/model/hold.ts';
import type { UserId } from '../../src/model/ids.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { newClient } from '../support/change-story.ts';
import { contractFaults } from '../support/consumer.ts';
import { dieAt } from '../support/dying-worker.ts';
import { feedUnderTest, leaseMs } from '../support/feed-under-test.ts';
import { keptBlobs } from '../support/kept-blobs.ts';
import { aUser, listOf } from '../support/scripted-vendor.ts';
import { slowList } from '../support/slow-list.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const bulk = 'x'.repeat(140_000);
const braked: Partial<UserList> = {
  brake: { ...defaultBrakeRules, status_changed: { maxCount: 1, maxPercent: 0 } },
};

async function afterBaseline(): Promise<ToldStory> {
  const story = await tellStory(table, ['1', '2', '3', '4', '5', '6']);
  await story.sweep();
  story.news();
  return story;
}

/** A sweep in its last tick dies after its only batch. */
async function dieAfterOnlyBatch(story: ToldStory): Promise<void> {
  const slow = slowList(story, { pagesPerTick: 1 });
  story.clock.nowMs += 60_000;
  await story.tick(slow);
  await story.tick(slow);
  await dieAt(table, story, { appends: 1, settings: slow });
}

function suspend(story: ToldStory, ids: readonly string[]): void {
  for (const id of ids) story.vendor.users.set(id, aUser(id, { status: 'suspended', rawStatus: 'locked' }));
}

describe('a resumed sweep that died between its only batch and its end', () => {
  it('publishes each of its changes once', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    await dieAfterOnlyBatch(story);

    await story.sweep();

    expect(story.news()).toStrictEqual(['user.updated 1']);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('does not count its list as two', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    story.vendor.users.delete('2');
    await dieAfterOnlyBatch(story);
    const { pagesServed } = story.vendor;

    await story.sweep();

    // Whatever follows, follows from a second list.
    expect(story.vendor.pagesServed - pagesServed).toBe(2);
  });

  it('does not take users for one another when the index has moved', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('1');
    await story.sweep();
    const rows = [...story.vendor.users];
    story.vendor.users.clear();
    story.vendor.users.set('new', aUser('new'));
    for (const [id, user] of rows) story.vendor.users.set(id, user);
    await dieAfterOnlyBatch(story);

    const reports = [await story.sweep(), await story.sweep(), await story.sweep()];

    expect(reports.map(({ counts }) => [counts.seen, counts.missing])).toStrictEqual(Array(3).fill([6, 0]));
    expect(story.news().toSorted()).toStrictEqual(['user.created new', 'user.deleted 1']);
  });
});

/** A sweep that opens a hold and misses a user dies after the first of its two batches. */
async function dieInCommit(story: ToldStory): Promise<void> {
  suspend(story, ['1', '2', '3']);
  story.vendor.users.delete('6');
  for (const id of ['7', '8', '9']) story.vendor.users.set(id, aUser(id, { bio: bulk }));
  story.clock.nowMs += 60_000;
  await dieAt(table, story, { appends: 1, settings: braked });
}

describe('a commit whose worker died', () => {
  it('leaves a hold that an approval releases', async () => {
    const story = await afterBaseline();
    await dieInCommit(story);
    await story.sweep(braked);
    await story.decide('approved');

    await story.sweep(braked);

    expect(story.news().filter((news) => /status|changes/.test(news))).toStrictEqual([
      ...['connection.changes_held', 'user.status_changed 1', 'user.status_changed 2', 'user.status_changed 3'],
      'connection.changes_released',
    ]);
  });

  it('leaves a list of the absent that the next sweep goes by', async () => {
    const story = await afterBaseline();
    await dieInCommit(story);
    await story.sweep(braked);

    await story.sweep(braked);

    expect(story.news().at(-1)).toBe('user.deleted 6');
  });

  it('leaves no blob that nobody names', async () => {
    const story = await afterBaseline();
    await dieInCommit(story);

    await story.sweep(braked);

    expect(await keptBlobs(table, story)).toMatchObject({ expiring: [], lost: [] });
  });
});

describe('a commit that comes to a part that is gone', () => {
  it('publishes what it had committed before once', async () => {
    const story = await tellStory(
      table,
      Array.from({ length: 54 }, (_, n) => `${n}`),
      52,
    );
    await story.sweep();
    story.news();
    const slow = {
      ...slowList(story, { pagesPerTick: 1 }),
      brake: { ...defaultBrakeRules, updated: { maxCount: 1000, maxPercent: 0 } },
    };
    for (let n = 0; n < 54; n += 1) story.vendor.users.set(`${n}`, aUser(`${n}`, { title: 'Head' }));
    const { appendBatch, deleteBlobs } = story.feed.store;
    Object.assign(story.feed.store, {
      appendBatch: async (batch: Parameters<typeof appendBatch>[0]) => {
        const [, second] = (await story.state()).checkpoint?.staged.parts ?? [];
        if (batch.transitions.length === 50 && second) await deleteBlobs(story.id, [`${second.prefix}-0`]);
        return appendBatch(batch);
      },
    });

    await story.sweep(slow);

    expect(contractFaults(story.received)).toStrictEqual([]);
    expect(story.news()).toHaveLength(54);
  });
});

describe('a worker that took over and sleeps past its own lease', () => {
  it('clears away nothing that the next one has left', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('4', aUser('4', { title: 'Head' }));
    story.clock.nowMs += 60_000;
    await dieAt(table, story, { appends: 1, settings: braked });
    const client = newClient(table);
    const { store, tick } = feedUnderTest({
      ...{ client, tableName: table.tableName, connectionId: story.id, clock: story.clock },
    });
    const { deleteBlobsBefore } = store;
    const meanwhile = async () => {
      story.clock.nowMs += leaseMs + 1;
      suspend(story, ['1', '2', '3']);
      await story.sweep(braked);
      await story.decide('approved');
    };
    Object.assign(store, {
      deleteBlobsBefore: async (...given: Parameters<typeof deleteBlobsBefore>) => {
        await meanwhile();
        return deleteBlobsBefore(...given);
      },
    });
    await tick(
      listOf(story.vendor, story.id, () => story.clock.nowMs, braked),
      { holder: 'sleeper' },
    );
    client.destroy();

    await story.sweep(braked);

    expect(story.newsOf('1').map(({ type }) => type)).toStrictEqual(['user.status_changed']);
  });
});

describe('holds that operators see', () => {
  it('are those of the state, though a worker died after it had written one', async () => {
    const story = await afterBaseline();
    suspend(story, ['1', '2', '3']);
    story.clock.nowMs += 60_000;
    await dieAt(table, story, { holdWrites: 1, settings: braked });

    await story.sweep(braked);

    const open: HoldRecord[] = [];
    for await (const record of story.feed.store.listHolds(story.id)) if (record.end === undefined) open.push(record);
    expect(open.map(({ hold }) => hold.holdId)).toStrictEqual((await story.state()).holds.map(({ holdId }) => holdId));
  });
});

describe('a list with many users in two rows', () => {
  it('is swept over several ticks, however long their ids', async () => {
    const story = await tellStory(table, [], 600);
    const long = (n: number) => `${n}${'x'.repeat(900)}`;
    for (const row of ['first', 'second'])
      for (let n = 0; n < 600; n += 1) story.vendor.users.set(`${row} ${n}` as UserId, aUser(long(n)));

    const report = await story.sweep(slowList(story, { pagesPerTick: 1 }));

    expect([report.outcome, report.counts.seen, report.counts.duplicate]).toStrictEqual(['baseline', 600, 600]);
  });
});

describe('blobs that nobody needs', () => {
  it('are not left by a baseline that ends early', async () => {
    const ids = Array.from({ length: 33 }, (_, n) => `u${n}`);
    const story = await tellStory(table, ids, 11);
    for (const id of ids) story.vendor.users.set(id, aUser(id, { bio: bulk }));
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) story.vendor.users.set(id, aUser(id, { bio: bulk }));
    story.vendor.traps.failAtPage = 3;

    const report = await story.sweep();

    expect(report.outcome).toBe('incomplete');
    expect(await keptBlobs(table, story)).toStrictEqual({ named: [], expiring: [], lost: [] });
  });

  it('are not left by a checkpoint of which a part is gone', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    story.clock.nowMs += 60_000;
    await story.tick(slowList(story, { pagesPerTick: 1 }));
    const { checkpoint } = await story.state();
    if (checkpoint?.phase === 'walk') await story.feed.store.deleteBlobs(story.id, [checkpoint.compared]);

    await story.sweep();

    expect(await keptBlobs(table, story)).toStrictEqual({ named: [], expiring: [], lost: [] });
  });

  it('are not left by the holds of a connection that is removed', async () => {
    const story = await afterBaseline();
    suspend(story, ['1', '2', '3']);
    await story.sweep(braked);
    await story.request({ act: 'remove_connection' });

    await story.tick(braked);

    expect(await keptBlobs(table, story)).toMatchObject({ expiring: [], lost: [] });
  });
});
