import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { aUser } from '../../support/scripted-vendor.ts';
import { slowList } from '../../support/slow-list.ts';
import { type ToldStory, tellStory } from '../../support/told-story.ts';
import { all } from '../store/sample-log.ts';
import { blobsOf, change, nextOf } from './ticks-of-story.ts';

const six = ['1', '2', '3', '4', '5', '6'];

/** Six users on three pages after their baseline, a minute later. */
async function afterBaseline(): Promise<ToldStory> {
  const story = await tellStory('memory', six, 2);
  await story.sweep();
  story.clock.nowMs += 60_000;
  return story;
}

describe('a delta', () => {
  const delta = { hasDelta: true, deltaEverySeconds: 60 };

  it('ends before its first page where the vendor cannot do one any more, and says so', async () => {
    const story = await afterBaseline();
    const deadlines: number[] = [];
    const supportsDelta = async (deadlineMs: number) => {
      deadlines.push(deadlineMs);
      return false;
    };
    const { pagesServed } = story.vendor;

    const report = await story.sweep({ ...delta, supportsDelta }, { mode: 'delta' });

    expect(report).toMatchObject({ mode: 'delta', outcome: 'failed', deniedBy: ['no_end_signal'], ticks: 1 });
    expect(report.failure).toStrictEqual({
      code: 'sweep.delta_unsupported',
      message: `scripted (${story.id}): the vendor's list has no filter on the time of a change here; only full sweeps go on`,
    });
    expect([story.vendor.pagesServed, deadlines]).toStrictEqual([pagesServed, [story.clock.nowMs + 30_000]]);
  });

  it('fails where the vendor cannot even be asked whether it can do one', async () => {
    const story = await afterBaseline();
    const fault = new FeedError('vendor.unavailable', 'the vendor answered 503', {
      vendor: 'scripted',
      address: 'http://x',
    });
    const supportsDelta = () => Promise.reject(fault);

    const report = await story.sweep({ ...delta, supportsDelta }, { mode: 'delta' });

    expect([report.outcome, report.failure]).toStrictEqual(['failed', { code: fault.code, message: fault.message }]);
  });

  it.each([
    ['that says it can do one', { supportsDelta: async () => true }],
    ['that nobody has to ask', {}],
  ])('shows what it shows at a vendor %s', async (_, settings) => {
    const story = await afterBaseline();

    const report = await story.sweep({ ...delta, ...settings }, { mode: 'delta' });

    expect([report.mode, report.outcome, report.counts.seen]).toStrictEqual(['delta', 'complete', 6]);
  });

  it('is not asked about where the whole list is wanted', async () => {
    const story = await afterBaseline();

    const report = await story.sweep({ ...delta, supportsDelta: async () => false });

    expect([report.mode, report.outcome]).toStrictEqual(['full', 'complete']);
  });

  it('under way is left for the whole list where that is asked for, and nothing stays of it', async () => {
    const story = await afterBaseline();
    const slow = { ...delta, ...slowList(story, { pagesPerTick: 1 }) };
    const first = nextOf(await story.tick(slow, { mode: 'delta' }));

    const result = await story.tick(delta, { mode: 'full' });

    expect(result).toMatchObject({ kind: 'swept', report: { mode: 'full', ticks: 1, evidence: { pages: 3 } } });
    expect(await story.tick(delta, { ...first })).toStrictEqual({ kind: 'stale' });
    expect(await blobsOf(story)).toStrictEqual([]);
  });

  it('under way goes on where nobody asks for more', async () => {
    const story = await afterBaseline();
    const slow = { ...delta, ...slowList(story, { pagesPerTick: 1 }) };
    const first = nextOf(await story.tick(slow, { mode: 'delta' }));

    const result = await story.tick(delta, { ...first });

    expect(result).toMatchObject({ kind: 'swept', report: { mode: 'delta', ticks: 2, evidence: { pages: 3 } } });
  });
});

