import { describe, expect, it } from 'vitest';
import { FeedError } from '../../../src/model/feed-error.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import type { PageComparison } from '../../../src/sweep/compare-pages.ts';
import type { SweepStore } from '../../../src/sweep/ports.ts';
import type { Sweep } from '../../../src/sweep/sweep.ts';
import { noPages } from '../../../src/sweep/walk-evidence.ts';
import { blobPrefix, weigh } from '../../../src/sweep/walk-list.ts';
import { anEvidence } from '../../support/builders.ts';
import { aUser } from '../../support/scripted-vendor.ts';
import { slowList } from '../../support/slow-list.ts';
import { type ToldStory, tellStory } from '../../support/told-story.ts';
import { aState } from '../store/sample-log.ts';

type Given = { readonly basis?: object; readonly usualGap?: number; readonly excluded?: number };

/** What a list comes to that showed seven of nine known users. */
function weighed({ basis = {}, usualGap, excluded = 0 }: Given) {
  const state = aState({ counts: { pairs: 9, live: 8, tombstones: 0 }, ...(usualGap !== undefined && { usualGap }) });
  const sweep = { held: { state }, basis: { mode: 'full', purpose: 'live', ...basis } } as unknown as Sweep;
  const comparison = {
    seen: { distinct: 7, excluded, duplicates: 1, unseenCount: 2 },
    counts: { rejectedWithoutId: 3, withoutStatus: 0 },
    rejectedWithId: 4,
  } as unknown as PageComparison;
  const progress = { walks: 2, next: null, evidence: { ...noPages, pages: 5, endedByVendor: true, retries: 6 } };
  const walked = weigh(sweep, comparison, progress);
  expect([walked.comparison, walked.progress]).toStrictEqual([comparison, progress]);
  return walked;
}

const evidence = anEvidence({
  pages: 5,
  retries: 6,
  walks: 2,
  distinctUsers: 7,
  duplicates: 1,
  rejectedWithId: 4,
  rejectedWithoutId: 3,
  unseen: 2,
  liveBefore: 8,
});

describe(weigh, () => {
  it.each<[string, Given, object]>([
    ['what its pages and the comparison say', {}, {}],
    ['who was on it without being meant, where there was anybody', { excluded: 1 }, { excludedUsers: 1 }],
    ['by how much its total used to be wrong', { usualGap: 0 }, { usualGap: 0 }],
    ['nobody unseen by a delta', { basis: { mode: 'delta' } }, { unseen: 0 }],
    ['nobody who was there before in another directory', { basis: { purpose: 'baseline' } }, { liveBefore: 0 }],
  ])('takes %s for evidence', (_, given, more) => {
    expect(weighed(given).evidence).toStrictEqual({ ...evidence, ...more });
  });

  it('says what denies that the list is complete, of a delta less than of a whole list', () => {
    expect(weighed({}).deniedBy).toStrictEqual(['row_without_id']);
  });
});

describe(blobPrefix, () => {
  it('names lease, sweep and part', () => {
    const sweep = { basis: { sweepId: sweepId('s') }, held: { lease: { connectionId: connectionId('c'), token: 7 } } };

    expect(blobPrefix(sweep as unknown as Sweep, 'compared-1')).toBe('000000000007/s/compared-1');
  });
});

const six = ['1', '2', '3', '4', '5', '6'];

/** Six users on three pages after their baseline, a minute later; all of them have got a title since. */
async function afterChanges(): Promise<ToldStory> {
  const story = await tellStory('memory', six, 2);
  await story.sweep();
  story.news();
  story.clock.nowMs += 60_000;
  for (const id of six) story.vendor.users.set(id, aUser(id, { title: 'Head' }));
  return story;
}

const allNews = six.map((id) => `user.updated ${id}`);

