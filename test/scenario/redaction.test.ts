import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProtector } from '../../src/diff/protect-user.ts';
import { composeEvents } from '../../src/events/compose-events.ts';
import { defaultBrakeRules } from '../../src/model/brake.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { instant } from '../../src/model/instant.ts';
import type { Protection } from '../../src/model/protection.ts';
import { publishLog } from '../../src/publish/publish-log.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import { contractFaults } from '../support/consumer.ts';
import { leaseMs, readWholeLog } from '../support/feed-under-test.ts';
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
/** In every value that is to be protected, and in nothing else. */
const marker = 'marker-';
const projection: UserList['projection'] = [
  { path: 'bio' },
  { path: 'displayName' },
  { path: 'emails', keepWhenAbsent: true },
  { path: 'phones' },
  { path: 'title' },
  { path: 'vendorAttributes.badge' },
];
const protection: Protection = {
  redact: ['title', 'vendorAttributes.badge', 'externalId'],
  hash: ['bio', 'emails', 'phones', 'userName', 'createdAt'],
};
const open: Partial<UserList> = { projection };
const closed: Partial<UserList> = { projection, protection };

function marked(id: string, turn: string, more: Partial<ObservedUser> = {}): ObservedUser {
  const value = `${marker}${turn}-${id}`;
  return aUser(id, {
    userName: `${value}-name`,
    externalId: value,
    createdAt: instant(0),
    bio: value,
    emails: [{ value: `${value}@example.com`, type: 'work' }],
    phones: [{ value, type: 'home' }],
    title: value,
    vendorAttributes: { badge: value, seat: 7 },
    ...more,
  });
}

async function tellOfMarked(settings: Partial<UserList>): Promise<ToldStory> {
  const story = await tellStory(table, six, 2);
  for (const id of six) story.vendor.users.set(id, marked(id, 'first'));
  await story.sweep(settings);
  return story;
}

const everything = (story: ToldStory, reports: readonly SweepReport[]) => JSON.stringify([story.received, reports]);

/** A life with a change of every kind, a hold, and a sweep of several ticks. Answers where the marker was on the way. */
async function live(settings: Partial<UserList>) {
  const story = await tellOfMarked(settings);
  const { vendor } = story;
  const places = new Set<string>();
  const look = async () => {
    for (const place of await placesOf(table, story.id, marker)) places.add(place);
  };
  for (const id of six.slice(0, 4)) vendor.users.set(id, marked(id, 'second'));
  const held = await story.sweep({
    ...settings,
    brake: { ...defaultBrakeRules, updated: { maxCount: 1, maxPercent: 1 } },
  });
  await look();
  await story.decide('approved');
  vendor.users.delete('5');
  vendor.users.set('6', marked('6', 'third', { status: 'suspended', rawStatus: 'locked' }));
  vendor.users.set('7', marked('7', 'third'));
  vendor.traps.beforePage = () => {
    story.clock.nowMs += leaseMs / 2;
  };
  await story.tick(settings);
  await look();
  await story.tick(settings);
  await look();
  vendor.traps = {};
  const reports = [held, await story.sweep(settings), await story.sweep(settings), await story.sweep(settings)];
  await look();
  return { story, places: [...places].sort(), reports };
}

