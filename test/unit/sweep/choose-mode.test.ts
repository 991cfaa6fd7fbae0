import { describe, expect, it } from 'vitest';
import { connectionId, sweepId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import { chooseMode } from '../../../src/sweep/choose-mode.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { UserList } from '../../../src/sweep/ports.ts';
import { listOf, scriptedVendor } from '../../support/scripted-vendor.ts';
import { aState } from '../store/sample-log.ts';

const now = Date.UTC(2026, 10, 23);
const soon = instant(now + 60_000);
const past = instant(now - 1);
const lastComplete = { sweepId: sweepId('s'), startedAt: past, directory: 'scripted directory', scope: '{}' };
const known = { lastComplete, delta: { since: past }, fullDueAt: soon };

function aList(settings: Partial<UserList> = {}): UserList {
  const wanted = { hasDelta: true, deltaEverySeconds: 60, ...settings };
  return listOf(scriptedVendor([]), connectionId('c'), () => now, wanted);
}

function choose(state: Partial<ConnectionState>, list = aList(), ask: { mode?: 'full' | 'delta'; due?: true } = {}) {
  const { mode, due } = ask;
  return chooseMode(aState(state), list, { nowMs: now, ...(mode && { mode }), ...(due && { dueAt: past }) });
}

describe(chooseMode, () => {
  it('is the one that is asked for', () => {
    expect([choose(known, aList(), { mode: 'delta' }), choose(known, aList(), { mode: 'full' })]).toStrictEqual([
      ...['delta', 'full'],
    ]);
  });

  it('is a delta between two full ones that are due', () => {
    expect(choose(known, aList(), { due: true })).toBe('delta');
    expect(choose({ ...known, fullDueAt: past }, aList(), { due: true })).toBe('full');
  });

  it.each([
    [3, 'full'],
    [4, 'delta'],
    [5, 'full'],
    [6, 'delta'],
  ])(
    'where both are due, is the one that spares what kills the other: after %i ticks that ended nothing, %s',
    (attempts, mode) => {
      expect(choose({ ...known, fullDueAt: past, attempts }, aList(), { due: true })).toBe(mode);
      expect(choose({ ...known, attempts }, aList(), { due: true })).toBe('delta');
      expect(choose({ ...known, fullDueAt: past, attempts }, aList({ hasDelta: false }), { due: true })).toBe('full');
    },
  );

  it('is full for somebody who asks without a due time', () => {
    expect(choose(known)).toBe('full');
  });

  it.each([
    ['before the baseline', { delta: { since: past }, fullDueAt: soon }, {}],
    ['of another directory', known, { directory: 'another' }],
    ['of a list that is cut differently', known, { scope: '{"a":1}' }],
    ['where no sweep has ended its list', { ...known, delta: {} }, {}],
    ['of a vendor without deltas', known, { hasDelta: false }],
  ])('is full %s, whatever is asked for', (_, state, settings) => {
    expect(choose(state, aList(settings), { mode: 'delta' })).toBe('full');
  });
});
