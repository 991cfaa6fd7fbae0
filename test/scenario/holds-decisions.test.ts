import { describe, expect, it } from 'vitest';
import type { ChangeType } from '../../src/model/change.ts';
import { brakeOf, type KnownUsers, knownUsersOfFile } from '../support/known-users.ts';

const knowUsers = knownUsersOfFile();

const three = ['u1', 'u2', 'u3'];

/** What brings a change of each kind about, for those who are named n1 to n3 or u1 to u3. */
const changes: Record<ChangeType, (story: KnownUsers) => void> = {
  created: (story) => story.show(['n1', 'n2', 'n3']),
  updated: (story) => story.show(three, { title: 'Head' }),
  status_changed: (story) => story.show(three, { status: 'suspended', rawStatus: 'locked' }),
  deleted: (story) => story.remove(three),
};

/** Ten users, three changes of one kind held. */
async function afterHoldOf(kind: ChangeType): Promise<KnownUsers> {
  const story = await knowUsers(10, { brake: brakeOf({ [kind]: 2 }) });
  changes[kind](story);
  await story.sweep();
  if (kind === 'deleted') await story.sweep();
  expect(story.news()).toStrictEqual(['connection.changes_held']);
  return story;
}

const kinds = Object.keys(changes) as readonly ChangeType[];
const usersOf = (kind: ChangeType) => (kind === 'created' ? ['n1', 'n2', 'n3'] : three);

describe('an approval', () => {
  it.each(kinds)('of changes %s publishes each of them, named after its hold, and ends it', async (kind) => {
    const story = await afterHoldOf(kind);
    const [hold] = (await story.state()).holds;
    await story.decide('approved');

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.held]).toStrictEqual(['complete', 0]);
    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_released',
      ...usersOf(kind).map((id) => `user.${kind} ${id}`),
    ]);
    for (const id of usersOf(kind))
      expect(story.newsOf(id)[0]?.metadata.reason.evidence).toMatchObject({ releasedFrom: hold?.holdId });
    expect(story.holdNews()[1]).toBe(`released ${kind} brake 3 released`);
    expect((await story.state()).holds).toStrictEqual([]);
    const record = hold && (await story.feed.store.readHold(story.id, hold.holdId));
    expect(record).toMatchObject({
      hold: { decision: { verdict: 'approved', by: 'operator', why: 'the test says so' } },
      end: { ending: 'released', settled: 3, dissolved: 0 },
    });
  });

  it('publishes only what is still true, and judges whoever changed once more anew', async () => {
    const story = await afterHoldOf('updated');
    const [hold] = (await story.state()).holds;
    await story.decide('approved');
    story.show(['u1']);
    story.show(['u2'], { title: 'Chief' });

    const { counts } = await story.sweep();

    expect([counts.updated, counts.held]).toStrictEqual([2, 0]);
    expect(story.news()).toStrictEqual(['user.updated u2', 'user.updated u3', 'connection.changes_released']);
    expect(story.newsOf('u2')[0]?.metadata.reason).toStrictEqual({ code: 'fields_changed' });
    expect(story.newsOf('u3')[0]?.metadata.reason.evidence).toMatchObject({ releasedFrom: hold?.holdId });
    expect((await story.state()).recent).toMatchObject([{ updated: 1 }]);
    const record = hold && (await story.feed.store.readHold(story.id, hold.holdId));
    expect(record?.end).toMatchObject({ settled: 1, dissolved: 2 });
  });

  it('holds whoever changed once more again, where they are too many', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('approved');
    story.show(three, { title: 'Chief' });

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.held, counts.updated]).toStrictEqual(['held', 3, 0]);
    expect(story.news()).toStrictEqual(['connection.changes_dissolved', 'connection.changes_held']);
    expect((await story.state()).holds).toMatchObject([{ memberCount: 3, brake: { found: 3 } }]);
  });

  it('is an allowance for its members only: others of that kind who are too many are held', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('approved');
    story.show(['u5', 'u6', 'u7'], { title: 'Head' });

    const { counts } = await story.sweep();

    expect([counts.updated, counts.held]).toStrictEqual([3, 3]);
    expect(story.holdNews().slice(1)).toStrictEqual(['released updated brake 3 released', 'held updated brake 3']);
  });

  it('of departures deletes nobody who is back', async () => {
    const story = await afterHoldOf('deleted');
    await story.decide('approved');
    story.show(['u2']);

    await story.sweep();

    expect(story.news().toSorted()).toStrictEqual([
      'connection.changes_released',
      'user.deleted u1',
      'user.deleted u3',
    ]);
    expect((await story.state()).counts).toStrictEqual({ pairs: 8, live: 8, tombstones: 2 });
  });

  it('of departures waits for whoever was seen in between to be absent for long enough again', async () => {
    const story = await afterHoldOf('deleted');
    story.show(['u2']);
    await story.sweepPartly();
    story.remove(['u2']);
    await story.decide('approved');

    const first = await story.sweep();
    const second = await story.sweep();

    expect([first, second].map(({ counts }) => counts.deleted)).toStrictEqual([2, 1]);
    expect(story.news().filter((news) => news.startsWith('connection.'))).toStrictEqual(
      Array(2).fill('connection.changes_released'),
    );
    expect(story.holdNews().slice(1)).toStrictEqual(['released deleted brake 2', 'released deleted brake 1 released']);
  });
});

