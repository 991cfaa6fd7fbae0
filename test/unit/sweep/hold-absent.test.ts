import { describe, expect, it } from 'vitest';
import { type AbsentUser, createAbsentList, createAbsentListBuilder } from '../../../src/diff/absent-list.ts';
import { toHex } from '../../../src/diff/digest.ts';
import { goneDigest } from '../../../src/diff/judge-change.ts';
import { createJudgementTally, type HeldChanges, previewLength } from '../../../src/diff/judgement-tally.ts';
import { createPairTable } from '../../../src/diff/pair-table.ts';
import type { SnapshotEntry } from '../../../src/model/snapshot-entry.ts';
import { holdAbsent } from '../../../src/sweep/hold-absent.ts';
import { noProbes, type Stock } from '../../../src/sweep/take-stock.ts';
import { anEntry, at, aUser, keyHashOf } from '../../support/builders.ts';
import { aKnownHold, idOf } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { acme, aSweep, type SweepGiven } from './a-sweep.ts';

const missing = (id: string, missedSweeps = 1): AbsentUser => ({ keyHash: keyHashOf(id), missedSweeps });

function listOf(users: readonly AbsentUser[]) {
  const builder = createAbsentListBuilder();
  for (const user of users) builder.add(user);
  return createAbsentList(builder.build());
}

type Given = SweepGiven & {
  readonly absent: readonly AbsentUser[];
  readonly leaving?: readonly string[];
  readonly collapse?: Stock['collapse'];
  readonly probed?: Stock['probed'];
  readonly entries?: readonly SnapshotEntry[];
};

/** Holds absent users, all of whom have entries unless they are given, and tells who is kept where. */
async function hold({ absent, leaving = [], collapse, probed = noProbes, entries, ...given }: Given, hasStock = true) {
  const store = createMemoryStore();
  const ids = ['1', '2', '3'];
  await store.writeEntries(acme, entries ?? ids.map((id) => anEntry({ user: aUser({ id }), digest: '1'.repeat(16) })));
  const { absent: __, ...others } = { ...given, absent };
  const sweep = await aSweep({ ...others, store, state: { counts: { pairs: 1_000, live: 1_000, tombstones: 0 } } });
  const tally = createJudgementTally({ holds: sweep.holds, isDecisive: true });
  const stock: Stock = {
    absent: listOf(absent),
    leaving: listOf(leaving.map((id) => missing(id, 2))),
    probed,
    ...(collapse && { collapse }),
  };
  const verdict = { tally, rules: {} as never, readings: new Map() };
  const { heldCount, pending } = await holdAbsent(sweep, hasStock ? stock : undefined, verdict);
  return { heldCount, pending, fresh: tally.fresh.deleted.held, found: tally.found };
}

/** Whom a hold keeps, each with what he is held for. */
function membersOf(held: HeldChanges | undefined): readonly string[] {
  if (held === undefined) return [];
  const table = createPairTable(held.members.build());
  return Array.from({ length: table.count }, (_, n) => `${table.keyHashAt(n)} ${toHex(table.valueAt(n))}`);
}
const kept = (...ids: readonly string[]) => ids.map((id) => `${keyHashOf(id)} ${goneDigest}`).sort();
const shown = (held: HeldChanges | undefined) => held?.preview.map(({ entry }) => entry.userId).sort();

