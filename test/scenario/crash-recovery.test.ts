import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeStory, feedOf, newClient, prepareStory, storyList, vendorUsers } from '../support/change-story.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { hookCalls, Killed, killAt } from '../support/faulty-client.ts';
import { leaseMs, loggedEvents } from '../support/feed-under-test.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

/** One run that is killed at a call; answers whether it was. */
async function runKilled(story: ChangeStory, call: number, when: 'before' | 'after'): Promise<boolean> {
  const client = newClient(table);
  killAt(hookCalls(client), call, when);
  const feed = feedOf(story, client);
  try {
    await feed.tick(storyList(story), { holder: 'killed' });
    await feed.publish();
    return false;
  } catch (error) {
    if (!isKilled(error)) throw error;
    return true;
  } finally {
    client.destroy();
  }
}

function isKilled(error: unknown): boolean {
  return error instanceof Killed || (error instanceof Error && isKilled(error.cause));
}

/** What the next process does: leftovers, then sweeps until everything has settled. */
async function recover(story: ChangeStory): Promise<readonly string[]> {
  const client = newClient(table);
  const feed = feedOf(story, client);
  for (let sweep = 0; sweep < 3; sweep += 1) {
    story.clock.nowMs += leaseMs;
    await feed.tick(storyList(story), { holder: 'next' });
    await feed.publish();
  }
  const events = await loggedEvents(feed.store, story.id);
  client.destroy();
  return events.map(({ type }) => type);
}

/** With `EVERY_CALL=1` before and after each call; else at every fourth, in turns. */
const stride = process.env.EVERY_CALL === '1' ? 1 : 4;

describe('a tick that is killed', () => {
  it.each(['before', 'after'] as const)('loses nothing and repeats nothing, killed %s any call', async (when) => {
    let kills = 0;
    for (let call = when === 'before' || stride === 1 ? 1 : 3; ; call += stride) {
      const story = await prepareStory(table, `killed-${when}-${call}`);

      const isKilledHere = await runKilled(story, call, when);
      const types = await recover(story);

      const where = `killed ${when} call ${call}`;
      expect(contractFaults(story.received), where).toStrictEqual([]);
      expect(consume(story.received), where).toStrictEqual(vendorUsers(story.vendor));
      const changes = ['user.created', 'user.deleted', 'user.status_changed', 'user.updated'];
      expect(types.slice(8).sort(), where).toStrictEqual(changes);
      if (!isKilledHere) break;
      kills += stride;
    }

    expect(kills).toBeGreaterThan(15);
  });
});
