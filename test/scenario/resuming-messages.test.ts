import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedError } from '../../src/model/feed-error.ts';
import { epochMs } from '../../src/model/instant.ts';
import type { PageAsk, UserList } from '../../src/sweep/ports.ts';
import type { TickResult } from '../../src/sweep/tick.ts';
import { newClient } from '../support/change-story.ts';
import { hookCalls, Killed } from '../support/faulty-client.ts';
import { feedUnderTest, leaseMs } from '../support/feed-under-test.ts';
import { aUser, listOf } from '../support/scripted-vendor.ts';
import { slowList } from '../support/slow-list.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const nine = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Nine users on three pages after their baseline; one has changed, one has left. */
async function afterChanges() {
  const story = await tellStory(table, nine);
  await story.sweep();
  story.news();
  story.vendor.users.set('1', aUser('1', { title: 'Head' }));
  story.vendor.users.delete('9');
  story.clock.nowMs += 60_000;
  return { story, slow: slowList(story, { pagesPerTick: 1 }) };
}

/** What a tick that is not over asks the next one to do. */
function nextOf(result: TickResult) {
  if (result.kind !== 'suspended') throw new Error(`expected a suspended sweep, got ${result.kind}`);
  return result.next;
}

function reportOf(result: TickResult) {
  if (result.kind !== 'swept') throw new Error(`expected a sweep that is over, got ${result.kind}`);
  return result.report;
}

/** A tick whose process dies as soon as it asks for a page. */
async function dieAtPage({ id, vendor, clock }: ToldStory): Promise<void> {
  const client = newClient(table);
  let isDead = false;
  hookCalls(client).before = () => {
    if (isDead) throw new Killed('no call goes out any more');
  };
  const feed = feedUnderTest({ client, tableName: table.tableName, connectionId: id, clock });
  const fetchPage = async () => {
    isDead = true;
    throw new Killed('the vendor is never asked');
  };
  const list = listOf(vendor, id, () => clock.nowMs, { fetchPage });
  await expect(feed.tick(list, { holder: 'dying' })).rejects.toThrow(Killed);
  client.destroy();
  clock.nowMs += leaseMs;
}

describe('a message', () => {
  it('about a tick that is done, or about another sweep, does nothing', async () => {
    const { story, slow } = await afterChanges();
    const first = nextOf(await story.tick(slow));
    const second = nextOf(await story.tick(slow, first));
    const before = await story.state();
    const { pagesServed } = story.vendor;

    const again = await story.tick(slow, first);
    const [, other] = ['sweep', { ...second.continues, sweepId: 'another' }] as const;
    const foreign = await story.tick(slow, { continues: other as NonNullable<typeof second.continues> });
    const untouched = await story.state();

    expect([again.kind, foreign.kind, story.vendor.pagesServed]).toStrictEqual(['stale', 'stale', pagesServed]);
    expect(untouched.checkpoint).toStrictEqual(before.checkpoint);
    expect(reportOf(await story.tick(slow, nextOf(await story.tick(slow, second)))).ticks).toBe(4);
  });

  it('about a sweep that is over is stale', async () => {
    const { story, slow } = await afterChanges();
    const next = nextOf(await story.tick(slow));
    await story.sweep();

    const late = await story.tick(slow, next);

    expect(late.kind).toBe('stale');
  });

  it('for the due time goes on with the sweep under way, and one for an earlier due time does not', async () => {
    const story = await tellStory(table, nine);
    const slow = slowList(story, { pagesPerTick: 1 });
    const { dueAt: earlier } = await story.state();
    await story.sweep();
    const { sweepId } = nextOf(await story.tick(slow)).continues ?? {};

    const stale = await story.tick(slow, { dueAt: earlier });
    const due = await story.tick(slow, { dueAt: (await story.state()).dueAt });

    expect(stale.kind).toBe('stale');
    expect(nextOf(due).continues).toStrictEqual({ sweepId, tick: 3 });
  });

  it('that is lost is made up for when the connection is due: its due time moves only at the end', async () => {
    const { story, slow } = await afterChanges();
    const due = async () => {
      const found: string[] = [];
      for await (const { connectionId } of story.feed.store.dueConnections(story.clock.nowMs)) found.push(connectionId);
      return found.includes(story.id);
    };
    await story.tick(slow);
    const isDueMeanwhile = await due();
    const { dueAt } = await story.state();

    const report = await story.sweep(slow, { dueAt });

    expect(isDueMeanwhile).toBe(true);
    expect((await story.state()).dueAt > dueAt).toBe(true);
    expect([report.ticks, report.outcome, report.evidence.pages]).toStrictEqual([4, 'complete', 3]);
    expect(story.news()).toStrictEqual(['user.updated 1']);
  });
});

describe('a delta that is due', () => {
  it('waits while a full sweep is under way', async () => {
    const { story, slow } = await afterChanges();
    const settings: Partial<UserList> = { ...slow, hasDelta: true, deltaEverySeconds: 20 };
    const asked: PageAsk['updatedSince'][] = [];
    const fetchPage = slow.fetchPage;
    settings.fetchPage = async (ask) => {
      asked.push(ask.updatedSince);
      return fetchPage(ask);
    };
    await story.tick(settings);

    const meanwhile = await story.tick(settings, { mode: 'delta' });
    const report = await story.sweep(settings, { mode: 'delta' });
    const delta = await story.sweep(settings, { mode: 'delta' });

    expect([nextOf(meanwhile).continues?.tick, report.mode, delta.mode]).toStrictEqual([3, 'full', 'delta']);
    expect(asked).toStrictEqual([...Array(3).fill(undefined), ...Array(3).fill('2026-11-22T23:52:00.000Z')]);
  });
});

