import { describe, expect, it } from 'vitest';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile();

/** No number is too high for this brake. */
const noBrake = { brake: brakeOf({ deleted: { maxCount: 1_000, maxPercent: 100 } }) };

const outcomes = (
  reports: readonly { outcome: string; counts: { held: number; deleted: number; missing: number } }[],
) => reports.map(({ outcome, counts }) => [outcome, counts.held, counts.deleted, counts.missing]);

const sweepTimes = async (story: KnownUsers, times: number) => {
  const reports = [];
  for (let sweep = 0; sweep < times; sweep += 1) reports.push(await story.sweep());
  return reports;
};

const deletedOf = (ids: readonly string[]) => ids.map((id) => `user.deleted ${id}`);

describe('an empty list', () => {
  it.each([2, 12])('of %i users known before is complete and held at once, whatever the brake', async (count) => {
    const story = await knowUsers(count, noBrake);
    story.remove(story.ids);

    const reports = await sweepTimes(story, 4);

    expect(outcomes(reports)).toStrictEqual(Array(4).fill(['held', count, 0, count]));
    expect(reports.flatMap(({ deniedBy }) => deniedBy)).toStrictEqual([]);
    expect(story.news()).toStrictEqual(['connection.changes_held']);
    expect(story.holdNews()).toStrictEqual([`held deleted list_empty ${count}`]);
    expect((await story.state()).counts.live).toBe(count);
  });

  it('after which everybody is back dissolves its hold, and nothing has happened', async () => {
    const story = await knowUsers(5);
    story.remove(story.ids);
    await sweepTimes(story, 2);
    story.show(story.ids);

    const reports = await sweepTimes(story, 2);

    expect(outcomes(reports)).toStrictEqual(Array(2).fill(['complete', 0, 0, 0]));
    expect(story.holdNews()).toStrictEqual(['held deleted list_empty 5', 'dissolved deleted list_empty 5 dissolved']);
    expect((await story.state()).holds).toStrictEqual([]);
  });

  it('that an operator approves deletes everybody, once each has been absent for long enough', async () => {
    const story = await knowUsers(4, { ...noBrake, deletion: { confirmSweeps: 3, probe: false, maxProbes: 0 } });
    story.remove(story.ids);
    await story.sweep();
    await story.decide('approved');

    const reports = await sweepTimes(story, 3);

    expect(outcomes(reports)).toStrictEqual([
      ['complete', 0, 0, 4],
      ['complete', 0, 4, 0],
      ['complete', 0, 0, 0],
    ]);
    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_held',
      'connection.changes_released',
      ...deletedOf(story.ids),
    ]);
    expect((await story.state()).counts).toStrictEqual({ pairs: 0, live: 0, tombstones: 4 });
  });

  it('that an operator rejects is accepted silently: whoever returns is new, not restored', async () => {
    const story = await knowUsers(3, noBrake);
    story.remove(story.ids);
    await story.sweep();
    await story.decide('rejected');
    const [report] = await sweepTimes(story, 2);
    story.show(['u1']);

    await story.sweep();

    expect(report?.counts).toMatchObject({ silent: 3, deleted: 0, held: 0 });
    expect(story.news()).toStrictEqual(['connection.changes_held', 'connection.changes_rejected', 'user.created u1']);
    expect(story.newsOf('u1')[0]?.data.restored).toBeUndefined();
    expect(story.newsOf('u1')[0]?.metadata).toMatchObject({ revision: 3, reason: { code: 'appeared' } });
  });

  it('of users who are all reported as deleted already is nothing special', async () => {
    const story = await knowUsers(3, noBrake);
    story.show(story.ids, { status: 'deleted' });
    await story.sweep();
    story.news();
    story.remove(story.ids);

    const reports = await sweepTimes(story, 2);

    expect(outcomes(reports)).toStrictEqual([
      ['complete', 0, 0, 3],
      ['complete', 0, 0, 0],
    ]);
    expect(story.news()).toStrictEqual([]);
  });
});

