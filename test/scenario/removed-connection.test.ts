import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { FeedStore } from '../../src/store/create-store.ts';
import { contractFaults } from '../support/consumer.ts';
import { leaseMs } from '../support/feed-under-test.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { placesOf } from '../support/stored-text.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const five = ['1', '2', '3', '4', '5'];

/** A connection with settings, five users, and one of them gone from the list since. */
async function tellOfConnection(): Promise<ToldStory> {
  const story = await tellStory(table, five);
  await save(story);
  await story.sweep();
  story.vendor.users.delete('5');
  story.news();
  return story;
}

const save = ({ id, feed, clock }: ToldStory) =>
  feed.store.saveConnection(settingsOf(id), () => 'another digest key altogether', clock.nowMs);

function settingsOf(id: Connection['id']): Connection {
  return {
    id,
    vendor: 'scripted',
    tenantId: 'tenant',
    baseUrl: 'https://users.example',
    credentials: {},
    everySeconds: 60,
    baseline: 'silent',
    deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
    brake: defaultBrakeRules,
    ignoredFields: [],
    protection: { redact: [], hash: [] },
    payload: 'full',
    emitSweepCompleted: false,
    options: {},
  };
}

async function isDue({ id, feed, clock }: ToldStory): Promise<boolean> {
  for await (const due of feed.store.dueConnections(clock.nowMs + 30 * 86_400_000))
    if (due.connectionId === id) return true;
  return false;
}

const remove = (story: ToldStory) => story.request({ act: 'remove_connection' });

describe('a connection that is removed', () => {
  it('says so once, deletes nobody, and is neither configured nor due any more', async () => {
    const story = await tellOfConnection();
    const wasDue = await isDue(story);
    await remove(story);

    const result = await story.tick();
    const again = await story.tick();
    await story.feed.publish();

    expect([wasDue, result.kind, again.kind]).toStrictEqual([true, 'removed', 'removed']);
    expect(story.news()).toStrictEqual(['connection.removed']);
    expect(contractFaults(story.received)).toStrictEqual([]);
    expect(await story.feed.store.readConnection(story.id)).toBeUndefined();
    expect(await story.feed.store.readRequests(story.id)).toStrictEqual([]);
    expect(await isDue(story)).toBe(false);
    expect((await story.state()).counts.live).toBe(5);
  });

  it('gives up the sweep that it was in the middle of, and what that had kept', async () => {
    const story = await tellOfConnection();
    story.vendor.users.set('1', aUser('1', { title: 'Head' }));
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 2;
    };
    const begun = await story.tick();
    const kept = await placesOf(table, story.id, 'Head');
    await remove(story);

    const result = await story.tick();
    await story.feed.publish();

    expect(kept).toStrictEqual(['blob staged']);
    expect([begun.kind, result.kind, (await story.state()).checkpoint]).toStrictEqual([
      'suspended',
      'removed',
      undefined,
    ]);
    expect(story.news()).toStrictEqual(['connection.removed']);
    expect(await placesOf(table, story.id, 'Head')).toStrictEqual([]);
  });

  it('ends its holds, of which nobody can decide any more', async () => {
    const story = await tellOfConnection();
    for (const id of five.slice(0, 4)) story.vendor.users.set(id, aUser(id, { title: 'Head' }));
    await story.sweep({ brake: { ...defaultBrakeRules, updated: { maxCount: 1, maxPercent: 1 } } });
    await remove(story);
    await story.tick();

    expect((await story.state()).holds).toStrictEqual([]);
    for await (const { end } of story.feed.store.listHolds(story.id)) expect(end).toBeDefined();
  });
});