describe('a list that takes until the end of the tick', () => {
  it('is concluded by the next tick, which asks for no page', async () => {
    const story = await afterChanges();
    const slow = slowList(story, { pagesPerTick: 3 });

    const first = await story.tick(slow);
    const { pagesServed } = story.vendor;
    const second = first.kind === 'suspended' ? await story.tick({}, first.next) : first;

    expect(first).toMatchObject({ kind: 'suspended', pages: 3 });
    expect(second).toMatchObject({ kind: 'swept', report: { outcome: 'complete', ticks: 2, counts: { updated: 6 } } });
    expect(story.vendor.pagesServed).toBe(pagesServed);
  });

  it('is concluded by the next tick even where that has no time for a page', async () => {
    const story = await afterChanges();
    const first = await story.tick(slowList(story, { pagesPerTick: 3 }));
    if (first.kind !== 'suspended') throw new Error(`the sweep is ${first.kind}`);
    let isLater = false;
    const { readBlob } = story.feed.store;
    // Reading what was kept takes the whole tick.
    Object.assign(story.feed.store, {
      readBlob: async (...asked: Parameters<typeof readBlob>) => {
        if (!isLater) story.clock.nowMs += 60_000;
        isLater = true;
        return readBlob(...asked);
      },
    } satisfies Partial<SweepStore>);

    expect(await story.tick({}, first.next)).toMatchObject({ kind: 'swept', report: { ticks: 2 } });
  });
});

describe('a list that fails when the time of the tick is over', () => {
  it('is concluded by that tick: another one would not see more of it', async () => {
    const story = await afterChanges();
    const slow = slowList(story, {});
    const context = { vendor: 'scripted', address: 'http://127.0.0.1/users', status: 503 };
    const fetchPage: typeof slow.fetchPage = async (ask) => {
      if (ask.cursor === undefined) return slow.fetchPage(ask);
      story.clock.nowMs += 60_000;
      throw new FeedError('vendor.unavailable', 'scripted: down', context);
    };

    const result = await story.tick({ fetchPage });

    expect(result).toMatchObject({ kind: 'swept', report: { outcome: 'incomplete', evidence: { pages: 1 } } });
  });
});

describe('a list that is read once more', () => {
  it('leaves nothing of the walk before, in counts or in blobs', async () => {
    const story = await afterChanges();
    const slow = slowList(story, { pagesPerTick: 1 });
    const drift = (page: number) => (page === 0 ? ['page moved'] : []);
    let pages = 0;
    const settings = {
      fetchPage: async (ask: Parameters<typeof slow.fetchPage>[0]) => {
        const page = await slow.fetchPage(ask);
        pages += 1;
        return { ...page, evidence: { ...page.evidence, drift: drift(pages - 1) } };
      },
    };

    const report = await story.sweep(settings);

    const { walks, pages: read, duplicates } = report.evidence;
    expect([report.outcome, walks, read, duplicates, pages]).toStrictEqual(['complete', 2, 3, 0, 6]);
    expect(story.news()).toStrictEqual(allNews);
    const { blobs } = story.feed.store as unknown as { readonly blobs: ReadonlyMap<string, unknown> };
    expect([...blobs.keys()]).toStrictEqual([(await story.state()).absent.blob].filter(Boolean));
  });

  it.each([
    ['has vetoes besides', { vetoes: ['is_partial_response'] }, 1],
    ['moves every time', {}, 2],
  ])('is not read for longer where it %s', async (_, more, walks) => {
    const story = await afterChanges();
    const amended = slowList(story, {
      amend: (page) => ({ ...page, evidence: { ...page.evidence, drift: ['page moved'], ...more } }),
    });

    const report = await story.sweep(amended);

    expect([report.outcome, report.evidence.walks, report.evidence.pages]).toStrictEqual(['incomplete', walks, 3]);
  });
});

