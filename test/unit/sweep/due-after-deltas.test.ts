import { describe, expect, it } from 'vitest';
import { connectionId } from '../../../src/model/ids.ts';
import { epochMs } from '../../../src/model/instant.ts';
import { chooseMode } from '../../../src/sweep/choose-mode.ts';
import { dueAfter, type SweepEnd } from '../../../src/sweep/due-after.ts';
import { aStamp, at } from '../../support/builders.ts';
import { listOf, scriptedVendor } from '../../support/scripted-vendor.ts';
import { aState } from '../store/sample-log.ts';

const nowMs = epochMs(at(0));
/** A list with full sweeps every hour, and deltas every ten minutes unless said otherwise. */
const aList = (settings: { readonly deltaEverySeconds?: number } = { deltaEverySeconds: 600 }) =>
  listOf(scriptedVendor([]), connectionId('c'), () => nowMs, { everySeconds: 3600, hasDelta: true, ...settings });

function due(report: Partial<SweepEnd['report']>, state: Partial<Parameters<typeof dueAfter>[1]> = {}, failures = 0) {
  const ended = { mode: 'delta', startedAt: at(-1), deniedBy: [], ...report } as const;
  return dueAfter(aList(), { dueAt: at(0), ...state }, { report: ended, failures, endedAtMs: nowMs });
}

const noEnd = { deniedBy: ['no_end_signal'] } as const;

describe('the next delta', () => {
  it('is due an interval after it was due', () => {
    expect(due({}, { fullDueAt: at(60), delta: { dueAt: at(-3) } }).dueAt).toBe(at(7));
  });

  it('is due an interval after one that did not end its list, however the full sweeps fare', () => {
    expect(due(noEnd, { delta: { dueAt: at(-3) } }, 3).delta).toStrictEqual({ dueAt: at(10) });
    expect(due({}, { delta: { dueAt: at(-3) } }).delta).toStrictEqual({ dueAt: at(7), since: at(-1) });
  });

  it('is put off with full sweeps that fail', () => {
    expect(due({ mode: 'full', ...noEnd }, { delta: { dueAt: at(-3) } }, 2).delta).toStrictEqual({ dueAt: at(20) });
  });

  it('leaves a full sweep due that is overdue', () => {
    expect(due({}, { fullDueAt: at(-2) })).toMatchObject({ dueAt: at(-2), fullDueAt: at(-2) });
    expect(due({}, { dueAt: at(-2) })).toMatchObject({ dueAt: at(-2), fullDueAt: at(-2) });
  });

  it('of a vendor that ignores the filter is tried a day after that was found', () => {
    const day = 24 * 60;
    const found = (minute: number) =>
      due({}, { fullDueAt: at(60), delta: { dueAt: at(-3), ignoredAt: at(minute) } }).delta;

    expect(found(1 - day)).toStrictEqual({ dueAt: at(1), since: at(-1), ignoredAt: at(1 - day) });
    expect(found(-day)).toStrictEqual({ dueAt: at(7), since: at(-1) });
  });

  it('is nothing to remember where none is wanted and no list has ended', () => {
    const report = { ...aStamp(), ...noEnd };
    const end = { report, failures: 1, endedAtMs: nowMs };

    expect(dueAfter(aList({}), { dueAt: at(0) }, end)).toStrictEqual({ dueAt: at(60), fullDueAt: at(60) });
  });
});

describe(chooseMode, () => {
  const lastComplete = { ...aStamp(), directory: 'scripted directory', scope: '{}' };
  const known = { lastComplete, delta: { since: at(-9) }, fullDueAt: at(9) };
  const ask = { dueAt: at(0), nowMs };

  it('is full where nothing says from when on a delta would ask', () => {
    expect(chooseMode(aState({ lastComplete, fullDueAt: at(9) }), aList(), ask)).toBe('full');
  });

  it('is full when that is due, and where nobody knows when', () => {
    expect(chooseMode(aState({ ...known, fullDueAt: at(0) }), aList(), ask)).toBe('full');
    expect(chooseMode(aState({ lastComplete, delta: known.delta }), aList(), ask)).toBe('full');
    expect(chooseMode(aState(known), aList(), ask)).toBe('delta');
  });

  it('is full where no deltas are wanted', () => {
    expect(chooseMode(aState(known), aList({}), ask)).toBe('full');
  });
});
