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

  it('names them in order, and nothing before the first sweep', () => {
    expect(fieldsOf(countOver([['title', 'seenAt'], ['title', 'seenAt'], []]))).toStrictEqual(['seenAt', 'title']);
    expect(fieldsOf(undefined)).toStrictEqual([]);
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

  it.each<[string, Volatility | undefined, readonly string[], Volatility | undefined]>([
    ['begins with the first sweep', undefined, [], { sweeps: 1, fields: {} }],
    ['goes on to the third where every field is at rest', { sweeps: 2, fields: {} }, [], { sweeps: 3, fields: {} }],
    ['has nothing more to say after that', { sweeps: 3, fields: {} }, [], undefined],
    ['goes on once a field is restless', { sweeps: 3, fields: {} }, ['title'], { sweeps: 4, fields: { title: 1 } }],
    ['goes on where one was', { sweeps: 3, fields: { title: 1 } }, [], { sweeps: 4, fields: { title: 1 } }],
    [
      'fades by half after twenty',
      { sweeps: 20, fields: { title: 9, seenAt: 1 } },
      ['title'],
      { sweeps: 11, fields: { title: 5 } },
    ],
  ])('%s', (_, volatility, restlessFields, next) => {
    const report = { ...live, restlessFields } as unknown as SweepReport;

    const counted = countVolatility({ ...(volatility && { volatility }) }, report);

    expect(counted).toStrictEqual(next === undefined ? {} : { volatility: next });
  });
});
