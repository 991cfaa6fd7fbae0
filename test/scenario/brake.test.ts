import { describe, expect, it } from 'vitest';
import type { ChangeType } from '../../src/model/change.ts';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile();

const hourMs = 3_600_000;

/** A change of each kind to so many users, from one of them on. */
const changes: Record<ChangeType, (story: KnownUsers, count: number, from?: number) => readonly string[]> = {
  created: (story, count, from = 0) => {
    const ids = Array.from({ length: count }, (_, n) => `new${from + n}`);
    story.show(ids);
    return ids;
  },
  updated: (story, count, from = 0) => showSome(story, { title: 'Head' }, { count, from }),
  status_changed: (story, count, from = 0) => showSome(story, { status: 'suspended' }, { count, from }),
  deleted: (story, count, from = 0) => showSome(story, { status: 'deleted' }, { count, from }),
};

function showSome(
  story: KnownUsers,
  fields: Parameters<KnownUsers['show']>[1],
  { count, from }: { readonly count: number; readonly from: number },
): readonly string[] {
  const ids = story.ids.slice(from, from + count);
  story.show(ids, fields);
  return ids;
}

const kinds = Object.keys(changes) as readonly ChangeType[];
const eventsOf = (kind: ChangeType, ids: readonly string[]) => ids.map((id) => `user.${kind} ${id}`);

