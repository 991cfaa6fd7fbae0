import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cursor, userId } from '../../src/model/ids.ts';
import { leaseMs } from '../support/feed-under-test.ts';
import { aUser, type ScriptedVendor } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const eight = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** Eight users, of whom the last but one has left, the first has changed, and a ninth is new. */
async function afterChanges(): Promise<ToldStory> {
  const story = await tellStory(table, eight);
  await story.sweep();
  story.news();
  story.vendor.users.delete('7');
  story.vendor.users.set('1', aUser('1', { title: 'Head' }));
  story.vendor.users.set('9', aUser('9'));
  return story;
}

/** Ways in which a list fails to prove that it is whole, and the rule that says so. */
const doubts: Record<string, readonly [traps: ScriptedVendor['traps'], rule: string]> = {
  'fails on its last page': [{ failAtPage: 2 }, 'no_end_signal'],
  'fails on its second page': [{ failAtPage: 1 }, 'no_end_signal'],
  'is vetoed by the vendor': [{ vetoes: ['is_partial_response'] }, 'vetoed'],
  'has a row without an id': [{ rejected: [{ reason: 'id: missing' }] }, 'row_without_id'],
  'shows fewer users than its total': [{ total: () => 9 }, 'total_differs'],
  'has a total that moves': [{ total: (page) => 8 + (page % 2) }, 'total_moved'],
  'repeats a cursor': [{ nextCursor: () => cursor('1') }, 'no_end_signal'],
  'goes round in a circle of two pages': [{ nextCursor: (page) => cursor(page === 1 ? '2' : '1') }, 'no_end_signal'],
};

describe('a list that proves nothing about absence', () => {
  it.each(Object.entries(doubts))('creates and updates but deletes nobody, when it %s', async (_, [traps, rule]) => {
    const story = await afterChanges();
    story.vendor.traps = traps;

    const reports = [await story.sweep(), await story.sweep(), await story.sweep()];

    expect(reports.map(({ outcome }) => outcome)).toStrictEqual(['incomplete', 'incomplete', 'incomplete']);
    for (const { deniedBy } of reports) expect(deniedBy).toContain(rule);
    expect(story.news().filter((news) => news.startsWith('user.deleted'))).toStrictEqual([]);
    expect(story.newsOf('1').map(({ type, metadata }) => [type, metadata.sweep.complete])).toStrictEqual([
      ['user.updated', false],
    ]);
  });

  it.each(Object.entries(doubts))('does not count as one of two sweeps, when it %s', async (_, [traps]) => {
    const story = await afterChanges();
    await story.sweep();
    story.vendor.traps = traps;
    await story.sweep();
    const before = story.newsOf('7').length;
    story.vendor.traps = {};

    await story.sweep();

    expect([before, ...story.newsOf('7').map(({ type }) => type)]).toStrictEqual([0, 'user.deleted']);
  });

  it.each(Object.entries(doubts))(
    'leaves its evidence and the denying rule in a report, when it %s',
    async (_, given) => {
      const [traps, rule] = given;
      const story = await afterChanges();
      const before = (await story.state()).lastComplete;
      story.vendor.traps = traps;

      const report = await story.sweep();

      const stored = await story.feed.store.readReport(story.id, report.sweepId);
      expect(stored).toStrictEqual(report);
      expect(stored?.deniedBy).toContain(rule);
      expect((await story.state()).lastComplete).toStrictEqual(before);
      expect(story.newsOf('1')[0]?.metadata.sweep).toMatchObject({ sweepId: report.sweepId, complete: false });
    },
  );
});

describe('a complete list', () => {
  it('leaves the evidence that it is one in a report, which its events name', async () => {
    const story = await afterChanges();
    story.vendor.users.set('again', aUser('2'));
    story.vendor.users.delete('3');
    story.vendor.traps = { total: () => 8, rejected: [{ id: userId('3'), reason: 'status: expected string' }] };

    const { sweepId } = await story.sweep();

    const stored = await story.feed.store.readReport(story.id, sweepId);
    expect(stored).toMatchObject({ outcome: 'complete', deniedBy: [], counts: { seen: 8, missing: 1 } });
    expect(stored?.evidence).toStrictEqual({
      pages: 3,
      endedByVendor: true,
      vetoes: [],
      drift: [],
      firstTotal: 8,
      lastTotal: 8,
      totalKind: 'hard',
      totalMoved: false,
      usualGap: 0,
      distinctUsers: 8,
      duplicates: 1,
      rejectedWithId: 1,
      rejectedWithoutId: 0,
      retries: 0,
      walks: 1,
      liveBefore: 8,
      unseen: 1,
    });
    expect(story.newsOf('1')[0]?.metadata.sweep).toMatchObject({ sweepId, complete: true, usersSeen: 8 });
  });

  it('is also one that is empty or collapsed: nobody is deleted, and a hold says why', async () => {
    const empty = await tellStory(table, ['1', '2']);
    const collapsed = await tellStory(
      table,
      Array.from({ length: 12 }, (_, n) => `u${n}`),
    );
    const stories = [empty, collapsed];
    for (const story of stories) await story.sweep();
    empty.vendor.users.clear();
    for (const id of [...collapsed.vendor.users.keys()].slice(0, 7)) collapsed.vendor.users.delete(id);

    const reports = [await empty.sweep(), await collapsed.sweep()];

    expect(reports.map(({ outcome, deniedBy, counts }) => [outcome, deniedBy, counts.deleted])).toStrictEqual(
      Array(2).fill(['held', [], 0]),
    );
    const reasons = await Promise.all(stories.map(async (story) => (await story.state()).holds[0]?.reason));
    expect(reasons).toStrictEqual(['list_empty', 'list_collapsed']);
    expect(stories.map((story) => story.news().at(-1))).toStrictEqual(Array(2).fill('connection.changes_held'));
  });
});

