import { describe, expect, it } from 'vitest';
import { sweepId } from '../../../../src/model/ids.ts';
import { epochMs } from '../../../../src/model/instant.ts';
import type { ConnectionState } from '../../../../src/sweep/connection-state.ts';
import { watchAfter } from '../../../../src/sweep/watch-after.ts';
import { at } from '../../../support/builders.ts';
import { aState } from '../../store/sample-log.ts';

const completeAt = (minutes: number) => ({
  lastComplete: { sweepId: sweepId('s'), startedAt: at(minutes), directory: 'd', scope: '{}' },
});
const well = aState({ ...completeAt(-15), watchAt: at(30), attempts: 1 });

/** After a sweep from minute 0 to minute 1 of a connection that is swept every quarter of an hour. */
function lookAfter(
  before: ConnectionState,
  isComplete: boolean,
  failures = isComplete ? 0 : 1,
  mode: 'full' | 'delta' = 'full',
) {
  const report = { mode, startedAt: at(0), deniedBy: isComplete ? [] : (['failed'] as never) };
  return watchAfter(before, { everySeconds: 900, report, failures, endedAtMs: epochMs(at(1)) }).watchAt;
}

describe('watchAfter', () => {
  it('looks at a connection again when it becomes stale', () => {
    expect(lookAfter(well, true)).toBe(at(45));
  });

  it('leaves the time as it was after a sweep that proves nothing', () => {
    expect([lookAfter(well, false), lookAfter(well, true, 0, 'delta')]).toStrictEqual([at(30), at(30)]);
  });

  it('looks at once where the connection is failing', () => {
    expect([lookAfter(well, false, 2), lookAfter(well, false, 3)]).toStrictEqual([at(30), at(1)]);
  });

  it('looks at once where it may be well again', () => {
    const unwell = [{ failures: 3 }, { attempts: 4 }, completeAt(-60)];

    expect(unwell.map((change) => lookAfter({ ...well, ...change }, true))).toStrictEqual([at(1), at(1), at(1)]);
  });

  it('takes it for well up to the third death and to the moment it becomes stale in', () => {
    const stillWell = [{ failures: 2 }, { attempts: 3 }, completeAt(-44)];

    expect(stillWell.map((change) => lookAfter({ ...well, ...change }, true))).toStrictEqual([at(45), at(45), at(45)]);
  });

  it('keeps a look that is overdue', () => {
    expect(lookAfter({ ...well, watchAt: at(-5) }, false, 3)).toBe(at(-5));
  });

  it('finds a time where an older version left none', () => {
    const { watchAt: _, ...older } = well;

    expect([lookAfter(older, true), lookAfter(older, false)]).toStrictEqual([at(45), at(1)]);
  });
});
