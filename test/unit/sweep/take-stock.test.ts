import { describe, expect, it } from 'vitest';
import { fromHex, sharedKeyDigest } from '../../../src/diff/digest.ts';
import { createDigestIndex } from '../../../src/diff/digest-index.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { beginSweep } from '../../../src/sweep/begin-sweep.ts';
import type { SweepPorts } from '../../../src/sweep/ports.ts';
import type { Staging } from '../../../src/sweep/staging.ts';
import { takeStock } from '../../../src/sweep/take-stock.ts';
import { walkList } from '../../../src/sweep/walk-list.ts';
import { aDigester, anEntry, at, collidingDigester, keyHashOf } from '../../support/builders.ts';
import { brakeOf, knownUsersOfFile } from '../../support/known-users.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { aUser, listOf, scriptedVendor } from '../../support/scripted-vendor.ts';
import { askAt } from '../store/sample-log.ts';

const knowUsers = knownUsersOfFile();
const noBrake = { brake: brakeOf({ deleted: { maxCount: 1_000, maxPercent: 100 } }) };

/** Of twenty users, the first six of whom were reported as deleted before: fourteen are live. */
async function afterReports(settings = noBrake) {
  const story = await knowUsers(20, settings);
  story.show(story.ids.slice(0, 6), { status: 'deleted' });
  await story.sweep();
  story.news();
  return { story, live: story.ids.slice(6) };
}

describe('a list without those who were reported as deleted before', () => {
  it.each([
    { lost: 7, reported: 0, holds: [] },
    { lost: 8, reported: 0, holds: ['list_collapsed'] },
    { lost: 5, reported: 2, holds: [] },
    { lost: 5, reported: 3, holds: ['list_collapsed'] },
    { lost: 0, reported: 8, holds: ['list_collapsed'] },
  ])('that lost $lost others, and reports $reported more, is held: $holds', async ({ lost, reported, holds }) => {
    const { story, live } = await afterReports();
    story.remove([...story.ids.slice(0, 6), ...live.slice(0, lost)]);
    story.show(live.slice(lost, lost + reported), { status: 'deleted' });

    const report = await story.sweep();

    expect(report.holds.map(({ reason }) => reason)).toStrictEqual(holds);
  });

  it('counts no member of a hold on deletions once more', async () => {
    const story = await knowUsers(28, { brake: brakeOf({ deleted: 4 }) });
    const held = story.ids.slice(0, 5);
    story.remove(held);
    await story.sweep();
    await story.sweep();
    story.show(story.ids.slice(24), { status: 'deleted' });
    await story.sweep();
    story.remove([...story.ids.slice(24), ...story.ids.slice(5, 14)]);

    const report = await story.sweep();

    expect(report.holds.map(({ reason, count }) => `${reason} ${count}`)).toStrictEqual(['brake 5']);
  });
});

describe('a list that lost others than those whom a hold keeps already', () => {
  it('is measured without these, whatever other holds there are', async () => {
    const story = await knowUsers(20, { brake: brakeOf({ deleted: 5, updated: 1 }) });
    story.show(['u19', 'u20'], { title: 'Head' });
    story.remove(story.ids.slice(0, 6));
    await story.sweep();
    await story.sweep();
    story.remove(story.ids.slice(6, 12));

    const report = await story.sweep();

    expect(report.holds.map(({ kind, reason }) => `${kind} ${reason}`)).toStrictEqual([
      'updated brake',
      'deleted brake',
    ]);
  });
});

const id = connectionId('c');

