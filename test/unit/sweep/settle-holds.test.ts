import { describe, expect, it } from 'vitest';
import type { HoldRecord } from '../../../src/model/hold.ts';
import { userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../../support/known-users.ts';
import { all } from '../store/sample-log.ts';

const knowUsers = knownUsersOfFile();
const dayMs = 86_400_000;
const unreadable = (id: string) => ({ rejected: [{ id: userId(id), reason: 'email: expected string' }] });

async function recordsOf({ feed, id }: KnownUsers): Promise<readonly HoldRecord[]> {
  return all(feed.store.listHolds(id));
}

/** Eight users, the first of whom had but a title; now nobody has one any more, nor a name. */
async function afterLosses(): Promise<KnownUsers> {
  const story = await knowUsers(8, {}, { title: 'Head' });
  story.show(['u1'], { displayName: undefined });
  await story.sweep();
  story.show(story.ids, { displayName: undefined, title: undefined });
  await story.sweep();
  story.news();
  return story;
}

describe('a hold on fields that vanished', () => {
  it('names them in order, of whoever lost them first', async () => {
    const story = await afterLosses();

    const { holds } = await story.state();

    expect(holds).toMatchObject([{ fields: ['displayName', 'title'], memberCount: 8 }]);
  });

  it('is as it was where a sweep finds the same', async () => {
    const story = await afterLosses();
    const { holds } = await story.state();

    await story.sweep();

    expect((await story.state()).holds).toStrictEqual(holds);
  });

  it('names those that are still missing', async () => {
    const story = await afterLosses();
    story.show(story.ids, { title: undefined });
    story.show(['u1'], { displayName: undefined, title: undefined });

    await story.sweep();

    expect((await story.state()).holds).toMatchObject([{ fields: ['title'], memberCount: 8 }]);
  });

  it('goes on about the same fields for the one member who cannot be read', async () => {
    const story = await afterLosses();
    story.show(story.ids, { title: 'Head' });
    story.show(['u2'], { displayName: undefined, title: undefined });
    story.vendor.traps = unreadable('u2');

    const report = await story.sweep();

    expect([report.outcome, report.counts.held]).toStrictEqual(['complete', 0]);
    expect((await story.state()).holds).toMatchObject([{ fields: ['displayName', 'title'], memberCount: 1 }]);
  });

  it('goes on about the same fields for the one member who is missing so far', async () => {
    const story = await afterLosses();
    story.show(story.ids, { title: 'Head' });
    story.remove(['u2']);

    await story.sweep();

    expect((await story.state()).holds).toMatchObject([{ fields: ['displayName', 'title'], memberCount: 1 }]);
  });
});

describe('a hold that is over', () => {
  it('is on record with when and how it ended', async () => {
    const story = await knowUsers(6, { brake: brakeOf({ updated: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    await story.sweep();
    const [opened] = (await story.state()).holds;
    story.show(['u1', 'u2']);

    await story.sweep();

    expect(await recordsOf(story)).toStrictEqual([
      {
        connectionId: story.id,
        hold: opened,
        preview: [],
        end: { ending: 'dissolved', at: instant(story.clock.nowMs), settled: 0, dissolved: 2 },
      },
    ]);
    expect(opened).not.toHaveProperty('fields');
  });

  it('has given up nobody where it settled all of its members', async () => {
    const story = await knowUsers(6, { brake: brakeOf({ updated: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    await story.sweep();
    await story.decide('approved');

    await story.sweep();

    expect((await recordsOf(story))[0]?.end).toStrictEqual({
      ending: 'released',
      at: instant(story.clock.nowMs),
      settled: 2,
      dissolved: 0,
    });
  });
});

describe('a hold that is seven days old', () => {
  it('is renewed with everything it was about, and no sooner', async () => {
    const story = await knowUsers(6, { brake: brakeOf({ updated: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    await story.sweep();
    const [first] = (await story.state()).holds;
    story.clock.nowMs += 7 * dayMs - 60_001;
    await story.sweep();
    const before = await story.state();
    story.clock.nowMs += 1 - 60_000;

    await story.sweep();

    const { holds } = await story.state();
    expect(before.holds).toStrictEqual([first]);
    expect(holds).toMatchObject([
      { kind: 'updated', reason: 'brake', memberCount: 2, expiresAt: instant(story.clock.nowMs + 7 * dayMs) },
    ]);
    expect(holds[0]?.brake).toStrictEqual(first?.brake);
    expect((await recordsOf(story)).map(({ preview, end }) => [preview.length, end?.dissolved])).toStrictEqual([
      [2, undefined],
      [0, 2],
    ]);
  });

  it('is renewed with all who lack a status by then, where that vanished', async () => {
    const story = await knowUsers(10);
    story.show(story.ids.slice(0, 9), { status: undefined, rawStatus: undefined });
    await story.sweep();
    story.show(story.ids, { status: undefined, rawStatus: undefined });
    story.clock.nowMs += 7 * dayMs;

    const report = await story.sweep();

    expect([report.outcome, report.counts.held]).toStrictEqual(['held', 10]);
    expect((await story.state()).holds).toMatchObject([
      { kind: 'status_changed', fields: ['status'], memberCount: 10 },
    ]);
    expect(story.holdNews().slice(1)).toStrictEqual([
      'dissolved status_changed field_vanished 9 expired',
      'held status_changed field_vanished 10',
    ]);
    expect((await recordsOf(story)).map(({ preview }) => preview)).toStrictEqual([[], []]);
  });
});

describe('a hold on deletions', () => {
  it('is over with the last member who is back, though others are missing for the first time', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ deleted: 1 }) });
    story.remove(['u1', 'u2']);
    await story.sweep();
    await story.sweep();
    story.show(['u1', 'u2']);
    story.remove(['u9']);

    await story.sweep();

    expect((await story.state()).holds).toStrictEqual([]);
  });
});

describe('a hold on deletions that was approved', () => {
  it('waits for the last of its members for more than seven days, if it takes so long', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ deleted: 2 }) });
    story.remove(['u1', 'u2', 'u3']);
    await story.sweep();
    await story.sweep();
    story.show(['u2']);
    await story.sweepPartly();
    story.remove(['u2']);
    await story.decide('approved');
    story.clock.nowMs += 8 * dayMs;

    const reports = [await story.sweep(), await story.sweep()];

    expect(reports.map(({ counts }) => counts.deleted)).toStrictEqual([2, 1]);
    expect(story.holdNews().slice(1)).toStrictEqual(['released deleted brake 2', 'released deleted brake 1 released']);
  });
});

describe('holds of several kinds', () => {
  it('are each as they were where a sweep finds the same', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ updated: 1, status_changed: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    story.show(['u4', 'u5', 'u6'], { status: 'suspended' });
    await story.sweep();
    const { holds } = await story.state();

    await story.sweep();

    expect(holds.map(({ memberCount }) => memberCount).toSorted()).toStrictEqual([2, 3]);
    expect((await story.state()).holds).toStrictEqual(holds);
  });

  it('say each why it was opened, also where the list is the suspect for one of them', async () => {
    const story = await knowUsers(12, { brake: brakeOf({ updated: 1 }) });
    story.remove(story.ids.slice(0, 7));
    story.show(story.ids.slice(9), { title: 'Head' });

    await story.sweep();

    expect(story.holdNews().toSorted()).toStrictEqual(['held deleted list_collapsed 7', 'held updated brake 3']);
  });
});

describe('a hold on a status that vanished', () => {
  it('is opened beside other holds, and shows no examples: nobody would change', async () => {
    const story = await knowUsers(6, { brake: brakeOf({ updated: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    await story.sweep();
    story.show(story.ids, { status: undefined, rawStatus: undefined });

    await story.sweep();

    const status = (await recordsOf(story)).filter(({ hold }) => hold.kind === 'status_changed');
    expect(status.map(({ hold, preview }) => [hold.memberCount, preview])).toStrictEqual([[6, []]]);
  });
});
