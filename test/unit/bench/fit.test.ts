import { describe, expect, it } from 'vitest';
import { fitLine, fitPower } from '../../../bench/fit.ts';

const over = (xs: readonly number[], y: (x: number) => number) => xs.map((x) => ({ x, y: y(x) }));

describe(fitLine, () => {
  it('finds the line that points lie on', () => {
    const { base, perOne } = fitLine(over([1, 10, 100], (x) => 7 + 3 * x));

    expect(base).toBeCloseTo(7);
    expect(perOne).toBeCloseTo(3);
  });

  it('has exactly nothing for each where all points are equal', () => {
    expect(fitLine(over([500, 1_000, 2_000], () => 10))).toStrictEqual({ base: 10, perOne: 0 });
  });

  it('goes between points that lie on none', () => {
    expect(fitLine([...over([0, 1], () => 0), ...over([0, 1], () => 2)])).toStrictEqual({ base: 1, perOne: 0 });
  });
});

describe(fitPower, () => {
  it.each([
    { what: 'what stays', power: 0 },
    { what: 'a line', power: 1 },
    { what: 'a square', power: 2 },
  ])('is $power for $what', ({ power }) => {
    expect(fitPower(over([1, 4, 16, 64], (x) => 5 * x ** power))).toBeCloseTo(power);
  });

  it('leaves points out of which there is no logarithm', () => {
    expect(fitPower([{ x: 0, y: 3 }, { x: 2, y: 0 }, ...over([1, 4, 16], (x) => x)])).toBeCloseTo(1);
  });
});