describe('a rejection', () => {
  it.each(kinds)('of changes %s accepts them, and nobody ever hears of them', async (kind) => {
    const story = await afterHoldOf(kind);
    const [hold] = (await story.state()).holds;
    await story.decide('rejected');

    const reports = [await story.sweep(), await story.sweep(), await story.sweep()];

    expect(reports.map(({ outcome, counts }) => [outcome, counts.silent, counts.missing])).toStrictEqual([
      ['complete', 3, 0],
      ['complete', 0, 0],
      ['complete', 0, 0],
    ]);
    expect(story.news()).toStrictEqual(['connection.changes_rejected']);
    expect(story.holdNews()[1]).toBe(`rejected ${kind} brake 3 rejected`);
    const record = hold && (await story.feed.store.readHold(story.id, hold.holdId));
    expect(record?.end).toMatchObject({ ending: 'rejected', settled: 3 });
    const revision = kind === 'created' ? 1 : 2;
    for (const id of usersOf(kind)) expect(await story.entryOf(id)).toMatchObject({ revision });
  });

  it('makes what was rejected the old value of the next change', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('rejected');
    await story.sweep();
    story.show(['u1'], { title: 'Chief' });

    await story.sweep();

    expect(story.newsOf('u1')).toMatchObject([{ data: { before: { title: 'Head' } }, metadata: { revision: 3 } }]);
  });

  it.each<[string, (story: KnownUsers) => void, number]>([
    ['concluded from absence', (story) => story.remove(three), 2],
    ['reported by the vendor', (story) => story.show(three, { status: 'deleted' }), 1],
  ])('of a deletion %s was none that a return would restore', async (_, leave, sweeps) => {
    const story = await knowUsers(10, { brake: brakeOf({ deleted: 2 }) });
    leave(story);
    for (let sweep = 0; sweep < sweeps; sweep += 1) await story.sweep();
    await story.decide('rejected');
    await story.sweep();
    story.show(['u1']);

    await story.sweep();

    expect(story.newsOf('u1')).toMatchObject([
      { type: 'user.created', metadata: { revision: 3, reason: { code: 'appeared' } } },
    ]);
    expect(story.newsOf('u1')[0]?.data.restored).toBeUndefined();
  });
});

describe('a decision', () => {
  it('is used by the next complete full sweep, not by incomplete ones and deltas before it', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('approved');
    const early = [await story.sweepPartly(), await story.sweepDelta(three)];
    const before = story.news();

    const { counts } = await story.sweep();

    expect(early.map(({ counts: { updated, held } }) => [updated, held])).toStrictEqual(Array(2).fill([0, 3]));
    expect([before, counts.updated]).toStrictEqual([[], 3]);
  });

  it('is made once: a later one and one on an unknown hold change nothing', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('rejected');
    await story.decide('approved');
    await story.request({ act: 'decide_hold', holdId: 'nobody-knows-it' as never, verdict: 'approved' });

    await story.sweep();

    expect(story.news()).toStrictEqual(['connection.changes_rejected']);
  });

  it('is used up: the same change held once more needs another one', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('approved');
    await story.sweep();
    story.show(three);
    await story.sweep();
    story.news();

    const { outcome } = await story.sweep();

    expect([outcome, story.news()]).toStrictEqual(['held', []]);
    expect((await story.state()).holds[0]?.decision).toBeUndefined();
  });

  it('on one kind leaves the hold of another as it is', async () => {
    const story = await knowUsers(10, { brake: brakeOf({ updated: 1, status_changed: 1 }) });
    story.show(['u1', 'u2'], { title: 'Head' });
    story.show(['u4', 'u5'], { status: 'suspended' });
    await story.sweep();
    await story.decide('approved', 'status_changed');
    story.news();

    const { outcome, counts } = await story.sweep();

    expect([outcome, counts.held, counts.statusChanged]).toStrictEqual(['held', 2, 2]);
    expect(story.news()).toStrictEqual([
      'user.status_changed u4',
      'user.status_changed u5',
      'connection.changes_released',
    ]);
    expect((await story.state()).holds.map(({ kind }) => kind)).toStrictEqual(['updated']);
  });

  it('outlives the seven days of its hold until a complete sweep can use it', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('approved');
    await story.sweepPartly();
    story.clock.nowMs += 8 * 86_400_000;

    await story.sweep();

    expect(story.holdNews()[1]).toBe('released updated brake 3 released');
  });

  it('to approve what nobody finds any more publishes nothing', async () => {
    const story = await afterHoldOf('updated');
    await story.decide('approved');
    story.show(three);

    await story.sweep();

    expect(story.news()).toStrictEqual(['connection.changes_dissolved']);
    expect(story.holdNews()[1]).toBe('dissolved updated brake 3 dissolved');
  });
});
