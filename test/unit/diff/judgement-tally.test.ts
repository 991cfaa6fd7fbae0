import { describe, expect, it } from 'vitest';
import { goneDigest, type Judgement } from '../../../src/diff/judge-change.ts';
import { createJudgementTally, type HeldChanges, noCommits, previewLength } from '../../../src/diff/judgement-tally.ts';
import { createPairTable } from '../../../src/diff/pair-table.ts';
import type { StagedTransition } from '../../../src/diff/staged-transition.ts';
import { holdId } from '../../../src/model/ids.ts';
import { aDeparture, anEntry, aSuspect, aUser, depart, keyHashOf, observe } from '../../support/builders.ts';
import { aKnownHold, aLossHold, idOf, rulesOf } from '../../support/known-hold.ts';

const retitled = (id = '42') =>
  observe(
    aSuspect({ entry: anEntry({ user: aUser({ id, title: 'Dr' }) }), user: aUser({ id, title: 'Miss' }) }),
  ) as StagedTransition;
const left = depart(aDeparture()) as StagedTransition;

const judgement = (given: Partial<Judgement> = {}): Judgement => ({
  masked: [],
  settles: [],
  isFresh: false,
  ...given,
});

/** Members by key hash, with their targets. */
function membersOf(held: HeldChanges | undefined): readonly (readonly [string, string])[] {
  const table = createPairTable(held?.members.build() ?? new Uint8Array());
  return Array.from({ length: table.count }, (_, slot) => [
    table.keyHashAt(slot),
    Buffer.from(table.valueAt(slot)).toString('hex'),
  ]);
}

describe(createJudgementTally, () => {
  it('counts what is committed in any case apart from what a brake may hold', () => {
    const tally = createJudgementTally({ holds: [], isDecisive: true });
    const [fresh, released] = [retitled('1'), retitled('2')];
    const { change: _, ...silent } = retitled('3');
    tally.add(fresh, judgement({ commit: fresh, isFresh: true }));
    tally.add(left, judgement({ commit: left, isFresh: true }));
    tally.add(released, judgement({ commit: released, settles: [holdId('h')] }));
    tally.add(silent, judgement({ commit: silent }));

    expect(tally.settled).toMatchObject({ changes: 2, silent: 1, told: { updated: 1, deleted: 0 } });
    expect(tally.settled.bytes).toBe(JSON.stringify(released).length + JSON.stringify(silent).length);
    expect(tally.fresh.updated).toMatchObject({ changes: 1, told: { updated: 1 }, masked: 0 });
    expect(tally.fresh.deleted).toMatchObject({ changes: 1, told: { deleted: 1 } });
    expect(tally.fresh.created).toMatchObject(noCommits());
    expect([tally.observed, tally.keptBack, [...tally.settledBy]]).toStrictEqual([3, 0, [['h', 1]]]);
  });

  it('knows whom a hold of each kind would keep back, and what it would become', () => {
    const tally = createJudgementTally({ holds: [], isDecisive: true });
    const fresh = retitled('1');
    tally.add(fresh, judgement({ commit: fresh, isFresh: true }));
    tally.add(left, judgement({ commit: left, isFresh: true }));

    expect(membersOf(tally.fresh.updated.held)).toStrictEqual([[keyHashOf('1'), fresh.entry.digest]]);
    expect(membersOf(tally.fresh.deleted.held)).toStrictEqual([[keyHashOf('42'), goneDigest]]);
    expect(tally.fresh.updated.held.preview).toStrictEqual([fresh]);
  });

  it('counts new pairs, and those who return', () => {
    const tally = createJudgementTally({ holds: [], isDecisive: true });
    const newcomer = observe(aSuspect({ user: aUser({ id: '7' }) })) as StagedTransition;
    const back = { ...newcomer, change: { ...newcomer.change, restored: true } } as StagedTransition;
    tally.add(newcomer, judgement({ commit: newcomer, isFresh: true }));
    tally.add(back, judgement({ commit: back, isFresh: true }));
    tally.add(left, judgement({ commit: left, isFresh: true }));

    expect(tally.fresh.created).toMatchObject({ pairs: 2, restored: 1 });
    expect(tally.fresh.deleted.pairs).toBe(0);
  });

  it('finds again what an open hold keeps back', () => {
    const hold = aKnownHold();
    const tally = createJudgementTally({ holds: [hold], isDecisive: true });
    const transition = retitled();
    tally.add(transition, judgement({ withheld: { kind: 'updated', by: idOf(hold), target: 'ab'.repeat(8) } }));

    expect(membersOf(tally.found.get(idOf(hold)))).toStrictEqual([[keyHashOf('42'), 'ab'.repeat(8)]]);
    expect([tally.keptBack, tally.observed, tally.fresh.updated.changes]).toStrictEqual([1, 1, 0]);
  });

  it('adds a lost field to the undecided hold that knows it, and others to a new one', () => {
    const open = aLossHold();
    const decided = aLossHold({ holdId: 'decided', fields: ['bio'], verdict: 'approved' });
    const tally = createJudgementTally({ holds: [open, decided], isDecisive: true });
    const transition = retitled();
    tally.add(transition, judgement({ masked: ['title', 'groups', 'emails'] }));

    expect([...(tally.found.get(idOf(open))?.fields ?? [])]).toStrictEqual(['title']);
    expect([...tally.newlyLost.fields]).toStrictEqual(['groups', 'emails']);
    expect([membersOf(tally.newlyLost).length, tally.newlyLost.preview, tally.keptBack]).toStrictEqual([
      1,
      [transition],
      1,
    ]);
  });

  it('adds a lost field that a hold was decided about to a new one, in a sweep that decides', () => {
    const decided = aLossHold({ verdict: 'approved' });
    const tally = createJudgementTally(rulesOf({ holds: [decided] }));
    tally.add(retitled(), judgement({ masked: ['title'] }));

    expect([tally.found.size, ...tally.newlyLost.fields]).toStrictEqual([0, 'title']);
  });

  it('adds a lost field to a decided hold as well in a sweep that does not decide', () => {
    const decided = aLossHold({ verdict: 'approved' });
    const tally = createJudgementTally(rulesOf({ holds: [decided], isDecisive: false }));
    tally.add(retitled(), judgement({ masked: ['title'] }));

    expect([...(tally.found.get(idOf(decided))?.fields ?? [])]).toStrictEqual(['title']);
    expect(tally.newlyLost.members.count).toBe(0);
  });

  it('counts a user once of whom an open hold keeps more than one thing back', () => {
    const hold = aKnownHold();
    const tally = createJudgementTally(rulesOf({ holds: [hold] }));
    const target = 'ab'.repeat(8);
    tally.add(retitled(), judgement({ masked: ['bio'], withheld: { kind: 'updated', by: idOf(hold), target } }));
    const fresh = retitled('7');
    tally.add(fresh, judgement({ masked: ['bio'], commit: fresh, isFresh: true }));

    expect([tally.keptBack, tally.fresh.updated.changes, tally.fresh.updated.masked]).toStrictEqual([2, 1, 1]);
  });

  it('keeps a hundred examples and every member', () => {
    const tally = createJudgementTally({ holds: [], isDecisive: true });
    for (let id = 0; id < previewLength + 20; id += 1) {
      const transition = retitled(String(id));
      tally.add(transition, judgement({ masked: ['title'] }));
      tally.add(transition, judgement({ commit: transition, isFresh: true }));
    }

    for (const held of [tally.newlyLost, tally.fresh.updated.held])
      expect([membersOf(held).length, held.preview.length]).toStrictEqual([previewLength + 20, previewLength]);
  });
});
