import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import { connectionId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { type ChangeStory, feedOf, newClient, type StoryTable } from './change-story.ts';
import { createConnection, type FeedUnderTest } from './feed-under-test.ts';
import { aUser, listOf, scriptedVendor } from './scripted-vendor.ts';
import { slowList } from './slow-list.ts';

/** One sweep of a story: what happens before it, and how it is asked for. */
export type Step = {
  readonly change: (story: ChangeStory) => void;
  /** Whether open holds are approved first. */
  readonly approves?: true;
  readonly mode?: 'delta';
  readonly pagesPerTick: number;
};

/** Larger than a third of a log batch, and small when compressed. */
const bulk = 'x'.repeat(100_000);

/** A commit of two batches with a deletion and a hold, over four ticks; the hold's release; a delta. */
export const steps: readonly Step[] = [
  {
    change: ({ vendor: { users } }) => {
      users.set('1', aUser('1', { title: 'Head' }));
      for (const id of ['2', '3']) users.set(id, aUser(id, { status: 'suspended', rawStatus: 'locked' }));
      for (const id of ['5', '6', '7', '8']) users.set(id, aUser(id, { bio: bulk }));
    },
    pagesPerTick: 1,
  },
  { change: ({ vendor: { users } }) => users.set('9', aUser('9')), approves: true, pagesPerTick: 2 },
  { change: ({ vendor: { users } }) => users.set('1', aUser('1', { title: 'Chief' })), mode: 'delta', pagesPerTick: 2 },
];

/** What consumers hear of all steps, whenever a worker dies. */
export const newsOfSteps = [
  ...['connection.changes_held', 'connection.changes_released'],
  ...['5', '6', '7', '8', '9'].map((id) => `user.created ${id}`),
  ...['user.deleted 4', 'user.status_changed 2', 'user.status_changed 3', 'user.updated 1', 'user.updated 1'],
];

/** Four users known by an emitted baseline (5 events), the last of them absent once. */
export async function prepareSteps(table: StoryTable, name: string): Promise<ChangeStory> {
  const clock = { nowMs: Date.UTC(2026, 10, 23) };
  const vendor = scriptedVendor(['1', '2', '3', '4'].map((id) => aUser(id)));
  const story = { id: connectionId(name), table, clock, vendor, received: [] };
  const client = newClient(table);
  await createConnection(client, table.tableName, story.id);
  const feed = feedOf(story, client);
  await feed.tick(stepList(story, 9));
  vendor.users.delete('4');
  clock.nowMs += 60_000;
  await feed.tick(stepList(story, 9));
  await feed.publish();
  client.destroy();
  return story;
}

export function stepList(story: ChangeStory, pagesPerTick: number): UserList {
  const { id, vendor, clock } = story;
  return listOf(vendor, id, () => clock.nowMs, {
    baseline: 'emit',
    hasDelta: true,
    brake: { ...defaultBrakeRules, status_changed: { maxCount: 1, maxPercent: 0 } },
    ...slowList(story, { pagesPerTick }),
  });
}

/** Sweeps a step to its end, and publishes; what changed has changed before. */
export async function sweepStep(story: ChangeStory, feed: FeedUnderTest, step: Step, holder: string): Promise<void> {
  const { approves, mode, pagesPerTick } = step;
  story.clock.nowMs += 60_000;
  if (approves) await approveAll(story, feed);
  const list = stepList(story, pagesPerTick);
  let result = await feed.tick(list, { holder, ...(mode && { mode }) });
  while (result.kind === 'suspended') result = await feed.tick(list, { holder, ...result.next });
  await feed.publish();
}

async function approveAll({ id, clock }: ChangeStory, { store }: FeedUnderTest): Promise<void> {
  const asked = { connectionId: id, at: instant(clock.nowMs), by: 'operator', act: 'decide_hold' } as const;
  for (const { holdId } of (await store.readState(id))?.holds ?? [])
    await store.writeRequest({ ...asked, requestId: holdId, holdId, verdict: 'approved' });
}

/** A worker with a client of its own, for as long as it is needed. */
export async function withWorker<T>(
  story: ChangeStory,
  work: (feed: FeedUnderTest, client: DynamoDBClient) => Promise<T>,
): Promise<T> {
  const client = newClient(story.table);
  try {
    return await work(feedOf(story, client), client);
  } finally {
    client.destroy();
  }
}