describe('a connection that is added again', () => {
  it('goes on with epoch, sequence and revisions, and begins with a baseline', async () => {
    const story = await tellOfConnection();
    story.vendor.users.set('2', aUser('2', { title: 'Head' }));
    await story.sweep();
    await remove(story);
    await story.tick();
    const before = await story.state();
    story.vendor.users.set('3', aUser('3', { title: 'While nobody looked' }));
    story.vendor.users.delete('4');

    await save(story);
    const isDueAgain = await isDue(story);
    const first = await story.sweep();
    story.vendor.users.set('2', aUser('2', { title: 'Chief' }));
    const next = await story.sweep();

    expect([isDueAgain, first.purpose, first.outcome, next.outcome]).toStrictEqual([
      true,
      'baseline',
      'baseline',
      'complete',
    ]);
    expect(story.news()).toStrictEqual([
      'user.updated 2',
      'connection.removed',
      'connection.baseline_completed',
      'user.updated 2',
    ]);
    expect(contractFaults(story.received)).toStrictEqual([]);
    expect(story.newsOf('2').map(({ metadata }) => metadata.revision)).toStrictEqual([2, 3]);
    const after = await story.state();
    expect([after.epoch, after.sequence, after.digestKey]).toStrictEqual([
      before.epoch,
      before.sequence + 2,
      before.digestKey,
    ]);
    expect(await story.feed.store.readConnection(story.id)).toMatchObject({ vendor: 'scripted' });
  });

  it('publishes everyone in its list as created where its baseline is to be emitted', async () => {
    const story = await tellOfConnection();
    await remove(story);
    await story.tick();
    story.vendor.users.set('2', aUser('2', { title: 'Head' }));
    await save(story);

    await story.sweep({ baseline: 'emit' });

    expect(story.news()).toStrictEqual([
      'connection.removed',
      ...['1', '2', '3', '4'].map((id) => `user.created ${id}`),
      'connection.baseline_completed',
    ]);
  });

  it('over another directory takes nobody in it for the user of the same id in the old one', async () => {
    const story = await tellOfConnection();
    story.vendor.users.set('2', aUser('2', { emails: [{ value: 'old@example.com' }] }));
    await story.sweep();
    await remove(story);
    await story.tick();
    await save(story);
    story.vendor.users.set('2', aUser('2', { displayName: 'Another 2' }));
    await story.sweep({ directory: 'another directory' });
    story.vendor.users.set('2', aUser('2', { displayName: 'Another 2', title: 'Head' }));

    await story.sweep({ directory: 'another directory' });

    expect(story.newsOf('2').at(-1)?.data.user).not.toHaveProperty('emails');
  });

  it('can be removed a second time', async () => {
    const story = await tellOfConnection();
    await remove(story);
    await story.tick();
    await save(story);
    await story.sweep();
    await remove(story);
    await story.tick();
    await story.feed.publish();

    expect(story.news()).toStrictEqual(['connection.removed', 'connection.baseline_completed', 'connection.removed']);
  });

  it('is not removed by the request that removed it before', async () => {
    const story = await tellOfConnection();
    await remove(story);
    vi.spyOn(story.feed.store, 'deleteRequest').mockRejectedValueOnce(new Error('killed'));
    await expect(story.tick()).rejects.toThrow('killed');
    const leftOver = await story.feed.store.readRequests(story.id);
    story.clock.nowMs += 1;
    await save(story);

    const { outcome } = await story.sweep();

    expect([leftOver.length, outcome]).toStrictEqual([1, 'baseline']);
    expect(story.news()).toStrictEqual(['connection.removed', 'connection.baseline_completed']);
    expect(await story.feed.store.readRequests(story.id)).toStrictEqual([]);
    expect(await story.feed.store.readConnection(story.id)).toBeDefined();
  });
});

/** The writes of a removal, in their order. */
const steps = [
  'appendBatch',
  'saveState',
  'deleteConnection',
  'deleteRequest',
] as const satisfies readonly (keyof FeedStore)[];

/** Kills the tick at a write: before it is carried out, or after. */
function killAt({ feed: { store } }: ToldStory, step: (typeof steps)[number], when: 'before' | 'after'): void {
  const carryOut = store[step].bind(store) as (...asked: unknown[]) => Promise<unknown>;
  const killed = async (...asked: unknown[]) => {
    if (when === 'after') await carryOut(...asked);
    throw new Error('killed');
  };
  vi.spyOn(store, step).mockImplementationOnce(killed as never);
}

async function removeWithCrash(story: ToldStory, step: (typeof steps)[number], when: 'before' | 'after') {
  await remove(story);
  killAt(story, step, when);
  await expect(story.tick()).rejects.toThrow('killed');
  story.clock.nowMs += 2 * leaseMs;
  const { kind } = await story.tick();
  await story.feed.publish();
  return kind;
}

const crashes = steps.flatMap((step) => (['before', 'after'] as const).map((when) => [when, step] as const));

describe('a removal that is cut short', () => {
  it.each(crashes)('%s %s is finished by the next tick', async (when, step) => {
    const story = await tellOfConnection();

    const kind = await removeWithCrash(story, step, when);

    expect(kind).toBe('removed');
    expect(story.news()).toStrictEqual(['connection.removed']);
    expect(await story.feed.store.readConnection(story.id)).toBeUndefined();
    expect(await story.feed.store.readRequests(story.id)).toStrictEqual([]);
  });
});
