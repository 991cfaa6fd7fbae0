import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UserId, userId } from '../../src/model/ids.ts';
import { aUser } from '../support/scripted-vendor.ts';
import { startTestTable, type TestTable } from '../support/test-table.ts';
import { tellStory } from '../support/told-story.ts';

let table: TestTable;

beforeAll(async () => {
  table = await startTestTable();
});

afterAll(() => table.close());

const five = ['1', '2', '3', '4', '5'];

async function afterBaseline(ids: readonly string[] = five) {
  const story = await tellStory(table, ids);
  await story.sweep();
  story.news();
  return story;
}

describe('a user who', () => {
  it('is listed for the first time is created', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.set('6', aUser('6'));

    await sweep();

    expect(news()).toStrictEqual(['user.created 6']);
    expect(newsOf('6')[0]?.data).toMatchObject({ user: { id: '6' }, status: { to: 'active', rawTo: 'active' } });
    expect(newsOf('6')[0]?.metadata).toMatchObject({ revision: 1, origin: 'live', reason: { code: 'appeared' } });
  });

  it('has another title is updated, with the old value and the new one', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.set('2', aUser('2', { title: 'Head' }));
    await sweep();
    vendor.users.set('2', aUser('2', { title: 'Chief' }));

    await sweep();

    expect(news()).toStrictEqual(['user.updated 2', 'user.updated 2']);
    expect(newsOf('2')[1]?.data).toMatchObject({
      before: { title: 'Head' },
      changedFields: ['title'],
      changes: [{ field: 'title', op: 'replace', from: 'Head', to: 'Chief' }],
    });
    expect(newsOf('2').map(({ metadata }) => metadata.revision)).toStrictEqual([2, 3]);
  });

  it('has another status as well as another title has one event, of the status', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.set('2', aUser('2', { title: 'Head', status: 'suspended', rawStatus: 'locked' }));

    await sweep();

    expect(news()).toStrictEqual(['user.status_changed 2']);
    expect(newsOf('2')[0]?.data.status).toStrictEqual({
      from: 'active',
      to: 'suspended',
      rawFrom: 'active',
      rawTo: 'locked',
    });
    expect(newsOf('2')[0]?.data.changedFields.toSorted()).toStrictEqual(['rawStatus', 'status', 'title']);
  });

  it('is listed without a status keeps the one he had', async () => {
    const { vendor, sweep, news } = await afterBaseline();
    const { status: _status, rawStatus: _rawStatus, ...withoutStatus } = aUser('2');
    vendor.users.set('2', withoutStatus);

    await sweep();

    expect(news()).toStrictEqual([]);
  });

  it('is absent once and back again is no news, however often', async () => {
    const { vendor, sweep, news } = await afterBaseline();

    for (let round = 0; round < 3; round += 1) {
      vendor.users.delete('5');
      await sweep();
      vendor.users.set('5', aUser('5'));
      await sweep();
    }

    expect(news()).toStrictEqual([]);
  });

  it('is absent from two complete sweeps in a row is deleted, once, with the evidence', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.delete('1');
    const first = await sweep();
    const second = await sweep();
    await sweep();

    expect([first.counts.missing, first.counts.deleted, second.counts.deleted]).toStrictEqual([1, 0, 1]);
    expect(news()).toStrictEqual(['user.deleted 1']);
    const [deletion] = newsOf('1');
    expect(deletion?.data.status).toStrictEqual({ from: 'active', to: 'deleted', rawFrom: 'active' });
    expect(deletion?.data.user).toMatchObject({ id: '1', displayName: 'User 1' });
    expect(deletion?.metadata.reason).toStrictEqual({
      code: 'absent_from_complete_sweeps',
      evidence: { missedSweeps: 2, lastSeenAt: '2026-11-23T00:01:00.000Z' },
    });
    expect(deletion?.metadata.window).toStrictEqual({
      notBefore: '2026-11-23T00:01:00.000Z',
      notAfter: '2026-11-23T00:03:00.000Z',
    });
  });

  it('returns after his deletion is created as restored, and his revision goes on', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.delete('3');
    await sweep();
    await sweep();
    vendor.users.set('3', aUser('3'));

    await sweep();

    expect(news()).toStrictEqual(['user.deleted 3', 'user.created 3']);
    expect(newsOf('3')[1]).toMatchObject({
      data: { restored: true },
      metadata: { revision: 3, reason: { code: 'reappeared' } },
    });
  });

  it('is reported as deleted is deleted at once, and his disappearance is no news', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.set('2', aUser('2', { status: 'deleted', rawStatus: 'DELETED' }));
    await sweep();
    await sweep();
    vendor.users.delete('2');
    await sweep();
    await sweep();
    await sweep();

    expect(news()).toStrictEqual(['user.deleted 2']);
    expect(newsOf('2')[0]?.metadata.reason).toStrictEqual({ code: 'vendor_reported' });
  });

  it('cannot be read, but has an id, is neither changed nor missed', async () => {
    const { vendor, sweep, news } = await afterBaseline();
    vendor.users.delete('4');
    vendor.traps.rejected = [{ id: userId('4'), reason: 'status: expected string' }];

    const reports = [await sweep(), await sweep(), await sweep()];

    expect(news()).toStrictEqual([]);
    expect(reports.map(({ outcome, counts }) => [outcome, counts.rejected, counts.missing])).toStrictEqual(
      Array(3).fill(['complete', 1, 0]),
    );
  });

  it('stands in the list twice is one user, as the later row shows him', async () => {
    const { vendor, sweep, news, newsOf } = await afterBaseline();
    vendor.users.set('again', { ...aUser('2', { title: 'Later' }) });
    vendor.users.set('2', aUser('2', { title: 'Earlier' }));

    const { counts } = await sweep();

    expect([counts.seen, counts.duplicate]).toStrictEqual([5, 1]);
    expect(news()).toStrictEqual(['user.updated 2']);
    expect(newsOf('2')[0]?.data.user.title).toBe('Later');
  });
});