describe('a sweep of several ticks', () => {
  it('says after each what the next one is to do, and leaves that one nothing but what it needs', async () => {
    const story = await afterBaseline();
    for (const id of six) story.vendor.users.set(id, { ...story.vendor.users.get(id), title: 'Head' } as never);
    const slow = slowList(story, { pagesPerTick: 1 });
    const { dueAt } = await story.state();

    const first = await story.tick(slow);
    const second = await story.tick(slow, nextOf(first));

    const { sweepId } = nextOf(first).continues ?? {};
    expect([first, second]).toStrictEqual(
      [2, 3].map((tick) => ({
        kind: 'suspended',
        next: { connectionId: story.id, dueAt, continues: { sweepId, tick } },
        pages: 1,
      })),
    );
    expect((await blobsOf(story)).map(([, { expires }]) => expires)).toStrictEqual([true, true]);
    expect(await story.tick({}, nextOf(second))).toMatchObject({ report: { counts: { updated: 6 }, ticks: 3 } });
    expect(await blobsOf(story)).toStrictEqual([]);
  });

  it('that gets no page done three times in a row says where it stopped', async () => {
    const story = await afterBaseline();
    const first = nextOf(await story.tick(slowList(story, { pagesPerTick: 1 })));
    const fetchPage = async () => {
      const context = { vendor: 'scripted', address: 'http://127.0.0.1/users' };
      throw new FeedError('vendor.out_of_time', 'scripted: no time left', context);
    };

    const report = await story.sweep({ fetchPage }, first);

    expect(report.failure).toStrictEqual({
      code: 'sweep.out_of_time',
      message: `scripted (${story.id}): 3 ticks in a row had not the time for one more page, after 1 of them`,
    });
  });
});

describe('a sweep of the whole list that is under way', () => {
  it('goes on where the whole list is asked for', async () => {
    const story = await afterBaseline();
    const first = nextOf(await story.tick(slowList(story, { pagesPerTick: 1 })));

    const result = await story.tick({}, { ...first, mode: 'full' });

    expect(result).toMatchObject({ kind: 'swept', report: { mode: 'full', ticks: 2, evidence: { pages: 3 } } });
  });

  it('leaves blobs that expire, for the case that nobody goes on with it', async () => {
    const story = await afterBaseline();
    for (const id of six) story.vendor.users.set(id, aUser(id, { title: 'Head' }));
    const { writeBlob } = story.feed.store;
    const kept: unknown[] = [];
    change(story, {
      writeBlob: async (id, name, bytes, expires) => {
        kept.push(expires);
        await writeBlob(id, name, bytes, expires);
      },
    });

    await story.tick(slowList(story, { pagesPerTick: 1 }));

    expect(kept).toStrictEqual(['expires', 'expires']);
  });
});

describe('a delta of several ticks', () => {
  const delta = { hasDelta: true, deltaEverySeconds: 60 };

  it('asks the vendor once whether it can do one', async () => {
    const story = await afterBaseline();
    let asked = 0;
    const supportsDelta = async () => {
      asked += 1;
      return true;
    };
    const slow = { ...delta, supportsDelta, ...slowList(story, { pagesPerTick: 1 }) };

    const report = await story.sweep(slow, { mode: 'delta' });

    expect([report.mode, report.ticks, asked]).toStrictEqual(['delta', 4, 1]);
  });

  it('starts over as one where what it had kept is gone, without another batch', async () => {
    const story = await afterBaseline();
    const first = nextOf(await story.tick({ ...delta, ...slowList(story, { pagesPerTick: 1 }) }, { mode: 'delta' }));
    const { length } = await all(story.feed.store.readLog(story.id, 0));
    const { readBlob } = story.feed.store;
    change(story, {
      readBlob: async (id, name) => (name.includes('compared') ? undefined : readBlob(id, name)),
    });

    const result = await story.tick(delta, { ...first, mode: 'delta' });

    expect(result).toMatchObject({ kind: 'swept', report: { mode: 'delta', ticks: 1, evidence: { pages: 3 } } });
    const batches = (await all(story.feed.store.readLog(story.id, 0))).slice(length);
    expect(batches.filter(({ sweep }) => sweep === undefined)).toStrictEqual([]);
  });
});

describe('a list without somebody of whom the entry is lost', () => {
  it('proves nothing, and publishes what else it shows', async () => {
    const story = await afterBaseline();
    story.news();
    story.vendor.users.delete('6');
    await story.sweep();
    story.vendor.users.set('1', { ...story.vendor.users.get('1'), title: 'Head' } as never);
    change(story, { readEntriesByKeyHash: async () => [] });

    const report = await story.sweep();

    expect([report.outcome, report.failure?.code]).toStrictEqual(['incomplete', 'sweep.entries_lost']);
    expect([report.counts.deleted, story.news()]).toStrictEqual([0, ['user.updated 1']]);
  });

  it('ends the tick where the table does not answer', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('6');
    await story.sweep();
    const fault = new FeedError('store.unavailable', 'the table does not answer', { item: 'entry' });
    change(story, { readEntriesByKeyHash: () => Promise.reject(fault) });

    await expect(story.sweep()).rejects.toBe(fault);
  });
});
