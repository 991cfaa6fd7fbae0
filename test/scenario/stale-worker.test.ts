import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { type ChangeStory, feedOf, newClient, prepareStory, storyList, vendorUsers } from '../support/change-story.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { hookCalls } from '../support/faulty-client.ts';
import { leaseMs } from '../support/feed-under-test.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

/** Runs a tick that falls asleep before a call; while it sleeps, its lease runs out and `meanwhile` happens. */
async function runSleeping(story: ChangeStory, call: number, meanwhile: () => Promise<void>): Promise<boolean> {
  const client = newClient(table);
  const hooks = hookCalls(client);
  let hasSlept = false;
  hooks.before = async (at) => {
    if (at !== call) return;
    hasSlept = true;
    await meanwhile();
  };
  const feed = feedOf(story, client);
  // The sleeper may find out in any way that it is late; what counts is what it leaves behind.
  await feed.tick(storyList(story), { holder: 'sleeper' }).catch(() => undefined);
  await feed.publish();
  client.destroy();
  return hasSlept;
}

/** Runs a tick whose client gives up on a call that is still on its way; answers how to let it arrive. */
async function runGivingUp(story: ChangeStory, call: number): Promise<(() => Promise<void>) | undefined> {
  const client = newClient(table);
  const hooks = hookCalls(client);
  hooks.detach = (at) => at === call;
  const feed = feedOf(story, client);
  await feed.tick(storyList(story), { holder: 'gave up' }).catch(() => undefined);
  return hooks.arrive;
}

async function sweepAndPublish(story: ChangeStory): Promise<void> {
  const client = newClient(table);
  const feed = feedOf(story, client);
  story.clock.nowMs += leaseMs + 1;
  await feed.tick(storyList(story), { holder: 'waker' });
  await feed.publish();
  client.destroy();
}

function setUsers({ vendor }: ChangeStory, users: UserChanges): void {
  for (const [id, fields] of Object.entries(users)) {
    if (fields === null) vendor.users.delete(id);
    else vendor.users.set(id, aUser(id, fields));
  }
}

type UserChanges = Record<string, Partial<ObservedUser> | null>;

const changed = {
  2: { displayName: 'Renamed 2' },
  3: { status: 'suspended', rawStatus: 'locked' },
  6: null,
  8: {},
} as const;
const changedAgain = { 2: { displayName: 'Renamed twice' }, 3: { title: 'Head' }, 6: {}, 7: {}, 8: { title: 'New' } };

/** What the sleeper saw, and what had become of it when the next worker looked. */
const stories: Record<string, { readonly sleeperSaw: UserChanges; readonly meanwhile: UserChanges }> = {
  'everything is as before': { sleeperSaw: changed, meanwhile: { 2: {}, 3: {}, 6: {}, 7: {}, 8: null } },
  'everything has changed again': { sleeperSaw: changed, meanwhile: changedAgain },
  // As many users in the index either way, so that no count gives an old digest away.
  'updates are taken back': { sleeperSaw: changed, meanwhile: { 2: {}, 3: {}, 6: {} } },
  // The next worker has nothing to commit, so that only the state tells what it has seen.
  'an absent user is back': { sleeperSaw: { 2: {}, 3: {}, 6: null, 8: null }, meanwhile: { 6: {} } },
};

/** With `EVERY_CALL=1` each story is run for every call; else for one or two, each story for others. */
const stride = process.env.EVERY_CALL === '1' ? 1 : 6 * Object.keys(stories).length;

describe('a worker that wakes up after its lease', () => {
  it.each(Object.entries(stories))('changes nothing that the next worker has settled, when %s', async (name, story) => {
    const sleeps = await atItsCalls(name, async (call) => {
      const run = await prepareStory(table, `stale ${name} ${call}`);
      setUsers(run, story.sleeperSaw);

      const hasSlept = await runSleeping(run, call, async () => {
        setUsers(run, story.meanwhile);
        await sweepAndPublish(run);
      });

      await expectSettled(run, story.sleeperSaw, { where: `asleep before call ${call}`, isInTime: !hasSlept });
      return hasSlept;
    });

    expect(sleeps).toBeGreaterThan(12);
  });
});

describe('a call that arrives after its worker gave it up', () => {
  it.each(Object.entries(stories))('changes nothing that the next worker has settled, when %s', async (name, story) => {
    const detached = await atItsCalls(name, async (call) => {
      const run = await prepareStory(table, `late ${name} ${call}`);
      setUsers(run, story.sleeperSaw);

      const arrive = await runGivingUp(run, call);
      setUsers(run, story.meanwhile);
      await sweepAndPublish(run);
      await arrive?.();

      await expectSettled(run, story.sleeperSaw, { where: `gave up call ${call}`, isInTime: arrive === undefined });
      return arrive !== undefined;
    });

    expect(detached).toBeGreaterThan(12);
  });
});

/** Runs a story for some of its calls, in order, until it makes no such call any more. Answers how many it makes. */
async function atItsCalls(name: string, run: (call: number) => Promise<boolean>): Promise<number> {
  let call = 1 + (stride === 1 ? 0 : 3 * Object.keys(stories).indexOf(name));
  while (await run(call)) call += stride;
  return call - 1;
}

/**
 * What the sleeper saw becomes true again: an old digest put back would now hide it. The user who was absent then
 * and is absent now has been there in between, so nobody may conclude that he is gone.
 */
async function expectSettled(
  run: ChangeStory,
  sleeperSaw: UserChanges,
  { where, isInTime }: { readonly where: string; readonly isInTime: boolean },
): Promise<void> {
  setUsers(run, sleeperSaw);
  await sweepAndPublish(run);
  setUsers(run, { 6: {} });
  await sweepAndPublish(run);

  expect(contractFaults(run.received), where).toStrictEqual([]);
  expect(consume(run.received), where).toStrictEqual(vendorUsers(run.vendor));
  const isDeleted = run.received.some(({ type, metadata }) => type === 'user.deleted' && metadata.userId === '6');
  if (!isInTime) expect(isDeleted, where).toBe(false);
}