describe('a list that moves while it is read', () => {
  it('is read once more, and what it shows then counts', async () => {
    const story = await tellStory(table, eight);
    await story.sweep();
    story.news();
    let isFirst = true;
    story.vendor.traps = {
      total: () => story.vendor.users.size,
      beforePage: (page) => {
        // Somebody on the first page leaves, so that the first of the second page is skipped.
        if (page === 1 && isFirst) story.vendor.users.delete('1');
        if (page === 1) isFirst = false;
      },
    };

    const report = await story.sweep();

    expect([report.outcome, report.evidence.walks, report.counts.missing]).toStrictEqual(['complete', 2, 1]);
    expect(story.news()).toStrictEqual([]);
  });
});

describe('a tick', () => {
  it('stops fetching at its deadline and is suspended; the next one goes on where it was', async () => {
    const story = await afterChanges();
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 4;
    };
    const { pagesServed } = story.vendor;

    const first = await story.tick();
    const pages = story.vendor.pagesServed - pagesServed;
    const told = story.news();
    const report = await story.sweep();

    expect([first.kind, pages, told]).toStrictEqual(['suspended', 2, []]);
    expect([report.outcome, report.evidence.pages, report.ticks]).toStrictEqual(['complete', 3, 2]);
    await story.feed.publish();
    expect(story.news()).toStrictEqual(['user.updated 1', 'user.created 9']);
  });

  it('whose due time has passed to another sweep does nothing', async () => {
    const story = await afterChanges();
    const askedFor = (await story.feed.store.readState(story.id))?.dueAt;
    await story.sweep();
    const pagesBefore = story.vendor.pagesServed;

    const stale = await story.tick({}, { dueAt: askedFor });
    const pagesAfter = story.vendor.pagesServed;
    const due = await story.tick({}, { dueAt: (await story.feed.store.readState(story.id))?.dueAt });

    expect([stale.kind, pagesAfter - pagesBefore, due.kind]).toStrictEqual(['stale', 0, 'swept']);
  });

  it('takes events to the bus that have been unpublished for over five minutes', async () => {
    const story = await afterChanges();
    story.clock.nowMs += 60_000;
    await story.tick();
    const unpublished = story.news();
    story.clock.nowMs += 4 * 60_000;
    await story.tick();
    const stillUnpublished = story.news();
    story.clock.nowMs += 2 * 60_000;

    await story.tick();

    expect([unpublished, stillUnpublished]).toStrictEqual([[], []]);
    expect(story.news()).toStrictEqual(['user.updated 1', 'user.created 9', 'user.deleted 7']);
  });

  it('tells of its sweep where the connection asks for it', async () => {
    const story = await afterChanges();
    story.vendor.users.clear();
    for (const id of eight) story.vendor.users.set(id, aUser(id));

    await story.sweep({ emitSweepCompleted: true });

    expect(story.news()).toStrictEqual(['connection.sweep_completed']);
  });
});

describe('a vendor that clears out users it had reported as deleted', () => {
  it('has not lost half of its list, however many they are', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `u${n}`);
    const story = await tellStory(table, ids, 10);
    for (const id of ids.slice(0, 18))
      story.vendor.users.set(id, aUser(id, { status: 'deleted', rawStatus: 'DELETED' }));
    await story.sweep();
    story.news();
    for (const id of ids.slice(0, 18)) story.vendor.users.delete(id);

    const reports = [await story.sweep(), await story.sweep(), await story.sweep()];

    expect(reports.map(({ outcome }) => outcome)).toStrictEqual(['complete', 'complete', 'complete']);
    expect(story.news()).toStrictEqual([]);
  });
});

describe('a total that may count somebody whom the list never shows', () => {
  it('speaks against a list by a difference that is new, not by one that was there before', async () => {
    const story = await tellStory(table, eight);
    story.vendor.traps = { total: () => story.vendor.users.size + 1, totalKind: 'soft' };
    const first = [await story.sweep(), await story.sweep(), await story.sweep()];
    story.vendor.users.delete('7');
    story.vendor.traps = { total: () => 9, totalKind: 'soft' };

    const gone = [await story.sweep(), await story.sweep(), await story.sweep()];

    expect(first.map(({ outcome }) => outcome)).toStrictEqual(['incomplete', 'baseline', 'complete']);
    expect(gone.map(({ outcome, counts }) => [outcome, counts.deleted])).toStrictEqual([
      ['incomplete', 0],
      ['complete', 0],
      ['complete', 1],
    ]);
  });
});
