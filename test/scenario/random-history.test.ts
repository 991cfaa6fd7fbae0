import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { connectionId, cursor } from '../../src/model/ids.ts';
import { type ChangeStory, feedOf, newClient, vendorUsers } from '../support/change-story.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { hookCalls, Killed, killAt } from '../support/faulty-client.ts';
import { createConnection, leaseMs } from '../support/feed-under-test.ts';
import { aUser, listOf, scriptedVendor } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

/** The same numbers for the same seed. Source: mulberry32, public domain. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const statuses = [
  { status: 'active', rawStatus: 'active' },
  { status: 'suspended', rawStatus: 'locked' },
  { status: 'deleted', rawStatus: 'DELETED' },
] as const satisfies readonly Partial<ObservedUser>[];

/** Never touched by any history: whatever the list pretends, nobody may conclude that they are gone. */
const permanent = ['p1', 'p2', 'p3', 'p4'];
const transient = ['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9'];

async function beginStory(name: string): Promise<ChangeStory> {
  const vendor = scriptedVendor([...transient.slice(0, 5), ...permanent].map((id) => aUser(id)));
  const story = { id: connectionId(name), table, clock: { nowMs: 1_000_000 }, vendor, received: [] };
  const client = newClient(table);
  await createConnection(client, table.tableName, story.id);
  client.destroy();
  return story;
}

function changeUsers({ vendor }: ChangeStory, random: (below: number) => number): void {
  for (let change = random(4); change > 0; change -= 1) {
    const id = transient[random(transient.length)] ?? 't1';
    if (random(3) === 0) vendor.users.delete(id);
    else
      vendor.users.set(
        id,
        aUser(id, { displayName: `Name ${random(3)}`, ...statuses[random(8) === 0 ? 2 : random(2)] }),
      );
  }
}

/** What the list does this time, besides telling the truth. */
function setTraps({ vendor }: ChangeStory, random: (below: number) => number): void {
  const page = random(4);
  const lies = [
    { failAtPage: page },
    { vetoes: ['partial'] },
    { total: () => vendor.users.size + 1 },
    { rejected: [{ reason: 'id: missing' }] },
    { nextCursor: () => cursor('1') },
  ];
  vendor.traps = random(2) === 0 ? (lies[random(lies.length)] ?? {}) : {};
}

async function runTick(story: ChangeStory, random: (below: number) => number, step: number): Promise<void> {
  const client = newClient(table);
  const hooks = hookCalls(client);
  if (random(3) === 0) killAt(hooks, 1 + random(25), random(2) === 0 ? 'before' : 'after');
  const feed = feedOf(story, client);
  try {
    const settings = { baseline: 'emit' } as const;
    await feed.tick(
      listOf(story.vendor, story.id, () => story.clock.nowMs, settings),
      { holder: `worker/${step}` },
    );
    if (random(4) > 0) await feed.publish();
  } catch (error) {
    if (!(error instanceof Killed) && !((error as Error).cause instanceof Killed)) throw error;
  } finally {
    client.destroy();
  }
}

describe('any history of changes, lies of the list, kills and lost leases', () => {
  it.each(Array.from({ length: 14 }, (_, seed) => seed + 1))(
    'leaves consumers with the truth (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const story = await beginStory(`random-${seed}`);

      for (let step = 0; step < 22; step += 1) {
        changeUsers(story, random);
        setTraps(story, random);
        story.clock.nowMs += random(2) === 0 ? leaseMs + 1 : 5_000;
        await runTick(story, random, step);
      }
      story.vendor.traps = {};
      for (let calm = 0; calm < 4; calm += 1) {
        story.clock.nowMs += leaseMs + 1;
        await runTick(story, (below) => below - 1, 100 + calm);
      }

      const living = new Map([...vendorUsers(story.vendor)].filter(([, user]) => !user.endsWith(' deleted')));
      expect(contractFaults(story.received)).toStrictEqual([]);
      expect(new Map([...consume(story.received)].sort())).toStrictEqual(new Map([...living].sort()));
      const ends = story.received.filter(({ type }) => type === 'user.deleted').map(({ metadata }) => metadata.userId);
      expect(ends.filter((id) => permanent.includes(String(id)))).toStrictEqual([]);
    },
  );
});
