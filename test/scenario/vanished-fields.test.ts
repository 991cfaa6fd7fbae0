import { describe, expect, it } from 'vitest';
import { type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile();

const projection = [
  { path: 'displayName' },
  { path: 'title' },
  { path: 'bio' },
  { path: 'vendorAttributes.admin' },
  { path: 'vendorAttributes.team' },
] as const;

const full = { title: 'Head', bio: 'Born', vendorAttributes: { admin: true, team: 'blue' } };

/** Ten users who have every field. */
const tenUsers = () => knowUsers(10, { projection }, full);

/** Some users, or all, without some of their fields. */
function lose(story: KnownUsers, fields: readonly string[], ids: readonly string[] = story.ids): void {
  story.show(ids, Object.fromEntries(fields.map((field) => [field, undefined])));
}

const holdsOf = async (story: KnownUsers) =>
  (await story.state()).holds.map(({ reason, fields, memberCount }) => [reason, fields, memberCount]);

describe('a field that nearly all users lose at once', () => {
  it('is held far below the numbers of the brake, and the old value stays', async () => {
    const story = await tenUsers();
    lose(story, ['title'], story.ids.slice(0, 8));

    const reports = [await story.sweep(), await story.sweep()];

    expect(reports.map(({ outcome, counts }) => [outcome, counts.held, counts.updated])).toStrictEqual(
      Array(2).fill(['held', 8, 0]),
    );
    expect(story.news()).toStrictEqual(['connection.changes_held']);
    expect(story.holdNews()).toStrictEqual(['held updated field_vanished 8']);
    expect(await holdsOf(story)).toStrictEqual([['field_vanished', ['title'], 8]]);
    expect(await story.entryOf('u1')).toMatchObject({ revision: 1, user: { title: 'Head' } });
  });

  it.each([
    ['seven of ten', 10, 7],
    ['all of four', 4, 4],
  ])('is one that over four in five lose, and five at least: the losses of %s flow', async (_, count, losers) => {
    const story = await knowUsers(count, { projection }, full);
    lose(story, ['title'], story.ids.slice(0, losers));

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.updated]).toStrictEqual(['complete', losers]);
    expect(story.newsOf('u1')[0]?.data.changes).toStrictEqual([{ field: 'title', op: 'remove', from: 'Head' }]);
  });

  it('keeps back nothing else about the same users: their events show the old value', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    story.show(['u1'], { title: undefined, bio: 'Renewed' });
    story.show(['u2'], { title: undefined, status: 'suspended', rawStatus: 'locked' });
    story.show(['u3'], { title: undefined, status: 'deleted' });

    const { counts } = await story.sweep();

    expect(counts).toMatchObject({ updated: 1, statusChanged: 1, deleted: 1, held: 10 });
    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_held',
      'user.deleted u3',
      'user.status_changed u2',
      'user.updated u1',
    ]);
    expect(story.newsOf('u1')[0]?.data).toMatchObject({
      user: { title: 'Head', bio: 'Renewed' },
      before: { bio: 'Born' },
      changedFields: ['bio'],
    });
    expect(story.newsOf('u1')[0]?.data.before).toStrictEqual({ bio: 'Born' });
    expect(story.newsOf('u2')[0]?.data.user.title).toBe('Head');
    expect(story.newsOf('u3')[0]?.data.user.title).toBe('Head');
  });

  it('goes on being held for those who have changed in another field since', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    story.show(['u1'], { title: undefined, bio: 'Renewed' });
    await story.sweep();

    const { counts } = await story.sweep();

    expect([counts.held, counts.updated]).toStrictEqual([10, 0]);
    expect(story.news()).toStrictEqual(['connection.changes_held', 'user.updated u1']);
    expect(await story.entryOf('u1')).toMatchObject({ revision: 2, user: { title: 'Head', bio: 'Renewed' } });
  });

  it('and that some have back stays held for the others, and is dissolved with the last of them', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    story.show(['u1', 'u2']);
    const partly = await story.sweep();
    const kept = await holdsOf(story);
    story.show(story.ids);

    const wholly = await story.sweep();

    expect([partly.counts.held, kept]).toStrictEqual([8, [['field_vanished', ['title'], 8]]]);
    expect([wholly.outcome, story.news()]).toStrictEqual([
      'complete',
      ['connection.changes_held', 'connection.changes_dissolved'],
    ]);
  });

  it('and that some have back, so that it would not count as vanished any more, stays held as well', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    story.news();
    story.show(['u1', 'u2', 'u3']);

    await story.sweep();

    expect([story.news(), await holdsOf(story)]).toStrictEqual([[], [['field_vanished', ['title'], 7]]]);
  });

  it('is held with another field that vanishes with it, by one hold that loses what comes back', async () => {
    const story = await tenUsers();
    lose(story, ['title', 'bio']);
    await story.sweep();
    const both = await holdsOf(story);
    lose(story, ['bio']);

    const { counts } = await story.sweep();

    expect([both, await holdsOf(story), counts.held]).toStrictEqual([
      [['field_vanished', ['bio', 'title'], 10]],
      [['field_vanished', ['bio'], 10]],
      10,
    ]);
    expect(story.news()).toStrictEqual(['connection.changes_held']);
  });

  it('is held apart from a field that vanished before', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    lose(story, ['title', 'bio']);

    await story.sweep();

    expect(await holdsOf(story)).toStrictEqual([
      ['field_vanished', ['title'], 10],
      ['field_vanished', ['bio'], 10],
    ]);
    expect(story.news()).toStrictEqual(['connection.changes_held', 'connection.changes_held']);
  });

  it('may be the word for the status, or an attribute of the vendor', async () => {
    const story = await tenUsers();
    story.show(story.ids, { rawStatus: undefined, vendorAttributes: { team: 'blue' } });
    story.show(['u1'], { rawStatus: undefined, vendorAttributes: { team: 'red' } });
    story.show(['u2'], { rawStatus: undefined, status: 'suspended', vendorAttributes: { team: 'blue' } });

    const { counts } = await story.sweep();

    expect([counts.updated, counts.statusChanged, counts.held]).toStrictEqual([1, 1, 10]);
    expect(await holdsOf(story)).toStrictEqual([['field_vanished', ['rawStatus', 'vendorAttributes.admin'], 10]]);
    expect(story.newsOf('u1')[0]?.data).toMatchObject({
      user: { rawStatus: 'active', vendorAttributes: { admin: true, team: 'red' } },
      before: { vendorAttributes: { team: 'blue' } },
      changedFields: ['vendorAttributes.team'],
    });
    expect(story.newsOf('u1')[0]?.data.status).toBeUndefined();
    expect(story.newsOf('u2')[0]?.data).toMatchObject({
      changedFields: ['status'],
      status: { from: 'active', to: 'suspended', rawFrom: 'active', rawTo: 'active' },
    });
  });
});