describe('fields that are redacted or hashed', () => {
  it('stand nowhere: neither stored, nor held, nor kept between ticks, nor published, reported or printed', async () => {
    const printed = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    const { story, places, reports } = await live(closed);

    const happened = ['user.updated 1', 'user.updated 2', 'user.updated 3', 'user.updated 4', 'user.deleted 5'];
    expect(story.news()).toStrictEqual(
      expect.arrayContaining([...happened, 'user.status_changed 6', 'user.created 7']),
    );
    expect(places).toStrictEqual([]);
    expect(everything(story, reports)).not.toContain(marker);
    expect(JSON.stringify(printed.flatMap(({ mock }) => mock.calls.map(String)))).not.toContain(marker);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });

  it('would stand in entries, log, hold and checkpoint otherwise', async () => {
    const { story, places, reports } = await live(open);

    expect(places).toStrictEqual(['blob staged', 'entries', 'hold', 'log']);
    expect(everything(story, reports)).toContain(marker);
  });

  it('are no change where they are redacted, and still one where they are hashed', async () => {
    const story = await tellOfMarked(closed);
    const change = (id: string, field: 'title' | 'emails' | 'bio') =>
      story.vendor.users.set(id, { ...marked(id, 'first'), [field]: marked(id, 'second')[field] });
    change('1', 'title');
    change('2', 'emails');
    change('3', 'bio');

    const { counts } = await story.sweep(closed);

    expect(counts.unchanged).toBe(4);
    expect(story.newsOf('2').map(({ data }) => data.changedFields)).toStrictEqual([['emails']]);
    const hashed = expect.stringMatching(/^hashed:[0-9a-f]{32}$/);
    expect(story.newsOf('3')[0]?.data.changes).toStrictEqual([
      { field: 'bio', op: 'replace', from: hashed, to: hashed },
    ]);
    expect(story.newsOf('2')[0]?.data.user).toMatchObject({
      emails: [{ type: 'work' }],
      vendorAttributes: { seat: 7 },
    });
    expect(story.newsOf('2')[0]?.data.user).not.toHaveProperty('createdAt');
  });
});

/** What consumers are given who ask for the whole log once more, by the settings of now. */
async function replay({ feed, id }: ToldStory, now: Protection, digestKey: string): Promise<string> {
  const entries: unknown[] = [];
  await publishLog(
    {
      store: { ...feed.store, readPublished: async () => 0, advancePublished: async () => undefined },
      bus: { putEntries: async (put) => void entries.push(...put) },
      protectorOf: async () => createProtector(now, digestKey),
    },
    id,
  );
  return JSON.stringify(entries);
}