/** What a list of these users comes to for a connection that knows the entries, of whom the index has such pairs. */
async function stockOf({
  listed,
  entries,
  pairs,
  digester = aDigester,
}: {
  readonly listed: readonly string[];
  readonly entries: readonly SnapshotEntry[];
  readonly pairs: readonly (readonly [keyHash: string, digest: string])[];
  readonly digester?: typeof aDigester;
}) {
  const store = createMemoryStore();
  const answer = await store.acquireLease(id, askAt(0));
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  await store.writeEntries(id, entries);
  const list = listOf(scriptedVendor(listed.map((userId) => aUser(userId))), id, () => 5_000, {
    deletion: { confirmSweeps: 1, probe: false, maxProbes: 0 },
  });
  const lastComplete = { sweepId: sweepId('before'), startedAt: at(0), directory: list.directory, scope: list.scope };
  const counts = { pairs: pairs.length, live: entries.length, tombstones: 0 };
  const ports = {
    store,
    nowMs: () => 0,
    newSweepId: () => sweepId('s'),
    hashText: () => 'v1',
  } as unknown as SweepPorts;
  const start = { held: { lease: answer.lease, state: { ...answer.state, lastComplete, counts } } };
  const bytes = fromHex(
    pairs
      .map((pair) => pair.join(''))
      .toSorted()
      .join(''),
  );
  const index = createDigestIndex([bytes], 0);
  const begun = await beginSweep(ports, list, { ...start, index, mode: 'full', deadlineMs: 1 });
  const sweep = { ...begun, context: { ...begun.context, digester } };
  const walked = await walkList(sweep);
  if (walked.kind !== 'walked') throw new Error(`the list is ${walked.kind}`);
  return { stock: takeStock(sweep, walked, 0), staging: walked.comparison.staging };
}

async function departures(staging: Staging): Promise<readonly StagedTransition[]> {
  const found: StagedTransition[] = [];
  for await (const rows of staging.read())
    for (const { transition } of rows) if (transition.entry.presence === 'gone') found.push(transition);
  return found;
}

const entryOf = (name: string, digester = aDigester) => anEntry({ user: aUser(name) as never, digester });
const pairOf = ({ keyHash, digest }: SnapshotEntry) => [keyHash, digest] as const;

describe(takeStock, () => {
  it('lets one of two leave who share a key hash, and keeps the mark for the other', async () => {
    const entries = ['a', 'b'].map((name) => entryOf(name, collidingDigester));
    const pairs = [[keyHashOf('a', collidingDigester), sharedKeyDigest]] as const;

    const { stock, staging } = await stockOf({ listed: ['a', 'x'], entries, pairs, digester: collidingDigester });

    expect((await stock).leaving.count).toBe(1);
    expect(await departures(staging)).toMatchObject([{ entry: { userId: 'b' }, pair: 'shared' }]);
  });

  it('takes the pair of somebody who shares with nobody away with him, when the last page was read', async () => {
    const entries = ['a', 'b'].map((name) => entryOf(name));

    const { stock, staging } = await stockOf({ listed: ['a'], entries, pairs: entries.map(pairOf) });

    expect((await stock).absent.count).toBe(1);
    const entry = { userId: 'b', observedAt: instant(5_000) };
    expect(await departures(staging)).toMatchObject([{ entry, pair: 'none' }]);
  });

  it('lets nobody leave a list that collapsed, however long they have been missing', async () => {
    const entries = Array.from({ length: 12 }, (_, n) => entryOf(`u${n}`));

    const { stock, staging } = await stockOf({ listed: ['u0'], entries, pairs: entries.map(pairOf) });

    const { absent, leaving, collapse } = await stock;
    expect([absent.count, leaving.count, collapse]).toStrictEqual([11, 0, 'list_collapsed']);
    expect(await departures(staging)).toStrictEqual([]);
  });

  it('lets nobody leave where somebody is missing of whom there is no entry any more', async () => {
    const [a, b, lost] = ['a', 'b', 'lost'].map((name) => entryOf(name)) as [
      SnapshotEntry,
      SnapshotEntry,
      SnapshotEntry,
    ];

    const { stock, staging } = await stockOf({ listed: ['a'], entries: [a, b], pairs: [a, b, lost].map(pairOf) });

    await expect(stock).rejects.toMatchObject({ code: 'sweep.entries_lost' });
    expect(await departures(staging)).toStrictEqual([]);
  });
});