describe('a vanished field', () => {
  it('that an operator approves is told as removed, with whatever else changed', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    await story.decide('approved');
    story.show(['u1']);
    story.show(['u2'], { title: undefined, bio: 'Renewed' });

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.updated, counts.held]).toStrictEqual(['complete', 9, 0]);
    expect(story.newsOf('u1')).toStrictEqual([]);
    expect(story.newsOf('u2')[0]?.data.changedFields.toSorted()).toStrictEqual(['bio', 'title']);
    expect(story.newsOf('u3')[0]?.data.changes).toStrictEqual([{ field: 'title', op: 'remove', from: 'Head' }]);
    expect(story.holdNews()[1]).toBe('released updated field_vanished 9 released');
    expect((await story.state()).recent).toStrictEqual([]);
    expect((await story.entryOf('u3'))?.user.title).toBeUndefined();
  });

  it('that an operator rejects is accepted silently, and told as new when it comes back', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    await story.decide('rejected');
    story.show(['u2'], { title: undefined, bio: 'Renewed' });
    const rejected = await story.sweep();
    const quiet = await story.sweep();
    story.show(['u3']);

    await story.sweep();

    expect(rejected.counts).toMatchObject({ silent: 9, updated: 1, held: 0 });
    expect([quiet.outcome, quiet.counts.unchanged]).toStrictEqual(['complete', 10]);
    expect(story.holdNews()[1]).toBe('rejected updated field_vanished 10 rejected');
    expect(story.newsOf('u2')[0]?.data.changedFields).toStrictEqual(['bio']);
    expect(story.newsOf('u2')[0]?.data.user.title).toBeUndefined();
    expect(story.newsOf('u3')[0]?.data.changes).toStrictEqual([{ field: 'title', op: 'add', to: 'Head' }]);
    expect(story.news()).toStrictEqual([
      'connection.changes_held',
      'user.updated u2',
      'connection.changes_rejected',
      'user.updated u3',
    ]);
  });

  it('stays masked in deltas and incomplete sweeps while its hold is open, few users or many', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    story.news();
    story.show(['u1'], { title: undefined, bio: 'Renewed' });

    const reports = [await story.sweepDelta(['u1', 'u2']), await story.sweepPartly()];

    expect(reports.map(({ counts }) => [counts.updated, counts.held])).toStrictEqual([
      [1, 2],
      [0, 10],
    ]);
    expect(story.news()).toStrictEqual(['user.updated u1']);
    expect(story.newsOf('u1')[0]?.data).toMatchObject({ user: { title: 'Head' }, changedFields: ['bio'] });
    expect(await holdsOf(story)).toStrictEqual([['field_vanished', ['title'], 10]]);
  });

  it('is found by deltas and incomplete sweeps as well', async () => {
    const [story, other] = [await tenUsers(), await tenUsers()];
    lose(story, ['title'], story.ids.slice(0, 6));
    lose(other, ['title']);

    const reports = [await story.sweepDelta(story.ids.slice(0, 6)), await other.sweepPartly()];

    expect(reports.map(({ counts }) => [counts.updated, counts.held])).toStrictEqual([
      [0, 6],
      [0, 10],
    ]);
    expect([story.holdNews(), other.holdNews()]).toStrictEqual([
      ['held updated field_vanished 6'],
      ['held updated field_vanished 10'],
    ]);
  });

  it('whose hold is decided stays masked until a complete full sweep', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    await story.decide('approved');
    await story.sweepPartly();
    await story.sweepDelta(['u1', 'u2']);
    const before = story.news().filter((news) => news.startsWith('user.'));

    const { counts } = await story.sweep();

    expect([before, counts.updated]).toStrictEqual([[], 10]);
  });

  it('whose hold is decided is not held a second time by incomplete sweeps and deltas', async () => {
    const story = await tenUsers();
    lose(story, ['title']);
    await story.sweep();
    await story.decide('approved');

    await story.sweepPartly();

    expect(story.holdNews()).toStrictEqual(['held updated field_vanished 10']);
  });
});
