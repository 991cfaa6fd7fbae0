import { describe, expect, it } from 'vitest';
import type { Figure } from '../../../bench/bench.ts';
import { toBenchResult } from '../../../bench/bench-result.ts';

const figure: Figure = { id: 'units', name: 'read units of a sweep', value: 13, unit: 'units' };

describe(toBenchResult, () => {
  it('puts a figure beside its reference, with the ratio of the two', () => {
    expect(toBenchResult('cost', { ...figure, reference: 39, target: { of: 'ratio', atMost: 0.5 } })).toStrictEqual({
      id: 'cost.units',
      name: 'read units of a sweep',
      value: 13,
      unit: 'units',
      reference: 39,
      ratio: 0.333,
      target: { of: 'ratio', atMost: 0.5 },
      met: true,
    });
  });

  it('judges nothing where there is no target, and tells by null what there is not', () => {
    expect(toBenchResult('cost', figure)).toMatchObject({ reference: null, ratio: null, target: null, met: null });
  });

  it.each([
    { of: 'value', atMost: 12.9, met: false },
    { of: 'value', atMost: 13, met: true },
    { of: 'ratio', atMost: 1.299, met: false },
    { of: 'ratio', atMost: 1.3, met: true },
  ] as const)('has met a $of of at most $atMost: $met', ({ of, atMost, met }) => {
    expect(toBenchResult('cost', { ...figure, reference: 10, target: { of, atMost } }).met).toBe(met);
  });

  it('judges the ratio as it is, and not as it is shown', () => {
    const target = { of: 'ratio', atMost: 1.3 } as const;

    expect(toBenchResult('cost', { ...figure, value: 1.3004, reference: 1, target })).toMatchObject({
      ratio: 1.3,
      met: false,
    });
  });

  it.each([{ reference: 0 }, {}, { value: Number.NaN, reference: 10 }])('misses a ratio that is none: %j', (odd) => {
    expect(toBenchResult('cost', { ...figure, ...odd, target: { of: 'ratio', atMost: 2 } }).met).toBe(false);
  });
});
