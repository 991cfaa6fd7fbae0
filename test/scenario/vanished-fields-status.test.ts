import { describe, expect, it } from 'vitest';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import { type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';
import { aUser } from '../support/scripted-vendor.ts';

const knowUsers = knownUsersOfFile();

/** Nobody has a status any more, apart from the last so many. */
function loseStatus(story: KnownUsers, kept = 0, fields: Partial<ObservedUser> = {}): void {
  for (const id of story.ids.slice(0, story.ids.length - kept)) {
    const { status: _, rawStatus: __, ...user } = aUser(id, fields);
    story.vendor.users.set(id, user);
  }
}

const held = 'held status_changed field_vanished';

describe('a status that is missing for nearly everybody', () => {
  it('keeps the one before, and is held until it is back', async () => {
    const story = await knowUsers(10);
    loseStatus(story, 2);
    const missing = [await story.sweep(), await story.sweep()];
    const entry = await story.entryOf('u1');
    story.show(story.ids);

    const back = await story.sweep();

    expect(missing.map(({ outcome, counts }) => [outcome, counts.held])).toStrictEqual(Array(2).fill(['held', 8]));
    expect(missing[1]?.holds).toMatchObject([{ kind: 'status_changed', fields: ['status'], count: 8 }]);
    expect(entry).toMatchObject({ revision: 1, user: { status: 'active', rawStatus: 'active' } });
    expect([back.outcome, (await story.state()).holds]).toStrictEqual(['complete', []]);
    expect(story.holdNews()).toStrictEqual([`${held} 8`, 'dissolved status_changed field_vanished 8 dissolved']);
    expect(story.news()).toStrictEqual(['connection.changes_held', 'connection.changes_dissolved']);
  });

  it.each([
    ['seven of ten', 10, 3],
    ['all of four', 4, 0],
  ])('is one of over four in five, and five at least: nothing is said of %s', async (_, count, kept) => {
    const story = await knowUsers(count);
    loseStatus(story, kept);

    expect([(await story.sweep()).outcome, story.news()]).toStrictEqual(['complete', []]);
  });

  it('lets every other change of the same users flow, with the status they had', async () => {
    const story = await knowUsers(6);
    loseStatus(story, 0, { title: 'Head' });

    const { counts } = await story.sweep();

    expect([counts.updated, counts.held]).toStrictEqual([6, 6]);
    expect(story.newsOf('u1')[0]).toMatchObject({
      type: 'user.updated',
      data: { user: { status: 'active', rawStatus: 'active', title: 'Head' }, changedFields: ['title'] },
    });
  });

  it.each(['approved', 'rejected'] as const)(
    'is taken note of once its hold is %s, and held no more',
    async (verdict) => {
      const story = await knowUsers(6);
      loseStatus(story);
      await story.sweep();
      await story.decide(verdict);

      const reports = [await story.sweep(), await story.sweepPartly(), await story.sweep()];

      expect(reports.map(({ outcome, counts }) => [outcome, counts.held])).toStrictEqual([
        ['complete', 0],
        ['incomplete', 0],
        ['complete', 0],
      ]);
      const ending = verdict === 'approved' ? 'released' : 'rejected';
      expect(story.holdNews()).toStrictEqual([`${held} 6`, `dissolved status_changed field_vanished 6 ${ending}`]);
      expect(await story.state()).toMatchObject({ holds: [], acknowledged: ['status'] });
      expect(await story.entryOf('u1')).toMatchObject({ revision: 1, user: { status: 'active' } });
    },
  );

  it('is held again when it vanishes again after it was back', async () => {
    const story = await knowUsers(6);
    loseStatus(story);
    await story.sweep();
    await story.decide('approved');
    await story.sweep();
    story.show(story.ids);
    await story.sweep();
    const { acknowledged } = await story.state();
    loseStatus(story);

    const { outcome, counts } = await story.sweep();

    expect([acknowledged, outcome, counts.held]).toStrictEqual([undefined, 'held', 6]);
    expect(story.holdNews()[2]).toBe(`${held} 6`);
  });

  it('is still taken note of when only an incomplete sweep or a delta has seen it back', async () => {
    const story = await knowUsers(6);
    loseStatus(story);
    await story.sweep();
    await story.decide('approved');
    await story.sweep();
    story.show(story.ids);
    await story.sweepPartly();
    await story.sweepDelta(story.ids);
    loseStatus(story);

    const { outcome } = await story.sweep();

    expect([outcome, (await story.state()).acknowledged]).toStrictEqual(['complete', ['status']]);
  });

  it('is found by an incomplete sweep, held by one hold, and decided by a complete one only', async () => {
    const story = await knowUsers(6);
    loseStatus(story);
    const first = await story.sweepPartly();
    await story.decide('approved');
    await story.sweepDelta(story.ids);
    const open = (await story.state()).holds.length;

    const { outcome } = await story.sweep();

    expect([first.counts.held, open, outcome]).toStrictEqual([6, 1, 'complete']);
    expect(story.holdNews()).toStrictEqual([`${held} 6`, 'dissolved status_changed field_vanished 6 released']);
  });

  it('rings again after seven days that nobody decided', async () => {
    const story = await knowUsers(6);
    loseStatus(story);
    await story.sweep();
    story.news();
    story.clock.nowMs += 7 * 86_400_000;

    await story.sweep();

    expect(story.news()).toStrictEqual(['connection.changes_dissolved', 'connection.changes_held']);
  });
});
