import { describe, expect, it } from 'vitest';
import { userId } from '../../src/model/ids.ts';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile('table');

const dayMs = 86_400_000;

/** Ten users, the titles of the first four held. */
async function afterHold(): Promise<KnownUsers> {
  const story = await knowUsers(10, { brake: brakeOf({ updated: 3, deleted: 2 }) });
  story.show(story.ids.slice(0, 4), { title: 'Head' });
  await story.sweep();
  story.news();
  return story;
}

async function onlyHold(story: KnownUsers) {
  const { holds } = await story.state();
  expect(holds).toHaveLength(1);
  return holds[0] as (typeof holds)[number];
}

describe('a hold', () => {
  it('shows the changes it would become, and leaves entries and revisions as they were', async () => {
    const story = await afterHold();

    const hold = await onlyHold(story);
    const record = await story.feed.store.readHold(story.id, hold.holdId);

    expect(hold).toMatchObject({ kind: 'updated', reason: 'brake', memberCount: 4 });
    expect(Date.parse(hold.expiresAt) - Date.parse(hold.openedAt)).toBe(7 * dayMs);
    expect(record).toMatchObject({ connectionId: story.id, hold });
    expect(record?.end).toBeUndefined();
    expect(record?.preview).toMatchObject(
      story.ids.slice(0, 4).map((userId) => ({
        entry: { userId, user: { title: 'Head' } },
        change: { type: 'updated', diff: { changedFields: ['title'] } },
      })),
    );
    expect(await story.entryOf('u1')).toMatchObject({ revision: 1, user: { displayName: 'User u1' } });
    expect((await story.entryOf('u1'))?.user.title).toBeUndefined();
  });

  it('is confirmed without a word by sweeps that find the same, whose outcome is held as well', async () => {
    const story = await afterHold();
    const opened = await onlyHold(story);

    const reports = [await story.sweep(), await story.sweep()];

    expect(reports.map(({ outcome, counts }) => [outcome, counts.held, counts.updated])).toStrictEqual([
      ['held', 4, 0],
      ['held', 4, 0],
    ]);
    expect(reports[1]?.holds).toMatchObject([{ holdId: opened.holdId, count: 4 }]);
    expect([story.news(), await onlyHold(story)]).toStrictEqual([[], opened]);
  });

  it('shrinks by those who are as they were before, and is dissolved with the last of them', async () => {
    const story = await afterHold();
    const { holdId } = await onlyHold(story);
    story.show(['u1', 'u2', 'u3']);
    const shrunk = await story.sweep();
    const { memberCount } = await onlyHold(story);
    const seen = await story.feed.store.readHold(story.id, holdId);
    story.show(['u4']);

    const dissolved = await story.sweep();

    expect([shrunk.outcome, shrunk.counts.held, memberCount]).toStrictEqual(['held', 1, 1]);
    expect([seen?.hold.memberCount, seen?.preview]).toMatchObject([1, [{ entry: { userId: 'u4' } }]]);
    expect([dissolved.outcome, story.news()]).toStrictEqual(['complete', ['connection.changes_dissolved']]);
    expect(story.holdNews()).toStrictEqual(['held updated brake 4', 'dissolved updated brake 1 dissolved']);
    expect((await story.state()).holds).toStrictEqual([]);
    expect((await story.feed.store.readHold(story.id, holdId))?.end).toMatchObject({ ending: 'dissolved', settled: 0 });
  });

  it('keeps back whoever changed once more, though that alone would pass', async () => {
    const story = await afterHold();
    story.show(['u1'], { title: 'Chief' });

    const { counts } = await story.sweep();

    expect([counts.held, counts.updated, story.news()]).toStrictEqual([4, 0, []]);
    expect((await onlyHold(story)).memberCount).toBe(4);
  });

  it('of one kind stops no other kind of the same users, and no later sweep', async () => {
    const story = await afterHold();
    story.show(['u1'], { status: 'suspended' });
    story.remove(['u2']);
    story.show(['u9'], { title: 'Head' });

    const reports = [await story.sweep(), await story.sweep()];

    expect(story.news()).toStrictEqual(['user.status_changed u1', 'user.updated u9', 'user.deleted u2']);
    expect(reports.map(({ counts }) => counts.held)).toStrictEqual([2, 2]);
  });

  it('is neither confirmed nor dissolved by incomplete sweeps and deltas', async () => {
    const story = await afterHold();
    const opened = await onlyHold(story);
    story.show(story.ids);
    await story.sweepPartly();
    await story.sweepDelta(story.ids);

    expect([await onlyHold(story), story.news()]).toStrictEqual([opened, []]);
  });

  it('keeps its members back in incomplete sweeps and deltas', async () => {
    const story = await afterHold();
    story.show(['u1'], { title: 'Chief' });
    story.show(['u9'], { title: 'Chief' });

    const reports = [await story.sweepPartly(), await story.sweepDelta(['u1', 'u9'])];

    expect(reports.map(({ counts }) => [counts.updated, counts.held])).toStrictEqual([
      [1, 4],
      [0, 1],
    ]);
    expect(story.news()).toStrictEqual(['user.updated u9']);
  });

  it('is neither over nor used for a member whose row cannot be read', async () => {
    const story = await afterHold();
    const rejected = [{ id: userId('u1'), reason: 'status: expected string' }];
    story.vendor.traps = { rejected };
    const unreadable = await story.sweep();
    const kept = (await onlyHold(story)).memberCount;
    await story.decide('approved');
    const approved = await story.sweep();
    const waiting = await onlyHold(story);
    story.vendor.traps = {};

    const readable = await story.sweep();

    expect([unreadable, approved, readable].map(({ counts }) => counts.updated)).toStrictEqual([0, 3, 1]);
    expect([kept, waiting.memberCount, (await story.state()).holds]).toStrictEqual([4, 1, []]);
    expect(story.news().at(-2)).toBe('user.updated u1');
  });

  it('of creations makes nobody known, and is dissolved when they are off the list again', async () => {
    const story = await knowUsers(5, { brake: brakeOf({ created: 1 }) });
    story.show(['n1', 'n2']);
    const held = await story.sweep();
    const { pairs } = (await story.state()).counts;
    story.show(['n1'], { title: 'Head' });
    await story.sweep();
    story.remove(['n1', 'n2']);

    const after = [await story.sweep(), await story.sweep()];

    expect([held.counts.held, pairs, await story.entryOf('n1')]).toStrictEqual([2, 5, undefined]);
    expect(after.map(({ outcome, counts }) => [outcome, counts.missing])).toStrictEqual(Array(2).fill(['complete', 0]));
    expect(story.holdNews()).toStrictEqual(['held created brake 2', 'dissolved created brake 2 dissolved']);
    expect(story.news()).toStrictEqual(['connection.changes_held', 'connection.changes_dissolved']);
  });

  it('of departures lets whoever returns go, and counts his absence from the beginning', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ deleted: 1 }) });
    story.remove(['u1', 'u2']);
    await story.sweep();
    await story.sweep();
    story.show(['u1']);
    await story.sweep();
    story.remove(['u1']);
    const once = await story.sweep();
    const before = story.news();

    const twice = await story.sweep();

    expect([before, once.counts.held, twice.counts.held]).toStrictEqual([['connection.changes_held'], 1, 1]);
    expect([story.news(), (await onlyHold(story)).memberCount]).toStrictEqual([['user.deleted u1'], 1]);
  });
});