describe('what a tick has kept', () => {
  it.each<[string, (bytes: Uint8Array | undefined) => Uint8Array | undefined]>([
    ['is gone', () => undefined],
    ['does not fit', () => Uint8Array.of(1, 2, 3)],
    ['cannot be read', (bytes) => bytes?.map((byte) => (byte === '{'.charCodeAt(0) ? '!'.charCodeAt(0) : byte))],
  ])('starts the sweep over where it %s', async (_, damage) => {
    const story = await afterChanges();
    const first = await story.tick(slowList(story, { pagesPerTick: 1 }));
    const { checkpoint } = await story.state();
    const { readBlob } = story.feed.store;
    Object.assign(story.feed.store, {
      readBlob: async (...asked: Parameters<typeof readBlob>) => {
        const bytes = await readBlob(...asked);
        return checkpoint?.phase === 'walk' && asked[1] === checkpoint.compared ? damage(bytes) : bytes;
      },
    } satisfies Partial<SweepStore>);

    const second = first.kind === 'suspended' ? await story.tick({}, first.next) : first;

    expect(second).toMatchObject({ kind: 'swept', report: { outcome: 'complete', ticks: 1, evidence: { pages: 3 } } });
  });
});

describe('the window of a change', () => {
  const windowsOf = (story: ToldStory) => story.newsOf('1').map(({ metadata }) => metadata.window.notBefore);

  it('begins with the last complete sweep that showed the user', async () => {
    const story = await afterChanges();
    story.vendor.users.set('1', aUser('1'));
    const complete = await story.sweep();
    await story.sweep({}, {});
    story.vendor.users.set('1', aUser('1', { title: 'Chief' }));

    const { startedAt } = await story.sweep();

    expect(windowsOf(story)).toHaveLength(1);
    expect(windowsOf(story)[0]?.localeCompare(complete.startedAt)).toBe(1);
    expect(windowsOf(story)[0]?.localeCompare(startedAt)).toBe(-1);
  });

  it('begins with his last change where nobody knows any more whom the last complete sweep showed', async () => {
    const story = await afterChanges();
    const { lastComplete } = await story.state();
    story.vendor.users.set('1', aUser('1'));
    story.vendor.users.delete('6');
    await story.sweep();
    const { absent } = await story.state();
    const { readBlob } = story.feed.store;
    Object.assign(story.feed.store, {
      readBlob: async (of, name) => (name === absent.blob ? undefined : readBlob(of, name)),
    } satisfies Partial<SweepStore>);
    story.vendor.users.set('1', aUser('1', { title: 'Chief' }));

    await story.sweep();

    expect(absent.blob).toBeDefined();
    expect(windowsOf(story)).toStrictEqual([lastComplete?.startedAt]);
  });

  it('begins earlier for a user whom the last complete sweeps did not show', async () => {
    const story = await afterChanges();
    story.vendor.users.set('1', aUser('1'));
    const shown = await story.sweep();
    story.vendor.users.delete('1');
    await story.sweep();
    story.vendor.users.set('1', aUser('1', { title: 'Chief' }));

    await story.sweep();

    expect(windowsOf(story)).toStrictEqual([shown.startedAt]);
  });

  it('begins with the last complete sweep for the others', async () => {
    const story = await afterChanges();
    story.vendor.users.set('1', aUser('1'));
    story.vendor.users.delete('6');
    const complete = await story.sweep();
    story.vendor.users.set('1', aUser('1', { title: 'Chief' }));

    await story.sweep();

    expect(windowsOf(story)).toStrictEqual([complete.startedAt]);
  });
});

describe('a cursor that the vendor rejects', () => {
  it('is no reason to read the list once more where another fault ended it', async () => {
    const story = await afterChanges();
    const context = { vendor: 'scripted', address: 'http://127.0.0.1/users', status: 503 };
    const fetchPage = () => Promise.reject(new FeedError('vendor.unavailable', 'scripted: down', context));

    expect((await story.sweep({ fetchPage })).evidence.walks).toBe(1);
  });
});
