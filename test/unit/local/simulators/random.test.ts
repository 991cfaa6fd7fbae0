import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../../local/simulators/random.ts';

const draw = (seed: string, count = 200) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.below(1000));
};

describe('createRandom', () => {
  it('gives the same numbers for the same seed', () => {
    expect(draw('a/1')).toStrictEqual(draw('a/1'));
  });

  it('gives other numbers for a seed that differs in its last letter', () => {
    expect(draw('a/1')).not.toStrictEqual(draw('a/2'));
  });

  it('stays below its limit and reaches both ends', () => {
    const random = createRandom('ends');

    const numbers = new Set(Array.from({ length: 500 }, () => random.below(4)));

    expect([...numbers].toSorted()).toStrictEqual([0, 1, 2, 3]);
  });

  it('shuffles without losing or doubling anything, and leaves the original alone', () => {
    const items = Array.from({ length: 30 }, (_, index) => index);

    const shuffled = createRandom('cards').shuffle(items);

    expect(shuffled).not.toStrictEqual(items);
    expect(shuffled.toSorted((a, b) => a - b)).toStrictEqual(items);
    expect(items[0]).toBe(0);
  });

  it('refuses to pick from nothing', () => {
    expect(() => createRandom('none').pick([])).toThrow('nothing to pick from');
  });
});