describe('a redaction that comes later', () => {
  it('rewrites the entries of everybody listed with the next complete sweep, silently', async () => {
    const story = await tellOfMarked(open);
    story.vendor.users.set('1', marked('1', 'second'));
    await story.sweep(open);
    story.news();

    const { outcome, counts } = await story.sweep(closed);
    await story.sweep(closed);

    expect([outcome, counts.silent, story.news()]).toStrictEqual(['complete', 6, []]);
    expect(await placesOf(table, story.id, marker)).toStrictEqual(['log']);
  });

  it('takes fields that do not count out of entries, too', async () => {
    const story = await tellStory(table, six);
    for (const id of six) story.vendor.users.set(id, aUser(id, { avatar: `${marker}${id}` }));
    await story.sweep(open);
    story.news();

    await story.sweep({ projection, protection: { redact: ['avatar'], hash: [] } });

    expect(story.news()).toStrictEqual([]);
    expect(await placesOf(table, story.id, marker)).toStrictEqual(['log']);
  });

  it('shows in no event of then, and in none that is published again', async () => {
    const story = await tellOfMarked(open);
    story.vendor.users.set('1', marked('1', 'second'));
    story.vendor.users.delete('5');
    await story.sweep(open);
    const before = JSON.stringify(story.received);
    const told = story.received.length;
    story.vendor.users.set('1', marked('1', 'third', { displayName: 'Renamed' }));

    const { counts } = await story.sweep(closed);
    story.vendor.users.delete('1');
    await story.sweep(closed);
    await story.sweep(closed);

    expect([counts.deleted, counts.updated]).toStrictEqual([1, 1]);
    expect(before).toContain(marker);
    expect(story.news().slice(-3)).toStrictEqual(['user.updated 1', 'user.deleted 5', 'user.deleted 1']);
    expect(JSON.stringify(story.received.slice(told))).not.toContain(marker);
    const { digestKey } = await story.state();
    const again = await replay(story, protection, digestKey);
    expect(again).toContain('user.updated');
    expect(again).not.toContain(marker);
    expect(await replay(story, { redact: [], hash: [] }, digestKey)).toContain(marker);
  });

  it('hashes what the vendor leaves out and the snapshot keeps', async () => {
    const story = await tellOfMarked(open);
    const { emails: _, ...withoutEmails } = marked('1', 'first', { displayName: 'Renamed' });
    story.vendor.users.set('1', withoutEmails);
    story.news();
    const told = story.received.length;

    await story.sweep(closed);

    expect(story.news()).toStrictEqual(['user.updated 1']);
    expect(story.newsOf('1')[0]?.data.user.emails).toStrictEqual([
      { value: expect.stringMatching(/^hashed:/), type: 'work' },
    ]);
    expect(JSON.stringify(story.received.slice(told))).not.toContain(marker);
    expect(await placesOf(table, story.id, marker)).toStrictEqual(['log']);
  });

  it('comes in the middle of a sweep, which drops what it had kept', async () => {
    const story = await tellOfMarked(open);
    for (const id of six) story.vendor.users.set(id, marked(id, 'second'));
    story.vendor.traps.beforePage = () => {
      story.clock.nowMs += leaseMs / 2;
    };
    await story.tick(open);
    const kept = await placesOf(table, story.id, `${marker}second`);
    await story.tick(closed);
    const swapped = await placesOf(table, story.id, `${marker}second`);
    const told = story.received.length;
    await story.sweep(closed);

    expect([kept, swapped]).toStrictEqual([['blob staged'], []]);
    expect(JSON.stringify(story.received.slice(told))).not.toContain(marker);
  });

  it('comes between a decision and its commit, which then tells nothing of it', async () => {
    const ids = Array.from({ length: 51 }, (_, n) => `u${n}`);
    const story = await tellStory(table, ids, 100);
    await story.sweep(open);
    for (const id of ids) story.vendor.users.set(id, marked(id, 'second', { displayName: 'Renamed' }));
    vi.spyOn(story.feed.store, 'appendBatch').mockRejectedValueOnce(new Error('killed'));
    await story.sweep(open).catch(() => undefined);
    const kept = await placesOf(table, story.id, marker);

    const { counts } = await story.sweep(closed);

    expect([kept, counts.updated]).toStrictEqual([['blob staged'], 51]);
    expect(await placesOf(table, story.id, marker)).toStrictEqual([]);
    expect(JSON.stringify(story.received)).not.toContain(marker);
  });

  it('is taken back, and what comes in again is no news', async () => {
    const story = await tellOfMarked(closed);
    story.news();

    const { counts } = await story.sweep(open);
    story.vendor.users.set('1', marked('1', 'second'));
    await story.sweep(open);

    expect([counts.silent, story.news()]).toStrictEqual([6, ['user.updated 1']]);
    expect(story.newsOf('1')[0]?.data.before).toMatchObject({ title: `${marker}first-1` });
  });
});

describe('thin events', () => {
  it('tell what changed, and no values, also when they are composed again', async () => {
    const { story, reports } = await live({ ...open, payload: 'thin' });

    expect(everything(story, reports)).not.toContain(marker);
    expect(story.newsOf('6').find(({ type }) => type === 'user.status_changed')?.data).toStrictEqual({
      user: { id: '6', status: 'suspended' },
      changedFields: expect.arrayContaining(['bio', 'rawStatus', 'status']),
      changes: expect.arrayContaining([{ field: 'bio', op: 'replace' }]),
      status: { from: 'active', to: 'suspended' },
      thin: true,
    });
    const log = await readWholeLog(story.feed.store, story.id);
    expect(JSON.stringify(log.flatMap(composeEvents))).not.toContain(marker);
    expect(contractFaults(story.received)).toStrictEqual([]);
  });
});