describe('the report of a sweep', () => {
  it('counts a user once of whom a vanished field and another change are held', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ updated: 2 }) }, { title: 'Head' });
    story.show(story.ids, { title: undefined });
    story.show(story.ids.slice(0, 3), { title: undefined, displayName: 'Renamed' });

    expect((await story.sweep()).counts.held).toBe(10);
  });
});

describe('a hold that nobody decides', () => {
  it('rings again after seven days under another name, with whoever is still a member', async () => {
    const story = await afterHold();
    const first = await onlyHold(story);
    story.show(['u1']);
    story.clock.nowMs += 7 * dayMs - 120_000;
    await story.sweep();
    const shortlyBefore = story.news();

    story.clock.nowMs += 60_000;
    const { outcome, counts } = await story.sweep();

    const second = await onlyHold(story);
    expect([shortlyBefore, outcome, counts.held]).toStrictEqual([[], 'held', 3]);
    expect(story.news()).toStrictEqual(['connection.changes_dissolved', 'connection.changes_held']);
    expect(story.holdNews().slice(1)).toStrictEqual(['dissolved updated brake 3 expired', 'held updated brake 3']);
    expect([second.holdId === first.holdId, second.memberCount]).toStrictEqual([false, 3]);
    expect(Date.parse(second.expiresAt) - Date.parse(first.expiresAt)).toBeGreaterThanOrEqual(7 * dayMs);
    expect((await story.feed.store.readHold(story.id, first.holdId))?.end?.ending).toBe('expired');
  });

  it('is not closed by an incomplete sweep, and a decision on its old name decides nothing any more', async () => {
    const story = await afterHold();
    const first = await onlyHold(story);
    story.clock.nowMs += 8 * dayMs;
    await story.sweepPartly();
    const kept = await onlyHold(story);
    await story.sweep();
    await story.request({ act: 'decide_hold', holdId: first.holdId, verdict: 'approved' });

    const { outcome } = await story.sweep();

    expect([kept.holdId, outcome]).toStrictEqual([first.holdId, 'held']);
    expect((await onlyHold(story)).decision).toBeUndefined();
  });
});

describe('another list', () => {
  it('of another directory dissolves every hold, and publishes nothing of it', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ updated: 1, deleted: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    story.remove(['u9', 'u10']);
    await story.sweep();
    await story.sweep();
    story.news();
    story.vendor.traps = { vetoes: ['is_partial_response'] };
    const incomplete = await story.sweep({ directory: 'another directory' });
    const kept = (await story.state()).holds.length;
    story.vendor.traps = {};

    const baseline = await story.sweep({ directory: 'another directory' });

    expect([incomplete.outcome, kept, baseline.outcome]).toStrictEqual(['incomplete', 2, 'baseline']);
    expect(story.holdNews().slice(2)).toStrictEqual([
      'dissolved updated brake 2 dissolved',
      'dissolved deleted brake 2 dissolved',
    ]);
    expect(story.news().filter((news) => news.startsWith('user.'))).toStrictEqual([]);
    expect((await story.state()).holds).toStrictEqual([]);
  });

  it('that is cut differently keeps back who is on both, and lets the absent ones leave silently', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ updated: 1, deleted: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    story.remove(['u9', 'u10']);
    await story.sweep();
    await story.sweep();
    story.news();
    const scope = '{"status":"active"}';

    const cut = await story.sweep({ scope });

    expect([cut.outcome, cut.counts.held, cut.counts.silent]).toStrictEqual(['held', 2, 2]);
    expect(story.news()).toStrictEqual(['connection.changes_dissolved']);
    expect(story.holdNews().slice(2)).toStrictEqual(['dissolved deleted brake 2 dissolved']);
    expect(await onlyHold(story)).toMatchObject({ kind: 'updated', memberCount: 2 });
  });
});
