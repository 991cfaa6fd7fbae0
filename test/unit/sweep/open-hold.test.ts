import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../src/diff/digest.ts';
import { type HeldChanges, nobodyHeld } from '../../../src/diff/judgement-tally.ts';
import { connectionId, holdId, sweepId } from '../../../src/model/ids.ts';
import { type HoldFacts, type HoldsDraft, newHoldId, openHold } from '../../../src/sweep/open-hold.ts';
import type { Sweep } from '../../../src/sweep/sweep.ts';
import { aTransition, keyHashOf } from '../../support/builders.ts';
import { aKnownHold } from '../../support/known-hold.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

const id = connectionId('c');

/** What a sweep is to whoever opens holds. */
function aSweep() {
  const store = createMemoryStore();
  const ports = { store, nowMs: () => 0 };
  const held = { lease: { connectionId: id, token: 7 } };
  return {
    store,
    sweep: { ports, held, list: { connectionId: id }, basis: { sweepId: sweepId('s') } } as unknown as Sweep,
  };
}

/** The holds there are, in a sweep under way. */
const draftOf = (...names: readonly string[]): HoldsDraft => ({
  holds: names.map((name) => ({ ...aKnownHold().hold, holdId: holdId(name) })),
  changes: [],
  records: [],
  heldBesides: 0,
});

const updates: HoldFacts = { kind: 'updated', reason: 'brake' };
const losses: HoldFacts = { kind: 'updated', reason: 'field_vanished', fields: ['title'] };

describe(newHoldId, () => {
  it.each<[string, HoldFacts, readonly string[], string]>([
    ['the sweep and the kind', updates, [], 's-updated'],
    ['a kind of two words', { kind: 'status_changed', reason: 'brake' }, [], 's-status-changed'],
    ['a list that lost everybody like its kind', { kind: 'deleted', reason: 'list_empty' }, [], 's-deleted'],
    ['fields that vanished', losses, [], 's-updated-fields'],
    ['a number where there is one already', updates, ['s-updated'], 's-updated-2'],
    ['the next number where there are two', updates, ['s-updated', 's-updated-2'], 's-updated-3'],
    ['no number because of other kinds and sweeps', updates, ['s-deleted', 'r-updated'], 's-updated'],
  ])('names %s', (_, facts, names, name) => {
    expect(newHoldId(aSweep().sweep, facts, draftOf(...names))).toBe(name);
  });
});

/** Somebody whom a hold keeps back. */
function oneHeld(): HeldChanges {
  const held = nobodyHeld();
  held.members.add(fromHex(keyHashOf('42')), fromHex('00000000000000bb'));
  held.preview.push(aTransition());
  return held;
}

describe(openHold, () => {
  it.each<[string, HoldFacts]>([
    ['what the brake read', { ...updates, brake: { found: 6, recent: 1, limit: 5, liveUsers: 10 } }],
    ['which fields vanished', losses],
    ['nothing else where the list is the suspect', { kind: 'deleted', reason: 'list_collapsed' }],
  ])('tells consumers and operators of whom it keeps back, for a week, and %s', async (_, facts) => {
    const { store, sweep } = aSweep();
    const draft = draftOf();

    await openHold(sweep, facts, oneHeld(), draft);

    const [hold] = draft.holds;
    expect(hold).toStrictEqual({
      ...facts,
      holdId: hold?.holdId,
      sweepId: 's',
      openedAt: '1970-01-01T00:00:00.000Z',
      expiresAt: '1970-01-08T00:00:00.000Z',
      members: `000000000007/hold/${hold?.holdId}`,
      memberCount: 1,
    });
    const told = { holdId: hold?.holdId, ...facts, count: 1 };
    expect(draft.changes).toStrictEqual([{ type: 'changes_held', hold: told }]);
    expect(draft.records).toStrictEqual([{ connectionId: id, hold, preview: [aTransition()] }]);
    expect([...store.blobs.keys()]).toStrictEqual([hold?.members]);
  });

  it('opens none over nobody, and writes nothing', async () => {
    const { store, sweep } = aSweep();
    const draft = draftOf();

    await openHold(sweep, updates, nobodyHeld(), draft);

    expect(draft).toStrictEqual(draftOf());
    expect([...store.blobs.keys()]).toStrictEqual([]);
  });
});
