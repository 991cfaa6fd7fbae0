import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedError } from '../../src/model/feed-error.ts';
import type { SweepPorts, UserList } from '../../src/sweep/ports.ts';
import { contractFaults } from '../support/consumer.ts';
import { dieAt } from '../support/dying-worker.ts';
import { feedUnderTest, readWholeLog, type TickSettings } from '../support/feed-under-test.ts';
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

/** Larger than a third of a log batch: several of them do not go into one. */
const bulk = 'x'.repeat(140_000);

async function afterBaseline(place: TestTable | 'memory' = 'memory'): Promise<ToldStory> {
  const story = await tellStory(place, ['1', '2', '3', '4', '5', '6']);
  await story.sweep();
  story.news();
  return story;
}

/** A tick of the story's connection in a feed whose epoch is this one, published. */
async function tickIn(
  story: ToldStory,
  readEpoch: SweepPorts['readEpoch'],
  settings?: Partial<UserList>,
  ask?: TickSettings,
) {
  const { id, clock, vendor } = story;
  const { store, received } = story.feed;
  const { tick, publish } = feedUnderTest({ store, connectionId: id, clock, received, readEpoch });
  const list = listOf(vendor, id, () => clock.nowMs, settings);
  const result = await tick(list, ask);
  await publish();
  return result;
}

/** One sweep a minute later, in one tick. */
function sweepIn(story: ToldStory, epoch: number) {
  story.clock.nowMs += 60_000;
  return tickIn(story, async () => epoch);
}

const numbersOf = ({ received }: ToldStory) => received.map(({ metadata }) => `${metadata.epoch}/${metadata.sequence}`);

describe('a connection in a feed with a higher epoch', () => {
  it('takes it over with its next tick, and its numbers go on', async () => {
    const story = await afterBaseline();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    await story.sweep();
    story.vendor.users.set('1', aUser('1', { title: 'Chief' })).set('7', aUser('7'));

    await sweepIn(story, 2);

    expect(numbersOf(story)).toStrictEqual(['1/1', '1/2', '2/3', '2/4']);
    expect(story.newsOf('1').map(({ metadata }) => metadata.revision)).toStrictEqual([2, 3]);
    expect([(await story.state()).epoch, contractFaults(story.received)]).toStrictEqual([2, []]);
  });

  it('counts anew who is absent: nobody is deleted for what a restored table remembers', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('1');
    await story.sweep();

    await sweepIn(story, 2);
    expect(story.news()).toStrictEqual([]);
    await sweepIn(story, 2);

    expect(story.news()).toStrictEqual(['user.deleted 1']);
  });

  it('begins a sweep anew that was under way before', async () => {
    const story = await afterBaseline(table);
    const slow = slowList(story, { pagesPerTick: 1 });
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    story.clock.nowMs += 60_000;
    const begun = await story.tick(slow);
    story.vendor.users.set('1', aUser('1', { title: 'Chief' }));

    const next = begun.kind === 'suspended' ? begun.next : {};
    expect(await tickIn(story, async () => 2, slow, next)).toStrictEqual({ kind: 'stale' });
    await sweepIn(story, 2);

    expect(story.newsOf('1').map(({ data }) => data.user.title)).toStrictEqual(['Chief']);
    expect(await keptBlobs(table, story)).toStrictEqual({ named: [], expiring: [], lost: [] });
  });

  it('decides anew what was decided before and not yet committed, and publishes each change once', async () => {
    const story = await afterBaseline(table);
    story.vendor.users.delete('6');
    await story.sweep();
    const added = ['7', '8', '9', '10', '11'];
    for (const id of added) story.vendor.users.set(id, aUser(id, { bio: bulk }));
    story.clock.nowMs += 60_000;
    await dieAt(table, story, { appends: 1 });
    // He was to be deleted by what was decided.
    story.vendor.users.set('6', aUser('6'));
    await story.feed.publish();

    await sweepIn(story, 2);

    expect(story.news()).toStrictEqual(added.map((id) => `user.created ${id}`));
    expect(numbersOf(story)).toStrictEqual(['1/1', '1/2', '1/3', '2/4', '2/5', '2/6']);
    expect(contractFaults(story.received)).toStrictEqual([]);
    expect(await keptBlobs(table, story)).toStrictEqual({ named: [], expiring: [], lost: [] });
  });

  it('does what operators have asked for under the new epoch', async () => {
    const story = await afterBaseline();
    await story.request({ act: 'remove_connection' });

    expect(await sweepIn(story, 2)).toStrictEqual({ kind: 'removed' });

    expect([story.news(), numbersOf(story).at(-1)]).toStrictEqual([['connection.removed'], '2/2']);
  });

  it('stays in it when the tick dies after a commit', async () => {
    const story = await afterBaseline(table);
    await tickIn(story, async () => 2);
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    await dieAt(table, story, { appends: 1 });

    await story.sweep();

    expect(numbersOf(story).at(-1)).toBe('2/2');
    expect((await readWholeLog(story.feed.store, story.id)).map(({ epoch }) => epoch).slice(-2)).toStrictEqual([2, 2]);
  });
});

describe('a connection in a feed with a lower epoch', () => {
  it('is left as it is: no page is asked for, no attempt counts, and its lease is given back', async () => {
    const story = await afterBaseline();
    const before = await story.state();
    const pages = story.vendor.pagesServed;
    const fault = new FeedError('store.restored', 'behind', { epoch: 1 });
    const known: number[] = [];

    const ticked = tickIn(story, async (epoch) => {
      known.push(epoch);
      throw fault;
    });

    await expect(ticked).rejects.toBe(fault);
    expect([known, story.vendor.pagesServed, story.news()]).toStrictEqual([[1], pages, []]);
    expect(await story.state()).toStrictEqual(before);
    expect(await story.tick()).toMatchObject({ kind: 'swept' });
    expect((await readWholeLog(story.feed.store, story.id)).filter(({ sweep }) => sweep === undefined)).toStrictEqual(
      [],
    );
  });
});
