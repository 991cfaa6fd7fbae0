import { describe, expect, it } from 'vitest';
import { type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile();

const deletion = (confirmSweeps: number) => ({ deletion: { confirmSweeps, probe: false, maxProbes: 0 } });

async function sweepTimes(story: KnownUsers, times: number): Promise<readonly number[]> {
  const deleted: number[] = [];
  for (let sweep = 0; sweep < times; sweep += 1) deleted.push((await story.sweep()).counts.deleted);
  return deleted;
}

describe('a user who is absent', () => {
  it.each([2, 3])('from %i complete sweeps in a row, as many as are asked for, is deleted by the last', async (n) => {
    const story = await knowUsers(5, deletion(n));
    story.remove(['u3']);

    const deleted = await sweepTimes(story, n + 1);

    expect(deleted).toStrictEqual([...Array(n - 1).fill(0), 1, 0]);
    expect(story.news()).toStrictEqual(['user.deleted u3']);
    expect(story.newsOf('u3')[0]?.metadata.reason).toMatchObject({
      code: 'absent_from_complete_sweeps',
      evidence: { missedSweeps: n },
    });
    expect((await story.state()).counts).toStrictEqual({ pairs: 4, live: 4, tombstones: 1 });
  });

  const sights: Record<string, (story: KnownUsers) => Promise<{ readonly startedAt: string }>> = {
    'a complete sweep': (story) => story.sweep(),
    'an incomplete sweep': (story) => story.sweepPartly(),
    'a delta': (story) => story.sweepDelta(['u3']),
  };

  it.each(Object.entries(sights))('starts to be counted again once %s has seen him unchanged', async (_, see) => {
    const story = await knowUsers(5, deletion(3));
    story.remove(['u3']);
    await sweepTimes(story, 2);
    story.show(['u3']);
    const { startedAt: lastSeenAt } = await see(story);
    story.remove(['u3']);

    const deleted = await sweepTimes(story, 3);

    expect(deleted).toStrictEqual([0, 0, 1]);
    expect(story.news()).toStrictEqual(['user.deleted u3']);
    expect(story.newsOf('u3')[0]?.metadata).toMatchObject({
      reason: { evidence: { missedSweeps: 3, lastSeenAt } },
      window: { notBefore: lastSeenAt },
    });
  });

  it('from incomplete sweeps and deltas in between is neither counted by them nor counted again', async () => {
    const story = await knowUsers(5);
    story.remove(['u3']);
    await story.sweep();
    await story.sweepPartly();
    await story.sweepDelta(['u1']);
    const before = story.news();

    const { counts } = await story.sweep();

    expect([before, counts.deleted]).toStrictEqual([[], 1]);
    expect(story.newsOf('u3')[0]?.metadata.reason).toMatchObject({ evidence: { missedSweeps: 2 } });
  });

  it('and returns before the conclusion leaves no trace', async () => {
    const story = await knowUsers(5, deletion(3));
    const before = await story.entryOf('u3');
    story.remove(['u3']);
    const missing = [(await story.sweep()).counts.missing, (await story.sweep()).counts.missing];
    story.show(['u3']);

    const { counts } = await story.sweep();

    expect([...missing, counts.missing, counts.unchanged]).toStrictEqual([1, 1, 0, 5]);
    expect(story.news()).toStrictEqual([]);
    expect(await story.entryOf('u3')).toStrictEqual(before);
    expect((await story.state()).absent).toMatchObject({ count: 0 });
  });

  it('and has changed when an incomplete sweep shows him again is updated and counted from there', async () => {
    const story = await knowUsers(5);
    story.remove(['u3']);
    await story.sweep();
    story.show(['u3'], { title: 'Head' });
    await story.sweepPartly();
    story.remove(['u3']);

    const deleted = await sweepTimes(story, 2);

    expect(deleted).toStrictEqual([0, 1]);
    expect(story.news()).toStrictEqual(['user.updated u3', 'user.deleted u3']);
    expect(story.newsOf('u3')[1]?.data.user).toMatchObject({ displayName: 'User u3', title: 'Head' });
  });
});

describe('the entry of a deleted user', () => {
  it('keeps id and status only, and becomes whole when he returns as restored, his revision going on', async () => {
    const story = await knowUsers(5);
    story.show(['u3'], { title: 'Head', emails: [{ value: 'u3@example.com' }] });
    await story.sweep();
    story.remove(['u3']);
    await sweepTimes(story, 2);
    const tombstone = await story.entryOf('u3');
    story.show(['u3'], { title: 'Chief' });

    const { counts } = await story.sweep();

    expect(tombstone).toMatchObject({ presence: 'gone', revision: 3 });
    expect(tombstone?.user).toStrictEqual({ id: 'u3', status: 'active' });
    expect([counts.created, counts.restored]).toStrictEqual([1, 1]);
    expect(story.news()).toStrictEqual(['user.updated u3', 'user.deleted u3', 'user.created u3']);
    expect(story.newsOf('u3').map(({ metadata }) => metadata.revision)).toStrictEqual([2, 3, 4]);
    expect(story.newsOf('u3')[2]).toMatchObject({
      data: { restored: true, user: { title: 'Chief' } },
      metadata: { reason: { code: 'reappeared' } },
    });
    expect(await story.entryOf('u3')).toMatchObject({ presence: 'live', revision: 4, user: { title: 'Chief' } });
    expect((await story.state()).counts).toStrictEqual({ pairs: 5, live: 5, tombstones: 0 });
  });

  it('outlasts two months without an end', async () => {
    const story = await knowUsers(5);
    story.remove(['u3']);
    await sweepTimes(story, 2);
    story.clock.nowMs += 60 * 86_400_000;
    await story.sweep();
    story.show(['u3']);
    story.clock.nowMs += 60 * 86_400_000;

    await story.sweep();

    expect(story.newsOf('u3')[1]).toMatchObject({ data: { restored: true }, metadata: { revision: 3 } });
  });
});

describe('a deletion that the vendor reports', () => {
  const sweeps: Record<string, (story: KnownUsers) => ReturnType<KnownUsers['sweep']>> = {
    'a complete sweep': (story) => story.sweep(),
    'an incomplete sweep': (story) => story.sweepPartly(),
    'a delta': (story) => story.sweepDelta(['u3']),
  };

  it.each(Object.entries(sweeps))('is told by %s, and his disappearance is no news', async (_, sweep) => {
    const story = await knowUsers(5);
    story.show(['u3'], { status: 'deleted', rawStatus: 'DELETED' });
    const { counts } = await sweep(story);
    const { counts: known } = await story.state();
    story.remove(['u3']);

    const deleted = await sweepTimes(story, 3);

    expect([counts.deleted, known.live, known.pairs, ...deleted]).toStrictEqual([1, 4, 5, 0, 0, 0]);
    expect(story.news()).toStrictEqual(['user.deleted u3']);
    expect(story.newsOf('u3')[0]).toMatchObject({
      data: { status: { from: 'active', to: 'deleted', rawTo: 'DELETED' } },
      metadata: { reason: { code: 'vendor_reported' } },
    });
  });

  it('and taken back is a creation that restores', async () => {
    const story = await knowUsers(5);
    story.show(['u3'], { status: 'deleted' });
    await story.sweep();
    story.show(['u3']);

    await story.sweep();

    expect(story.newsOf('u3').map(({ type }) => type)).toStrictEqual(['user.deleted', 'user.created']);
    expect(story.newsOf('u3')[1]).toMatchObject({ data: { restored: true }, metadata: { revision: 3 } });
  });
});
