import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeStory } from '../support/change-story.ts';
import { vendorUsers } from '../support/change-story.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { hookCalls } from '../support/faulty-client.ts';
import { leaseMs } from '../support/feed-under-test.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { prepareSteps, type Step, steps, sweepStep, withWorker } from '../support/stepwise-story.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

/** Every call takes minutes: of each sequence of so many calls, one is tried. */
const stride = process.env.EVERY_CALL === '1' ? 7 : 47;
const calmly: Step = { change: () => undefined, pagesPerTick: 9 };
const [changes = calmly] = steps;

/** Goes through the ticks of a sweep with a worker that falls asleep before a call, and does not know it. */
async function runSleeping(story: ChangeStory, call: number, meanwhile: () => Promise<void>): Promise<boolean> {
  return withWorker(story, async (feed, client) => {
    let hasSlept = false;
    hookCalls(client).before = async (at) => {
      if (at !== call) return;
      hasSlept = true;
      await meanwhile();
    };
    // The sleeper may find out in any way that it is late; what counts is what it leaves behind.
    await sweepStep(story, feed, changes, 'sleeper').catch(() => undefined);
    await feed.publish();
    return hasSlept;
  });
}

/** Sweeps while the other sleeps; `ticks`: until its own time is over, and the sweep goes on afterwards. */
async function wake(story: ChangeStory, pagesPerTick: number): Promise<void> {
  story.clock.nowMs += leaseMs + 1;
  await withWorker(story, (feed) => sweepStep(story, feed, { ...calmly, pagesPerTick }, 'waker'));
}

/** What has become of the list while the sleeper slept. */
const meanwhile: Record<string, (story: ChangeStory) => void> = {
  'everything is as it was before': ({ vendor: { users } }) => {
    for (const id of ['1', '2', '3', '4']) users.set(id, aUser(id));
    for (const id of ['5', '6', '7', '8']) users.delete(id);
  },
  'everybody has changed once more': ({ vendor: { users } }) => {
    for (const id of ['1', '2', '3', '4', '5']) users.set(id, aUser(id, { displayName: `Renamed ${id}` }));
    users.set('9', aUser('9'));
  },
  'nothing has changed': () => undefined,
};

describe('a worker that sleeps past its lease in a sweep of several ticks and batches', () => {
  it.each(Object.entries(meanwhile))(
    'changes nothing that the next worker has settled, when %s',
    async (name, change) => {
      for (let call = 2; ; call += stride) {
        const story = await prepareSteps(table, `stale ${name} ${call}`);
        changes.change(story);

        const hasSlept = await runSleeping(story, call, async () => {
          change(story);
          await wake(story, 2);
        });
        await wake(story, 9);
        await withWorker(story, (feed) => sweepStep(story, feed, { ...calmly, approves: true }, 'waker'));
        await wake(story, 9);

        const where = `asleep before call ${call}`;
        expect(contractFaults(story.received), where).toStrictEqual([]);
        expect(consume(story.received), where).toStrictEqual(vendorUsers(story.vendor));
        if (!hasSlept) break;
      }
    },
  );
});
