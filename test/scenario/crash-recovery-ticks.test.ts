import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeStory, vendorUsers } from '../support/change-story.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { hookCalls, Killed, killAt } from '../support/faulty-client.ts';
import { leaseMs, loggedEvents } from '../support/feed-under-test.ts';
import { newsOfSteps, prepareSteps, steps, sweepStep, withWorker } from '../support/stepwise-story.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

/** Every call takes minutes: of each sequence of so many calls, one is tried. */
const stride = process.env.EVERY_CALL === '1' ? 7 : 61;

/** Goes through the steps with a worker that is killed at a call; answers in which step, if at all. */
async function runKilled(story: ChangeStory, call: number, when: 'before' | 'after'): Promise<number> {
  return withWorker(story, async (feed, client) => {
    killAt(hookCalls(client), call, when);
    for (const [at, step] of steps.entries()) {
      step.change(story);
      try {
        await sweepStep(story, feed, step, 'killed');
      } catch (error) {
        if (!isKilled(error)) throw error;
        return at;
      }
    }
    return steps.length;
  });
}

function isKilled(error: unknown): boolean {
  return error instanceof Killed || (error instanceof Error && isKilled(error.cause));
}

/** What the next process does: the step that was interrupted, those after it, and sweeps until all is calm. */
async function recover(story: ChangeStory, from: number): Promise<readonly string[]> {
  return withWorker(story, async (feed) => {
    story.clock.nowMs += leaseMs;
    for (const [at, step] of steps.entries()) {
      if (at < from) continue;
      if (at > from) step.change(story);
      await sweepStep(story, feed, step, 'next');
    }
    for (let calm = 0; calm < 2; calm += 1)
      await sweepStep(story, feed, { change: () => undefined, pagesPerTick: 9 }, 'next');
    const events = await loggedEvents(feed.store, story.id);
    return events
      .slice(5)
      .map((event) => ('userId' in event.metadata ? `${event.type} ${event.metadata.userId}` : event.type));
  });
}

describe('a sweep over several ticks and batches that is killed', () => {
  it.each([
    ['before', 1],
    ['after', 15],
  ] as const)('loses nothing and repeats nothing, killed %s any call', async (when, first) => {
    for (let call = first; ; call += stride) {
      const story = await prepareSteps(table, `steps-${when}-${call}`);

      const killedIn = await runKilled(story, call, when);
      const news = await recover(story, killedIn);

      const where = `killed ${when} call ${call}`;
      expect(contractFaults(story.received), where).toStrictEqual([]);
      expect(consume(story.received), where).toStrictEqual(vendorUsers(story.vendor));
      expect([...news].sort(), where).toStrictEqual(newsOfSteps);
      if (killedIn === steps.length) break;
    }
  });
});
