import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { feedEventSchema } from '../../src/events/feed-event.ts';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { userId } from '../../src/model/ids.ts';
import type { SnapshotEntry } from '../../src/model/snapshot-entry.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { contractFaults } from '../support/consumer.ts';
import { leaseMs, loggedEvents } from '../support/feed-under-test.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { placesOf } from '../support/stored-text.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { type ToldStory, tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const six = ['1', '2', '3', '4', '5', '6'];
/** In every value of the person who is to be forgotten. */
const marker = 'marker-3-';

function marked(id: string, turn: string, more: Partial<ObservedUser> = {}): ObservedUser {
  const value = `marker-${id}-${turn}`;
  const values = { displayName: value, title: value, bio: value, vendorAttributes: { badge: value } };
  return aUser(id, { ...values, emails: [{ value: `${value}@example.com` }], ...more });
}

const show = ({ vendor }: ToldStory, turn: string, ids = six, more: Partial<ObservedUser> = {}) => {
  for (const id of ids) vendor.users.set(id, marked(id, turn, more));
};
const purge = (story: ToldStory, id = '3') => story.request({ act: 'purge_user', userId: userId(id) });
const placesOfMarker = ({ id }: ToldStory) => placesOf(table, id, marker);

/** Six users with a past: an emitted baseline, a change of each, and another one of each that is held. */
async function tellOfMarked(): Promise<ToldStory> {
  const story = await tellStory(table, [], 2);
  show(story, 'first');
  await story.sweep({ baseline: 'emit' });
  show(story, 'second');
  await story.sweep();
  story.news();
  return story;
}

const strict: Partial<UserList> = { brake: { ...defaultBrakeRules, updated: { maxCount: 1, maxPercent: 1 } } };

async function entriesOf({ feed, id }: ToldStory) {
  const entries = new Map<string, SnapshotEntry>();
  for await (const entry of feed.store.readAllEntries(id)) entries.set(entry.userId, entry);
  return entries;
}

describe('a person who is purged', () => {
  it('stands nowhere any more: neither in entry nor log nor hold, while the others stay as they are', async () => {
    const story = await tellOfMarked();
    show(story, 'third');
    await story.sweep(strict);
    story.vendor.users.delete('3');
    const places = await placesOfMarker(story);
    const [before, others] = [await entriesOf(story), await placesOf(table, story.id, 'marker-4')];
    await purge(story);
    // The sweep of the same tick finds out nothing that would write anything anew.
    story.vendor.traps.failAtPage = 0;

    await story.sweep(strict);

    expect(places).toStrictEqual(['entries', 'hold', 'log']);
    expect(await placesOfMarker(story)).toStrictEqual([]);
    expect(await placesOf(table, story.id, 'marker-4')).toStrictEqual(others);
    const after = await entriesOf(story);
    expect(after.get('3')?.user).toStrictEqual({ id: '3', status: 'active', rawStatus: 'active' });
    for (const id of six.filter((other) => other !== '3')) expect(after.get(id)).toStrictEqual(before.get(id));
  });

  it('is not spoken of, uses up no number, and leaves a log that can be read', async () => {
    const story = await tellOfMarked();
    const [before, log] = [await story.state(), await loggedEvents(story.feed.store, story.id)];
    await purge(story);

    const { counts } = await story.sweep();

    const after = await story.state();
    const logged = await loggedEvents(story.feed.store, story.id);
    expect([counts.unchanged, story.news()]).toStrictEqual([6, []]);
    expect([after.sequence, after.position]).toStrictEqual([before.sequence, before.position]);
    const numbers = (events: typeof log) =>
      events.map(({ type, metadata }) => [type, metadata.sequence, metadata.eventId]);
    expect(numbers(logged)).toStrictEqual(numbers(log));
    for (const event of logged) expect(feedEventSchema.safeParse(event).error).toBeUndefined();
    expect(await story.feed.store.readRequests(story.id)).toStrictEqual([]);
    expect(await placesOfMarker(story)).toStrictEqual([]);
  });

  it('is no news while he is listed unchanged, and known again from his next change on', async () => {
    const story = await tellOfMarked();
    await purge(story);
    await story.sweep();
    await story.sweep();
    const unchanged = story.news();
    show(story, 'third', ['3'], { status: 'suspended', rawStatus: 'locked' });
    await story.sweep();
    show(story, 'fourth', ['3'], { status: 'suspended', rawStatus: 'locked' });
    await story.sweep();

    expect([unchanged, story.news()]).toStrictEqual([[], ['user.status_changed 3', 'user.updated 3']]);
    expect(story.newsOf('3').map(({ metadata }) => metadata.revision)).toStrictEqual([1, 2, 3, 4]);
    expect(JSON.stringify(story.newsOf('3')[2]?.data.before)).not.toContain(marker);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('is deleted without a word about who he was, and restored with a revision that goes on', async () => {
    const story = await tellOfMarked();
    await purge(story);
    story.vendor.users.delete('3');
    await story.sweep();
    await story.sweep();
    const deleted = story.newsOf('3').at(-1);
    story.vendor.users.set('3', aUser('3', { displayName: 'Back' }));
    await story.sweep();

    expect(deleted).toMatchObject({ type: 'user.deleted', data: { user: { id: '3', status: 'active' } } });
    expect(JSON.stringify(deleted)).not.toContain(marker);
    expect(story.newsOf('3').at(-1)).toMatchObject({
      type: 'user.created',
      data: { restored: true },
      metadata: { revision: 4 },
    });
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('is forgotten after his deletion, too', async () => {
    const story = await tellOfMarked();
    story.vendor.users.delete('3');
    await story.sweep();
    await story.sweep();
    await purge(story);
    await story.sweep();
    const places = await placesOfMarker(story);
    story.vendor.users.set('3', aUser('3'));
    await story.sweep();

    expect(places).toStrictEqual([]);
    expect(story.newsOf('3').at(-1)).toMatchObject({ data: { restored: true }, metadata: { revision: 4 } });
  });

  it('reaches no consumer with what was still to be published', async () => {
    const story = await tellOfMarked();
    show(story, 'third', ['3']);
    story.clock.nowMs += 60_000;
    await story.tick();
    story.vendor.users.delete('3');
    await purge(story);
    const told = story.received.length;
    await story.sweep();

    expect(story.news()).toStrictEqual(['user.updated 3']);
    expect(JSON.stringify(story.received.slice(told))).not.toContain(marker);
  });

  it('may be somebody whom nobody knows, and nothing happens', async () => {
    const story = await tellOfMarked();
    const before = await entriesOf(story);
    await purge(story, 'nobody');

    expect((await story.sweep()).counts.unchanged).toBe(6);
    expect(await entriesOf(story)).toStrictEqual(before);
  });
});

describe('a purge that comes at a bad time', () => {
  it('in the middle of a sweep makes it start over, and what it had kept is gone', async () => {
    const story = await tellOfMarked();
    show(story, 'third');
    const slow = () => {
      story.clock.nowMs += leaseMs / 2;
    };
    story.vendor.traps.beforePage = slow;
    await story.tick();
    await story.tick();
    const kept = await placesOf(table, story.id, `${marker}third`);
    story.vendor.users.delete('3');
    await purge(story);
    const { counts } = await story.sweep();

    expect([kept, counts.updated, counts.missing]).toStrictEqual([['blob staged'], 5, 1]);
    expect(await placesOfMarker(story)).toStrictEqual([]);
  });

  it('waits for a commit that is decided, and leaves nothing of it', async () => {
    const ids = Array.from({ length: 51 }, (_, n) => String(n + 1));
    const story = await tellStory(table, ids, 100);
    await story.sweep();
    show(story, 'second', ids);
    vi.spyOn(story.feed.store, 'appendBatch').mockRejectedValueOnce(new Error('killed'));
    await story.sweep().catch(() => undefined);
    const kept = await placesOfMarker(story);
    story.vendor.users.delete('3');
    await purge(story);

    const decided = await story.sweep();
    await story.sweep();

    expect([kept, decided.counts.updated]).toStrictEqual([['blob staged'], 51]);
    expect(await placesOfMarker(story)).toStrictEqual([]);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it.each(['rewriteEntry', 'rewriteBatch', 'deleteRequest'] as const)(
    'is done by the next tick where %s was cut short',
    async (step) => {
      const story = await tellOfMarked();
      story.vendor.users.delete('3');
      await purge(story);
      vi.spyOn(story.feed.store, step).mockRejectedValueOnce(new Error('killed'));
      await expect(story.tick()).rejects.toThrow('killed');

      await story.sweep();

      expect(await placesOfMarker(story)).toStrictEqual([]);
      expect(await story.feed.store.readRequests(story.id)).toStrictEqual([]);
      expect(contractFaults(story.received)).toStrictEqual([]);
    },
  );

  it('after a tick that was killed leaves nothing of what that one had kept', async () => {
    const story = await tellOfMarked();
    show(story, 'third');
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 2;
    };
    await story.tick();
    vi.spyOn(story.feed.store, 'releaseLease').mockRejectedValueOnce(new Error('killed'));
    await story.tick().catch(() => undefined);
    const kept = await placesOf(table, story.id, `${marker}third`);
    story.vendor.traps = {};
    story.vendor.users.delete('3');
    await purge(story);
    await story.sweep();

    expect(kept).toStrictEqual(['blob staged']);
    expect(await placesOfMarker(story)).toStrictEqual([]);
  });
});
