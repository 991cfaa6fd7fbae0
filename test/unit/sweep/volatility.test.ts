import { describe, expect, it } from 'vitest';
import type { Volatility } from '../../../src/sweep/connection-state.ts';
import type { SweepReport } from '../../../src/sweep/sweep-report.ts';
import { countVolatility, volatileFields } from '../../../src/sweep/volatility.ts';

type Facts = Pick<SweepReport, 'mode' | 'purpose' | 'deniedBy'> & { readonly restlessFields?: readonly string[] };
const live: Facts = { mode: 'full', purpose: 'live', deniedBy: [] };

/** What is counted after sweeps in each of which these fields were restless. */
function countOver(sweeps: readonly (readonly string[])[], facts: Partial<Facts> = {}): Volatility | undefined {
  let volatility: Volatility | undefined;
  for (const restlessFields of sweeps) {
    const report = { ...live, ...facts, restlessFields } as unknown as SweepReport;
    volatility = countVolatility({ ...(volatility && { volatility }) }, report).volatility ?? volatility;
  }
  return volatility;
}

const fieldsOf = (volatility: Volatility | undefined) => volatileFields({ ...(volatility && { volatility }) });

describe(volatileFields, () => {
  it('names fields that were restless in more than half of at least three sweeps', () => {
    expect(fieldsOf(countOver([['seenAt'], ['seenAt', 'title'], []]))).toStrictEqual(['seenAt']);
  });

  it('names nothing after two sweeps, nor at exactly half', () => {
    expect(fieldsOf(countOver([['seenAt'], ['seenAt']]))).toStrictEqual([]);
    expect(fieldsOf(countOver([['seenAt'], ['seenAt'], [], []]))).toStrictEqual([]);
  });

  it('forgets a field that has come to rest', () => {
    const restless = Array.from({ length: 20 }, () => ['seenAt']);
    const calm = Array.from({ length: 25 }, () => []);

    expect(fieldsOf(countOver([...restless, ...calm]))).toStrictEqual([]);
    expect(fieldsOf(countOver([...restless, ['seenAt']]))).toStrictEqual(['seenAt']);
  });
});

describe(countVolatility, () => {
  it.each([
    ['a delta', { mode: 'delta' }],
    ['a baseline', { purpose: 'baseline' }],
    ['an incomplete sweep', { deniedBy: ['no_end_signal'] }],
  ] as const)('counts nothing of %s', (_, facts) => {
    expect(countOver([['seenAt']], facts as Partial<Facts>)).toBeUndefined();
  });
});