describe('a baseline', () => {
  it('is silent by default, and says that it is done', async () => {
    const story = await tellStory(table, five);

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.seen, counts.silent, counts.created]).toStrictEqual(['baseline', 5, 5, 0]);
    expect(story.news()).toStrictEqual(['connection.baseline_completed']);
  });

  it('publishes everyone as created where that is asked for', async () => {
    const story = await tellStory(table, ['1', '2']);

    await story.sweep({ baseline: 'emit' });

    expect(story.news()).toStrictEqual(['user.created 1', 'user.created 2', 'connection.baseline_completed']);
    expect(story.received.map(({ metadata }) => metadata.origin)).toStrictEqual(['baseline', 'baseline', 'baseline']);
  });

  it('ends only complete: an interrupted list commits nothing', async () => {
    const story = await tellStory(table, five);
    story.vendor.traps.failAtPage = 1;

    const first = await story.sweep({ baseline: 'emit' });
    delete story.vendor.traps.failAtPage;
    const second = await story.sweep({ baseline: 'emit' });

    expect([first.outcome, second.outcome]).toStrictEqual(['incomplete', 'baseline']);
    expect(story.news()).toHaveLength(6);
  });

  it('of many users grows the index, and the next sweep finds nothing changed', async () => {
    const story = await tellStory(
      table,
      Array.from({ length: 700 }, (_, n) => `u${n}`),
      100,
    );

    await story.sweep();
    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.unchanged, counts.silent]).toStrictEqual(['complete', 700, 0]);
    expect(story.news()).toStrictEqual(['connection.baseline_completed']);
  });
});

describe('another list', () => {
  it('of another directory is a new baseline, which nobody leaves or joins loudly', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('1');
    story.vendor.users.set('9', aUser('9'));
    story.vendor.users.set('2', aUser('2', { displayName: 'Somebody else' }));

    const moved = await story.sweep({ directory: 'another directory' });
    const next = await story.sweep({ directory: 'another directory' });

    expect([moved.outcome, next.outcome]).toStrictEqual(['baseline', 'complete']);
    expect(story.news()).toStrictEqual(['connection.baseline_completed']);
  });

  it('cut differently publishes what changed of the users in both, as repair, and deletes nobody', async () => {
    const story = await afterBaseline();
    story.vendor.users.delete('1');
    story.vendor.users.set('9', aUser('9'));
    story.vendor.users.set('2', aUser('2', { title: 'Head' }));
    const scope = '{"status":"active"}';

    const cut = await story.sweep({ scope });
    const next = [await story.sweep({ scope }), await story.sweep({ scope })];

    expect([cut.outcome, ...next.map(({ outcome }) => outcome)]).toStrictEqual(['complete', 'complete', 'complete']);
    expect(story.news()).toStrictEqual(['user.updated 2']);
    expect(story.newsOf('2')[0]?.metadata.origin).toBe('repair');
  });
});

describe('fields that begin or cease to count', () => {
  it('are absorbed without a flood, while real changes of other fields flow', async () => {
    const story = await afterBaseline();
    for (const id of five) story.vendor.users.set(id, aUser(id, { title: `Title ${id}`, bio: `Bio ${id}` }));
    await story.sweep();
    story.news();
    const withBio = [{ path: 'bio' }, { path: 'displayName' }, { path: 'title' }] as const;
    story.vendor.users.set('3', aUser('3', { title: 'New title', bio: 'New bio' }));

    const widened = await story.sweep({ projection: withBio });
    story.vendor.users.set('4', aUser('4', { title: 'Title 4', bio: 'Newer bio' }));
    await story.sweep({ projection: withBio });
    await story.sweep({ projection: withBio, ignoredFields: ['title'] });
    const rolledBack = await story.sweep();

    expect(story.news()).toStrictEqual(['user.updated 3', 'user.updated 4']);
    expect(story.newsOf('3').at(-1)?.data.changedFields).toStrictEqual(['title']);
    expect([widened.counts.silent, rolledBack.outcome]).toStrictEqual([4, 'complete']);
  });
});

describe('a user id', () => {
  it('that is unusual as a word is a user like any other', async () => {
    const ids = ['__proto__', 'constructor', 'a#b', 'ünï', 'x'.repeat(400), ' '] as UserId[];
    const story = await tellStory(table, ids);
    await story.sweep({ baseline: 'emit' });
    for (const id of ids) story.vendor.users.delete(id);
    story.vendor.users.set('1', aUser('1'));
    for (const id of ids.slice(1)) story.vendor.users.set(id, aUser(id));
    await story.sweep();

    await story.sweep();

    expect(story.news().toSorted().at(-2)).toBe('user.created ünï');
    expect(story.newsOf('__proto__').map(({ type }) => type)).toStrictEqual(['user.created', 'user.deleted']);
  });
});
