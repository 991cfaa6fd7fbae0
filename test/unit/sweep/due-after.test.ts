import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import { dueAfter, type SweepEnd } from '../../../src/sweep/due-after.ts';
import type { UserList } from '../../../src/sweep/ports.ts';
import { listOf, scriptedVendor } from '../../support/scripted-vendor.ts';

const now = Date.UTC(2026, 10, 23);
const at = (minutes: number) => instant(now + minutes * 60_000);

function end(given: Partial<SweepEnd['report']> = {}, failures = 0): SweepEnd {
  return { report: { mode: 'full', startedAt: at(-1), deniedBy: [], ...given }, failures, endedAtMs: now };
}

function due(sweepEnd: SweepEnd, state: Partial<ConnectionState> = {}, settings: Partial<UserList> = {}) {
  const wanted = { everySeconds: 3600, hasDelta: true, deltaEverySeconds: 600, ...settings };
  const list = listOf(scriptedVendor([]), connectionId('c'), () => now, wanted);
  return dueAfter(list, { dueAt: at(0), ...state }, sweepEnd);
}

describe(dueAfter, () => {
  it('is due for the delta first, and for the full sweep on its own interval', () => {
    expect(due(end())).toStrictEqual({
      dueAt: at(10),
      fullDueAt: at(60),
      delta: { dueAt: at(10), since: at(-1) },
    });
  });

  it('leaves the full sweep where it was after a delta', () => {
    const after = due(end({ mode: 'delta' }), { fullDueAt: at(5), delta: { since: at(-20) } });

    expect(after).toStrictEqual({ dueAt: at(5), fullDueAt: at(5), delta: { dueAt: at(10), since: at(-1) } });
  });

  it('asks from the same moment again after a list that did not end', () => {
    const before = { fullDueAt: at(60), delta: { since: at(-20) } };

    const { delta } = due(end({ mode: 'delta', deniedBy: ['no_end_signal'] }), before);

    expect(delta?.since).toBe(at(-20));
  });

  it('puts a failing full sweep off further each time', () => {
    const failed = (failures: number) => due(end({ deniedBy: ['no_end_signal'] }, failures), {}, { hasDelta: false });

    expect([1, 2, 3].map((failures) => failed(failures).fullDueAt)).toStrictEqual([at(60), at(120), at(240)]);
  });

  it.each([
    ['whose vendor ignores the filter', { isFilterIgnored: true }],
    ['whose vendor has none', { failure: { code: 'sweep.delta_unsupported', message: 'none' } }],
  ] as const)('tries a delta %s again after a day', (_, facts) => {
    const after = due(end({ mode: 'delta', ...facts }), { fullDueAt: at(60) });

    expect([after.dueAt, after.delta?.dueAt, after.delta?.ignoredAt]).toStrictEqual([at(60), at(24 * 60), at(0)]);
  });

  it('remembers from when on a delta would ask, though none is wanted', () => {
    const { deltaEverySeconds: _, ...list } = listOf(scriptedVendor([]), connectionId('c'), () => now);

    expect(dueAfter(list, { dueAt: at(0) }, end()).delta).toStrictEqual({ since: at(-1) });
  });
});
