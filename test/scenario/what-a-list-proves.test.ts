import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cursor } from '../../src/model/ids.ts';
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

  it('is one that is empty', async () => {
    const story = await tellStory(table, ['1', '2']);
    await story.sweep();
    story.news();
    story.vendor.users.clear();

    const reports = [await story.sweep(), await story.sweep(), await story.sweep()];

    expect(reports.map(({ deniedBy }) => deniedBy)).toStrictEqual(Array(3).fill(['list_collapsed']));
    expect(story.news()).toStrictEqual([]);
  });

  it('is one that lost over half of at least ten users', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `u${n}`);
    const story = await tellStory(table, ids);
    await story.sweep();
    for (const id of ids.slice(0, 7)) story.vendor.users.delete(id);
    const collapsed = [await story.sweep(), await story.sweep()];
    story.vendor.users.set('u0', aUser('u0'));

    const halved = [await story.sweep(), await story.sweep()];

    expect(collapsed.map(({ outcome, counts }) => [outcome, counts.deleted])).toStrictEqual(
      Array(2).fill(['incomplete', 0]),
    );
    expect(halved.map(({ outcome, counts }) => [outcome, counts.deleted])).toStrictEqual([
      ['complete', 0],
      ['complete', 6],
    ]);
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
  it('stops fetching at its deadline, and the sweep is incomplete', async () => {
    const story = await afterChanges();
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 4;
    };

    const report = await story.sweep();

    expect(report.failure?.code).toBe('sweep.out_of_time');
    expect([report.outcome, report.evidence.pages]).toStrictEqual(['incomplete', 2]);
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