describe('a list that lost over half of its users', () => {
  it('is complete and held at once, whatever the brake, while its other changes flow', async () => {
    const story = await knowUsers(12, noBrake);
    const lost = story.ids.slice(0, 7);
    story.remove(lost);
    story.show(['u9'], { title: 'Head' });
    story.show(['u10'], { status: 'suspended' });
    story.show(['new']);

    const reports = await sweepTimes(story, 3);

    expect(outcomes(reports)).toStrictEqual(Array(3).fill(['held', 7, 0, 7]));
    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_held',
      'user.created new',
      'user.status_changed u10',
      'user.updated u9',
    ]);
    expect(story.holdNews()).toStrictEqual(['held deleted list_collapsed 7']);
  });

  it.each([
    ['half of ten', 10, 5],
    ['all but one of nine', 9, 8],
  ])('is a proof like any other where it lost %s', async (_, count, lost) => {
    const story = await knowUsers(count, noBrake);
    story.remove(story.ids.slice(0, lost));

    const reports = await sweepTimes(story, 2);

    expect(outcomes(reports)).toStrictEqual([
      ['complete', 0, 0, lost],
      ['complete', 0, lost, 0],
    ]);
  });

  it('is one as well where the vendor reports them as deleted, all or some', async () => {
    const reported = await knowUsers(12, noBrake);
    reported.show(reported.ids.slice(0, 7), { status: 'deleted' });
    const both = await knowUsers(12, noBrake);
    both.show(both.ids.slice(0, 4), { status: 'deleted' });
    both.remove(both.ids.slice(4, 7));

    const reports = [await reported.sweep(), await both.sweep()];

    expect(outcomes(reports)).toStrictEqual([
      ['held', 7, 0, 0],
      ['held', 7, 0, 3],
    ]);
    for (const story of [reported, both]) {
      expect(story.news()).toStrictEqual(['connection.changes_held']);
      expect(story.holdNews()).toStrictEqual(['held deleted list_collapsed 7']);
    }
  });

  it('publishes what was approved and nothing else, though the list is still as short', async () => {
    const story = await knowUsers(12, noBrake);
    const lost = story.ids.slice(0, 7);
    story.remove(lost);
    await story.sweep();
    await story.decide('approved');
    story.show(['u1']);
    story.remove(['u12']);

    const reports = await sweepTimes(story, 2);

    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_held',
      'connection.changes_released',
      'user.deleted u12',
      ...deletedOf(lost.slice(1)),
    ]);
    expect(outcomes(reports)).toStrictEqual([
      ['complete', 0, 6, 1],
      ['complete', 0, 1, 0],
    ]);
    expect(story.holdNews()[1]).toBe('released deleted list_collapsed 6 released');
  });

  it('is held a second time only for others, where they are all or over half of ten again', async () => {
    const story = await knowUsers(30, noBrake);
    story.remove(story.ids.slice(0, 16));
    await story.sweep();
    story.remove(story.ids.slice(16, 24));
    const again = await story.sweep();
    story.remove(story.ids);

    const empty = await story.sweep();

    expect([again, empty].map(({ counts }) => counts.held)).toStrictEqual([24, 30]);
    expect(story.holdNews()).toStrictEqual([
      'held deleted list_collapsed 16',
      'held deleted list_collapsed 8',
      'held deleted list_empty 6',
    ]);
    expect(story.news()).toStrictEqual(Array(3).fill('connection.changes_held'));
  });

  it('and gets some of them back keeps holding the others, though it is less than half by now', async () => {
    const story = await knowUsers(12, noBrake);
    const lost = story.ids.slice(0, 7);
    story.remove(lost);
    await story.sweep();
    story.show(lost.slice(0, 5));

    const reports = await sweepTimes(story, 3);

    expect(outcomes(reports)).toStrictEqual(Array(3).fill(['held', 2, 0, 2]));
    expect(story.news()).toStrictEqual(['connection.changes_held']);
    expect((await story.state()).holds).toMatchObject([{ memberCount: 2, reason: 'list_collapsed' }]);
  });
});

describe('the hold on a list that collapsed', () => {
  it('shows the deletions it would become, with who they are', async () => {
    const story = await knowUsers(12, noBrake, { title: 'Head' });
    story.remove(story.ids.slice(0, 7));
    await story.sweep();

    const [hold] = (await story.state()).holds;
    const record = hold && (await story.feed.store.readHold(story.id, hold.holdId));

    const preview = record?.preview as { entry: { userId: string; user: unknown }; change: { type: string } }[];
    expect(preview.map(({ entry, change }) => `${change.type} ${entry.userId}`).toSorted()).toStrictEqual(
      story.ids.slice(0, 7).map((id) => `deleted ${id}`),
    );
    expect(preview.map(({ entry }) => entry.user)).toStrictEqual(
      Array(7).fill(expect.objectContaining({ title: 'Head' })),
    );
  });
});