describe(holdAbsent, () => {
  it('keeps everybody who is missing from a list that collapsed, with an example of each', async () => {
    const { heldCount, pending, fresh, found } = await hold({
      absent: [missing('1', 3), missing('2')],
      collapse: 'list_collapsed',
    });

    expect(heldCount).toBe(2);
    expect(membersOf(fresh)).toStrictEqual(kept('1', '2'));
    expect(shown(fresh)).toStrictEqual(['1', '2']);
    const example = fresh.preview.find(({ entry }) => entry.userId === '1');
    expect(example).toMatchObject({
      entry: { presence: 'gone' },
      pair: 'none',
      change: {
        type: 'deleted',
        reason: { code: 'absent_from_complete_sweeps', evidence: { missedSweeps: 3 } },
        window: { notAfter: at(59) },
      },
    });
    expect([pending.size, found.size]).toStrictEqual([0, 0]);
  });

  it('keeps nobody of a list that did not collapse, unless a hold keeps him', async () => {
    const known = aKnownHold({ kind: 'deleted', of: { 2: goneDigest } });

    const { heldCount, fresh, found, pending } = await hold({ absent: [missing('1'), missing('2')], holds: [known] });

    expect(heldCount).toBe(1);
    expect(membersOf(fresh)).toStrictEqual([]);
    expect(membersOf(found.get(idOf(known)))).toStrictEqual(kept('2'));
    expect(shown(found.get(idOf(known)))).toStrictEqual(['2']);
    expect(pending.size).toBe(0);
  });

  it('keeps several of one hold together', async () => {
    const known = aKnownHold({ kind: 'deleted', of: { 1: goneDigest, 2: goneDigest } });

    const { found } = await hold({ absent: [missing('1'), missing('2')], holds: [known] });

    expect(membersOf(found.get(idOf(known)))).toStrictEqual(kept('1', '2'));
  });

  it('lets whoever leaves be judged by his departure', async () => {
    const known = aKnownHold({ kind: 'deleted', of: { 2: goneDigest } });
    const absent = [missing('1'), missing('2')];

    const { heldCount, fresh, found } = await hold({
      absent,
      leaving: ['1', '2'],
      holds: [known],
      collapse: 'list_empty',
    });

    expect([heldCount, fresh.members.count, found.size]).toStrictEqual([0, 0, 0]);
  });

  it('leaves whoever is missing for too short a time with his decision, uncounted and without an example', async () => {
    const known = aKnownHold({ kind: 'deleted', verdict: 'approved', of: { 1: goneDigest } });

    const { heldCount, pending, found } = await hold({ absent: [missing('1')], holds: [known] });

    expect(heldCount).toBe(0);
    expect(membersOf(pending.get(idOf(known)))).toStrictEqual(kept('1'));
    expect(shown(pending.get(idOf(known)))).toStrictEqual([]);
    expect(found.size).toBe(0);
  });

  it('goes by what the vendor said about somebody', async () => {
    const answers = new Map([[keyHashOf('1'), { presence: 'present', seenAt: at(0) } as const]]);

    const { fresh } = await hold({
      absent: [missing('1', 5)],
      collapse: 'list_empty',
      probed: { ...noProbes, answers },
    });

    expect(fresh.preview[0]?.change?.reason).toMatchObject({ evidence: { missedSweeps: 0 } });
  });

  it('tells those apart who share a key hash', async () => {
    const keyHash = keyHashOf('1');
    const entries = ['1', '2'].map((id) => anEntry({ user: aUser({ id }), keyHash }));
    const absent = [{ keyHash, userId: entries[1]?.userId as never, missedSweeps: 3 }];

    const { heldCount, fresh } = await hold({ absent, collapse: 'list_empty', entries });

    expect(heldCount).toBe(1);
    expect(shown(fresh)).toStrictEqual(['2']);
    expect(fresh.preview[0]?.change?.reason).toMatchObject({ evidence: { missedSweeps: expect.any(Number) } });
  });

  it('shows since when somebody is missing who shares a key hash', async () => {
    const keyHash = keyHashOf('1');
    const entries = ['1', '2'].map((id) => anEntry({ user: aUser({ id }), keyHash }));
    const absent = [{ keyHash, userId: entries[1]?.userId as never, missedSweeps: 3 }];

    const { fresh } = await hold({ absent, collapse: 'list_empty', entries });

    expect(fresh.preview[0]?.change?.reason).toMatchObject({ evidence: { missedSweeps: 3 } });
  });

  it('shows no more examples than a hold has room for', async () => {
    const ids = Array.from({ length: previewLength + 1 }, (_, n) => String(n));
    const sample = anEntry();
    const entries = ids.map((id) => ({ ...sample, userId: id as never, keyHash: keyHashOf(id) }));

    const { heldCount, fresh } = await hold({ absent: ids.map((id) => missing(id)), collapse: 'list_empty', entries });

    expect([heldCount, fresh.members.count, fresh.preview.length]).toStrictEqual([101, 101, 100]);
  });

  it('masks examples as the connection wants it', async () => {
    const protectEntry = (entry: SnapshotEntry) => ({ ...entry, user: { ...entry.user, displayName: 'masked' } });

    const { fresh } = await hold({
      absent: [missing('1')],
      collapse: 'list_empty',
      protector: { protectEntry } as never,
    });

    expect(fresh.preview[0]?.entry.user.displayName).toBe('masked');
  });

  it('keeps nobody in a sweep that does not take stock, or of another list', async () => {
    const absent = [missing('1')];
    const known = aKnownHold({ kind: 'deleted', of: { 1: goneDigest } });
    const nobody = { heldCount: 0, pending: new Map(), found: new Map() };

    expect(await hold({ absent, holds: [known] }, false)).toMatchObject(nobody);
    expect(await hold({ absent, holds: [known], basis: { purpose: 'rescope' } })).toMatchObject(nobody);
  });
});
