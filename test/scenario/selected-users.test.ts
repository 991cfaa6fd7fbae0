import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedError } from '../../src/model/feed-error.ts';
import type { UserRules } from '../../src/model/user-rules.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { selectUsers } from '../../src/vendors/select-users.ts';
import { aUser, listOf } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const noRobots: UserRules = { exclude: { userTypes: ['robot'] } };

/** The list of a story as a connection with these rules sees it, with a hard total. */
function selected(story: ToldStory, rules: UserRules): Partial<UserList> {
  story.vendor.traps.total = () => story.vendor.users.size;
  const whole = listOf(story.vendor, story.id, () => story.clock.nowMs);
  return {
    scope: JSON.stringify(rules),
    fetchPage: async (ask) => selectUsers(await whole.fetchPage(ask), rules),
  };
}

/** Six users, of whom the second and the fifth are robots, after the baseline. */
async function tellOfRobots(): Promise<{ readonly story: ToldStory; readonly list: Partial<UserList> }> {
  const story = await tellStory(table, ['1', '2', '3', '4', '5', '6']);
  for (const id of ['2', '5']) story.vendor.users.set(id, aUser(id, { userType: 'robot' }));
  const list = selected(story, noRobots);
  await story.sweep(list);
  story.news();
  return { story, list };
}

describe('a connection about some of the users', () => {
  it('counts the others towards the total, and neither sees nor knows them', async () => {
    const { story, list } = await tellOfRobots();

    const { outcome, counts, evidence } = await story.sweep(list);

    expect([outcome, counts.seen, evidence.excludedUsers, evidence.lastTotal]).toStrictEqual(['complete', 4, 2, 6]);
    expect(story.news()).toStrictEqual([]);
  });

  it('is incomplete where somebody is missing besides them', async () => {
    const { story, list } = await tellOfRobots();
    story.vendor.traps.total = () => 7;

    expect((await story.sweep(list)).deniedBy).toStrictEqual(['total_differs']);
  });

  it('lets whoever becomes one of the others leave its scope, after as many sweeps as anybody', async () => {
    const { story, list } = await tellOfRobots();
    story.vendor.users.set('3', aUser('3', { userType: 'robot' }));

    const outcomes = [(await story.sweep(list)).outcome, (await story.sweep(list)).outcome];

    expect(outcomes).toStrictEqual(['complete', 'complete']);
    expect(story.newsOf('3').map(({ type, metadata }) => [type, metadata.reason.code])).toStrictEqual([
      ['user.deleted', 'left_scope'],
    ]);
  });

  it('does not say of one of the others who is gone next that as many lists have missed him', async () => {
    const { story, list } = await tellOfRobots();
    story.vendor.users.set('3', aUser('3', { userType: 'robot' }));
    await story.sweep(list);
    story.vendor.users.delete('3');
    await story.sweep(list);

    expect(story.newsOf('3').map(({ type, metadata }) => [type, metadata.reason.code])).toStrictEqual([
      ['user.deleted', 'left_scope'],
    ]);
  });

  it('says that lists have missed him once as many have since he was seen again', async () => {
    const { story, list } = await tellOfRobots();
    for (const userType of ['robot', 'person']) {
      story.vendor.users.set('3', aUser('3', { userType }));
      await story.sweep(list);
    }
    story.vendor.users.delete('3');
    await story.sweep(list);
    await story.sweep(list);

    expect(story.newsOf('3').at(-1)).toMatchObject({
      type: 'user.deleted',
      metadata: { reason: { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 2 } } },
    });
  });

  it('deletes nobody because of a changed rule', async () => {
    const { story } = await tellOfRobots();
    story.vendor.users.set('6', aUser('6', { userType: 'guest' }));
    const noGuests = selected(story, { exclude: { userTypes: ['guest'] } });

    await story.sweep(noGuests);
    await story.sweep(noGuests);
    const { counts } = await story.sweep(noGuests);

    expect(counts.seen).toBe(5);
    expect(story.news().filter((news) => !news.startsWith('connection.'))).toStrictEqual([]);
  });
});

describe('a page request', () => {
  it('is given the deadline of its tick', async () => {
    const { story } = await tellOfRobots();
    const deadlines: (number | undefined)[] = [];
    const whole = listOf(story.vendor, story.id, () => story.clock.nowMs);

    const { startedAt } = await story.sweep({
      fetchPage: (ask) => {
        deadlines.push(ask.deadlineMs);
        return whole.fetchPage(ask);
      },
    });

    expect(new Set(deadlines)).toStrictEqual(new Set([Date.parse(startedAt) + 30_000]));
  });

  it('that ends there means that the tick ran out of time, not that the vendor is down', async () => {
    const { story } = await tellOfRobots();

    const { outcome, failure } = await story.sweep({
      fetchPage: async () => {
        throw new FeedError('vendor.out_of_time', 'too late', { vendor: 'scripted', address: 'http://127.0.0.1' });
      },
    });

    expect([outcome, failure?.code]).toStrictEqual(['failed', 'sweep.out_of_time']);
  });
});