describe('the brake', () => {
  it.each(kinds)('lets as many changes %s pass as its limit says, and holds all of one more', async (kind) => {
    const story = await knowUsers(12, { brake: brakeOf({ [kind]: 3 }) });
    const passing = changes[kind](story, 3);
    const first = await story.sweep();
    const passed = story.news();
    const before = await story.state();
    story.clock.nowMs += 25 * hourMs;
    changes[kind](story, 4, 6);

    const second = await story.sweep();

    expect([first.outcome, passed]).toStrictEqual(['complete', eventsOf(kind, passing)]);
    expect([second.outcome, second.counts.held]).toStrictEqual(['held', 4]);
    expect([story.news(), story.holdNews()]).toStrictEqual([['connection.changes_held'], [`held ${kind} brake 4`]]);
    const { holds, sequence } = await story.state();
    expect(holds[0]?.brake).toStrictEqual({ found: 4, recent: 0, limit: 3, liveUsers: before.counts.live });
    expect([second.holds, sequence]).toStrictEqual([
      [expect.objectContaining({ kind, count: 4 })],
      before.sequence + 1,
    ]);
  });

  const rules = [
    ['the count where that is more than the share', { maxCount: 3, maxPercent: 10 }, 3],
    ['the share where that is more than the count', { maxCount: 1, maxPercent: 35 }, 4],
    ['what is never to be exceeded, whatever count and share say', { maxCount: 6, maxPercent: 50, neverAbove: 2 }, 2],
  ] as const;

  it.each(rules)('goes by %s', async (_, rule, limit) => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: rule }) });
    changes.updated(story, limit + 1);
    const { holds } = await story.sweep();

    expect(holds[0]?.brake).toMatchObject({ found: limit + 1, limit });
  });

  it('counts absent users who are concluded to be gone together with those who are reported', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ deleted: 2 }) });
    story.remove(['u1', 'u2']);
    await story.sweep();
    changes.deleted(story, 1, 5);

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.held, counts.missing]).toStrictEqual(['held', 3, 2]);
    expect(story.holdNews()).toStrictEqual(['held deleted brake 3']);
  });

  it('counts what was published in the 24 hours before as well', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 3 }) });
    changes.updated(story, 2);
    await story.sweep();
    story.clock.nowMs += 22 * hourMs;
    changes.updated(story, 2, 4);

    const { holds } = await story.sweep();

    expect(story.news()).toStrictEqual(['user.updated u1', 'user.updated u2', 'connection.changes_held']);
    expect(holds[0]?.brake).toMatchObject({ found: 2, recent: 2, limit: 3 });
  });

  it('forgets what was published more than 24 hours before', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 3 }) });
    changes.updated(story, 2);
    await story.sweep();
    story.clock.nowMs += 24 * hourMs;
    changes.updated(story, 2, 4);

    expect((await story.sweep()).outcome).toBe('complete');
  });

  it('still counts what was published late in an hour, 23 and a half hours before', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 3 }) });
    story.clock.nowMs += 50 * 60_000;
    changes.updated(story, 2);
    await story.sweep();
    story.clock.nowMs += 23.5 * hourMs;
    changes.updated(story, 2, 4);

    expect((await story.sweep()).outcome).toBe('held');
  });

  it('holds one kind while the others of the same sweep flow, without a gap in the sequence', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 1 }) });
    const { sequence: before } = await story.state();
    changes.updated(story, 3);
    changes.status_changed(story, 1, 4);
    changes.deleted(story, 1, 5);
    changes.created(story, 1);

    const { counts } = await story.sweep();

    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_held',
      'user.created new0',
      'user.deleted u6',
      'user.status_changed u5',
    ]);
    expect(counts).toMatchObject({ held: 3, updated: 0, created: 1, statusChanged: 1, deleted: 1 });
    expect((await story.state()).sequence).toBe(before + 4);
  });

  it('holds two kinds in one sweep, each by a hold of its own', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 1, status_changed: 1 }) });
    changes.updated(story, 3);
    changes.status_changed(story, 2, 4);

    const { counts } = await story.sweep();

    expect([counts.held, story.news()]).toStrictEqual([5, ['connection.changes_held', 'connection.changes_held']]);
    expect(story.holdNews()).toStrictEqual(['held status_changed brake 2', 'held updated brake 3']);
    expect((await story.state()).holds.map(({ memberCount }) => memberCount)).toStrictEqual([2, 3]);
  });

  it('takes its share of live users only', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: { maxCount: 1, maxPercent: 50 } }) });
    changes.deleted(story, 4);
    await story.sweep();
    changes.updated(story, 5, 6);

    const { holds } = await story.sweep();

    expect(holds[0]?.brake).toMatchObject({ found: 5, limit: 4, liveUsers: 8 });
  });

  it('does not count the members of an open hold again, but does what flowed since', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 2 }) });
    changes.updated(story, 3);
    await story.sweep();
    changes.updated(story, 2, 4);
    const second = await story.sweep();
    const flowed = story.news();
    changes.updated(story, 1, 8);

    const third = await story.sweep();

    expect(flowed).toStrictEqual(['connection.changes_held', 'user.updated u5', 'user.updated u6']);
    expect([second.outcome, second.counts.held, third.counts.held]).toStrictEqual(['held', 3, 4]);
    expect(story.holdNews()).toStrictEqual(['held updated brake 3', 'held updated brake 1']);
    const { holds } = await story.state();
    expect(holds.map(({ brake }) => brake)).toMatchObject([
      { found: 3, recent: 0 },
      { found: 1, recent: 2 },
    ]);
    expect(new Set(holds.map(({ holdId }) => holdId)).size).toBe(2);
  });

  it('does not count a baseline that is told', async () => {
    const story = await knowUsers(12, { baseline: 'emit', brake: brakeOf({ created: 2 }) });
    const created = changes.created(story, 2);

    await story.sweep();

    expect(story.news()).toStrictEqual(eventsOf('created', created));
    expect((await story.state()).recent).toMatchObject([{ created: 2 }]);
  });

  it('does not count what an approval let through', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 2 }) });
    changes.updated(story, 3);
    await story.sweep();
    await story.decide('approved');
    await story.sweep();
    story.news();
    const more = changes.updated(story, 2, 4);

    await story.sweep();

    expect(story.news()).toStrictEqual(eventsOf('updated', more));
  });

  const sweeps: Record<string, (story: KnownUsers) => ReturnType<KnownUsers['sweep']>> = {
    'an incomplete sweep': (story) => story.sweepPartly(),
    'a delta': (story) => story.sweepDelta(story.ids.slice(0, 3)),
  };

  it.each(Object.entries(sweeps))(
    'holds what %s finds too many of, deletions that are reported included',
    async (_, sweep) => {
      const story = await knowUsers(12, { brake: brakeOf({ deleted: 2, updated: 2 }) });
      changes.deleted(story, 3);

      const { counts } = await sweep(story);

      expect([counts.held, counts.deleted, story.news()]).toStrictEqual([3, 0, ['connection.changes_held']]);
      expect(story.holdNews()).toStrictEqual(['held deleted brake 3']);
    },
  );

  it('does not count users who become known by a list that is cut wider', async () => {
    const story = await knowUsers(5, { baseline: 'emit', brake: brakeOf({ created: 2 }) });
    changes.created(story, 3);

    expect((await story.sweep({ scope: '{"status":"any"}' })).outcome).toBe('complete');
  });
});
