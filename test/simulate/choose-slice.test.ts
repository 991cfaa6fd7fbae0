import { describe, expect, it } from 'vitest';
import { chooseSlice, type TriedSeed } from './choose-slice.ts';

const tried = (seed: number, ...kinds: readonly string[]): TriedSeed => ({
  seed,
  counts: new Map(kinds.map((kind) => [kind, 1])),
});

describe(chooseSlice, () => {
  it('has every kind that came up, and names the others', () => {
    const { seeds, missing } = chooseSlice([tried(1, 'a', 'b'), tried(2, 'c')], ['a', 'b', 'c', 'd']);

    expect([seeds, missing]).toStrictEqual([[1, 2], ['d']]);
  });

  it('leaves out whose kinds others have', () => {
    const all = [tried(1, 'a', 'b'), tried(2, 'b', 'c', 'rare'), tried(3, 'c'), tried(4, 'a', 'd')];

    expect(chooseSlice(all, ['a', 'b', 'c', 'd', 'rare']).seeds).toStrictEqual([2, 4]);
  });

  it('leaves out who was chosen first and is spare in the end', () => {
    const all = [tried(1, 'a', 'b', 'c', 'd'), tried(2, 'a', 'b', 'x'), tried(3, 'c', 'd', 'y')];

    expect(chooseSlice(all, ['a', 'b', 'c', 'd', 'x', 'y']).seeds).toStrictEqual([2, 3]);
  });

  it('takes the shorter of two that have the same', () => {
    const long = { seed: 1, counts: new Map([...tried(1, 'a').counts, ['sweep_complete', 40]]) };

    expect(chooseSlice([long, tried(2, 'a')], ['a']).seeds).toStrictEqual([2]);
  });

  it('chooses nobody where nothing is wanted', () => {
    expect(chooseSlice([tried(1, 'a')], [])).toStrictEqual({ seeds: [], missing: [] });
  });
});