/** A vendor that rejects every cursor but the first so many times. */
function rejecting(
  story: ToldStory,
  page: number,
  times: number,
): Pick<UserList, 'fetchPage'> & { tries: () => number } {
  const { fetchPage } = slowList(story, { pagesPerTick: 1 });
  let tries = 0;
  return {
    tries: () => tries,
    fetchPage: async (ask) => {
      if (Number(ask.cursor ?? 0) !== page || tries === times) return fetchPage(ask);
      tries += 1;
      const context = { vendor: 'scripted', address: 'http://127.0.0.1/users', status: 400 };
      throw new FeedError('vendor.cursor_rejected', 'scripted: the cursor has expired', context);
    },
  };
}

describe('a cursor that the vendor rejects', () => {
  it('starts the list over, and what it shows then counts', async () => {
    const { story } = await afterChanges();

    const report = await story.sweep(rejecting(story, 2, 1));

    expect([report.outcome, report.evidence.walks, report.evidence.pages]).toStrictEqual(['complete', 2, 3]);
    expect([report.counts.seen, report.counts.duplicate, report.counts.missing]).toStrictEqual([8, 0, 1]);
    expect(story.news()).toStrictEqual(['user.updated 1']);
  });

  it('twice leaves the sweep incomplete: what was seen is published, nobody is missed', async () => {
    const { story } = await afterChanges();
    const settings = rejecting(story, 2, Number.POSITIVE_INFINITY);

    const reports = [await story.sweep(settings), await story.sweep(settings), await story.sweep(settings)];

    expect(settings.tries()).toBe(6);
    expect(reports.map(({ outcome, deniedBy }) => [outcome, deniedBy])).toStrictEqual(
      Array(3).fill(['incomplete', ['no_end_signal']]),
    );
    expect(reports.map(({ failure }) => failure?.code)).toStrictEqual(Array(3).fill('vendor.cursor_rejected'));
    expect(story.news()).toStrictEqual(['user.updated 1']);
    expect((await story.state()).checkpoint).toBeUndefined();
  });
});

const outOfTime: Pick<UserList, 'fetchPage'> = {
  fetchPage: async () => {
    const context = { vendor: 'scripted', address: 'http://127.0.0.1/users' };
    throw new FeedError('vendor.out_of_time', 'scripted: no time left', context);
  },
};

describe('a sweep whose ticks', () => {
  it('get no page done three times in a row ends, and says so', async () => {
    const { story, slow } = await afterChanges();
    const first = nextOf(await story.tick(slow));

    const second = await story.tick(outOfTime, first);
    const third = await story.tick(outOfTime, nextOf(second));
    const report = reportOf(await story.tick(outOfTime, nextOf(third)));
    await story.feed.publish();

    expect([report.outcome, report.failure?.code, report.ticks]).toStrictEqual(['incomplete', 'sweep.out_of_time', 4]);
    expect([report.deniedBy, report.evidence.pages, report.counts.missing]).toStrictEqual([['no_end_signal'], 1, 0]);
    expect(story.news()).toStrictEqual(['user.updated 1']);
    const { checkpoint, attempts, failures, dueAt } = await story.state();
    expect([checkpoint, attempts, failures]).toStrictEqual([undefined, 0, 1]);
    expect(epochMs(dueAt)).toBe(story.clock.nowMs + 60_000);
  });

  it('get no page done and then one go on', async () => {
    const { story, slow } = await afterChanges();

    let next = nextOf(await story.tick(outOfTime));
    next = nextOf(await story.tick(outOfTime, next));
    next = nextOf(await story.tick(slow, next));
    next = nextOf(await story.tick(outOfTime, next));
    next = nextOf(await story.tick(outOfTime, next));
    const report = await story.sweep(slow, next);

    expect([report.outcome, report.evidence.pages]).toStrictEqual(['complete', 3]);
  });

  it('have no time for the first page fails with no page at all', async () => {
    const { story } = await afterChanges();

    const report = await story.sweep(outOfTime);

    expect([report.outcome, report.failure?.code, report.ticks]).toStrictEqual(['failed', 'sweep.out_of_time', 3]);
  });

  it('are killed four times is put off further each time, and starts from its first page', async () => {
    const { story, slow } = await afterChanges();
    const { continues } = nextOf(await story.tick(slow));
    const { dueAt, checkpoint } = await story.state();
    const due: (number | string)[] = [];

    for (let kill = 0; kill < 5; kill += 1) {
      await dieAtPage(story);
      const state = await story.state();
      due.push(state.dueAt === dueAt ? 'as before' : Math.round((epochMs(state.dueAt) - story.clock.nowMs) / 60_000));
      expect(state.checkpoint).toStrictEqual(kill < 3 ? checkpoint : undefined);
    }
    const late = await story.tick(slow, { ...(continues && { continues }) });
    const report = await story.sweep();

    expect(due).toStrictEqual(['as before', 'as before', 'as before', 0, 1]);
    expect(late.kind).toBe('stale');
    expect([report.outcome, report.evidence.pages, report.ticks]).toStrictEqual(['complete', 3, 1]);
    expect(report.sweepId).not.toBe(continues?.sweepId);
    expect(story.news()).toStrictEqual(['user.updated 1']);
  });
});
