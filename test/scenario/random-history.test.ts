import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StagedTransition } from '../../src/diff/staged-transition.ts';
import type { BrakeRules } from '../../src/model/brake.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { connectionId, cursor, type HoldId, userId } from '../../src/model/ids.ts';
import { instant } from '../../src/model/instant.ts';
import type { SweepContinuation } from '../../src/sweep/dispatch-ports.ts';
import type { PageAsk, UserList } from '../../src/sweep/ports.ts';
import { type ChangeStory, feedOf, newClient, vendorUsers } from '../support/change-story.ts';
import { consume, contractFaults } from '../support/consumer.ts';
import { hookCalls, Killed, killAt } from '../support/faulty-client.ts';
import { createConnection, type FeedUnderTest, leaseMs, type TickSettings } from '../support/feed-under-test.ts';
import { type HoldWatch, watchHolds } from '../support/hold-watch.ts';
import { aUser, listOf, scriptedVendor } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

type Random = (below: number) => number;

/** With `EVERY_CALL=1` many, else a few. */
const seeds = process.env.EVERY_CALL === '1' ? 60 : 2;

/** The same numbers for the same seed. Source: mulberry32, public domain. */
function createRandom(seed: number): Random {
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
const few = { maxCount: 2, maxPercent: 0 };
const brake: BrakeRules = { deleted: few, status_changed: few, updated: few, created: { maxCount: 12, maxPercent: 0 } };

/** A history under way: the connection, an operator beside it, and what only the test knows. */
type History = ChangeStory & {
  readonly random: Random;
  readonly operator: FeedUnderTest;
  readonly watch: HoldWatch;
  /** Users of whom consumers need not know the truth: a rejection or an erasure has silenced something. */
  readonly silenced: Set<string>;
  readonly messages: SweepContinuation[];
};

async function beginHistory(seed: number): Promise<History> {
  const vendor = scriptedVendor([...transient.slice(0, 5), ...permanent].map((id) => aUser(id)));
  const story = { id: connectionId(`random-${seed}`), table, clock: { nowMs: 1_000_000 }, vendor, received: [] };
  const client = newClient(table);
  await createConnection(client, table.tableName, story.id);
  const operator = feedOf(story, client);
  const watch = watchHolds(operator.store, story.id);
  return { ...story, random: createRandom(seed), operator, watch, silenced: new Set(), messages: [] };
}

function changeUsers({ vendor, random }: History): void {
  for (let change = random(4); change > 0; change -= 1) {
    const id = transient[random(transient.length)] ?? 't1';
    const bulk = random(6) === 0 && { bio: 'x'.repeat(80_000) };
    if (random(3) === 0) vendor.users.delete(id);
    else
      vendor.users.set(
        id,
        aUser(id, { displayName: `Name ${random(3)}`, ...statuses[random(8) === 0 ? 2 : random(2)], ...bulk }),
      );
  }
}

/** What the list does this time, besides telling the truth; and how long each page takes. */
function setTraps({ vendor, random, clock }: History): void {
  const page = random(4);
  const lies = [
    { failAtPage: page },
    { vetoes: ['partial'] },
    { total: () => vendor.users.size + 1 },
    { rejected: [{ reason: 'id: missing' }] },
    { rejected: [{ id: userId(transient[random(transient.length)] ?? 't1'), reason: 'title: expected string' }] },
    { nextCursor: () => cursor('1') },
  ];
  const slowness = random(3) === 0 ? 0 : random(4) * 8_000;
  const beforePage = () => {
    clock.nowMs += random(2) * slowness;
  };
  vendor.traps = { ...(random(2) === 0 ? (lies[random(lies.length)] ?? {}) : {}), beforePage };
}

/** The list as it is shown: now and then without names, and a delta never shows everybody. */
function listNow({ vendor, id, clock, random }: History): UserList {
  const settings = { baseline: 'emit', hasDelta: true, deltaEverySeconds: 30, brake } as const;
  const list = listOf(vendor, id, () => clock.nowMs, settings);
  const isNameless = random(8) === 0;
  const withoutName = ({ displayName: _, ...nameless }: ObservedUser): ObservedUser => nameless;
  return {
    ...list,
    async fetchPage(ask: PageAsk) {
      const page = await list.fetchPage(ask);
      const users = page.users.filter(() => ask.updatedSince === undefined || random(3) > 0);
      return { ...page, users: isNameless ? users.map(withoutName) : users };
    },
  };
}

/** Operators decide on a hold, or have somebody forgotten. */
async function operate(history: History, step: number): Promise<void> {
  const { random, operator, id, clock, silenced } = history;
  const asked = {
    connectionId: id,
    requestId: String(step).padStart(4, '0'),
    at: instant(clock.nowMs),
    by: 'operator',
  };
  const [hold] = (await operator.store.readState(id))?.holds ?? [];
  if (random(12) === 0) {
    const user = random(2) === 0 ? 'p4' : 't9';
    // What comes back of an erased user is no news.
    silenced.add(user);
    await operator.store.writeRequest({ ...asked, act: 'purge_user', userId: userId(user) });
  } else if (hold !== undefined && random(3) === 0) {
    const verdict = random(3) === 0 ? 'rejected' : 'approved';
    await operator.store.writeRequest({ ...asked, act: 'decide_hold', holdId: hold.holdId, verdict });
    history.watch.noteDecision(hold.holdId);
    if (verdict === 'rejected') await noteSilenced(history, hold.holdId);
  }
}

async function noteSilenced({ operator, id, silenced }: History, holdId: HoldId): Promise<void> {
  const { preview = [] } = (await operator.store.readHold(id, holdId)) ?? {};
  for (const { entry } of preview as readonly StagedTransition[]) silenced.add(entry.userId);
}

/** Whatever is in the queue: the next tick, one that was long done, the due time, or somebody who asks for a delta. */
async function nextAsk({ random, messages, operator, id }: History): Promise<TickSettings> {
  const continues = messages[random(3) === 0 ? random(messages.length + 1) : messages.length - 1];
  if (random(2) === 0 && continues !== undefined) return { continues };
  if (random(3) === 0) return { mode: 'delta' };
  return random(2) === 0 ? { dueAt: (await operator.store.readState(id))?.dueAt } : {};
}

async function runTick(history: History, step: number): Promise<void> {
  const { random, messages } = history;
  const ask = await nextAsk(history);
  const client = newClient(table);
  if (random(3) === 0) killAt(hookCalls(client), 1 + random(40), random(2) === 0 ? 'before' : 'after');
  const feed = feedOf(history, client);
  try {
    const result = await feed.tick(listNow(history), { holder: `worker/${step}`, ...ask });
    if (result.kind === 'suspended' && result.next.continues) messages.push(result.next.continues);
    if (random(4) > 0) await feed.publish();
  } catch (error) {
    if (!(error instanceof Killed) && !((error as Error).cause instanceof Killed)) throw error;
  } finally {
    client.destroy();
  }
  await history.watch.look();
}

/** The list tells the truth, nobody dies, and every hold is approved, until nothing happens any more. */
async function calmDown(history: History): Promise<void> {
  const { vendor, clock, operator, id } = history;
  vendor.traps = {};
  const list = listOf(vendor, id, () => clock.nowMs, { baseline: 'emit', brake });
  for (let calm = 0; calm < 7; calm += 1) {
    clock.nowMs += leaseMs + 1;
    const asked = { connectionId: id, at: instant(clock.nowMs), by: 'operator', act: 'decide_hold' } as const;
    for (const { holdId } of (await operator.store.readState(id))?.holds ?? []) {
      await operator.store.writeRequest({ ...asked, requestId: `calm ${holdId}`, holdId, verdict: 'approved' });
      history.watch.noteDecision(holdId);
    }
    await operator.tick(list, { holder: `calm/${calm}` });
    await operator.publish();
    await history.watch.look();
  }
}

describe('any history of changes, lies of the list, kills, lost leases, decisions and erasures', () => {
  it.each(Array.from({ length: seeds }, (_, seed) => seed + 1))(
    'leaves consumers with the truth (seed %i)',
    async (seed) => {
      const history = await beginHistory(seed);

      for (let step = 0; step < 18; step += 1) {
        changeUsers(history);
        setTraps(history);
        history.clock.nowMs += history.random(2) === 0 ? leaseMs + 1 : 5_000;
        await operate(history, step);
        await runTick(history, step);
      }
      await calmDown(history);

      const isCertain = ([id]: readonly [string, string]) => !history.silenced.has(id);
      const living = [...vendorUsers(history.vendor)].filter(([, user]) => !user.endsWith(' deleted'));
      expect(contractFaults(history.received)).toStrictEqual([]);
      expect(history.watch.faults).toStrictEqual([]);
      expect([...consume(history.received)].filter(isCertain).sort()).toStrictEqual(living.filter(isCertain).sort());
      const ends = history.received
        .filter(({ type }) => type === 'user.deleted')
        .map(({ metadata }) => metadata.userId);
      expect(ends.filter((id) => permanent.includes(String(id)))).toStrictEqual([]);
    },
  );
});
