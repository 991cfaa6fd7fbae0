import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noteSequences, type SeenSequences } from '../../../src/consumer/seen-sequences.ts';

const patience = { graceMs: 1000, maxRanges: 3 };

/** Arrivals one after the other, and the gaps told on the way as `expected..got`. */
function tell(arrivals: readonly (readonly [nowMs: number, sequences: number[], epoch?: number])[]) {
  let seen: SeenSequences | undefined;
  const told: string[] = [];
  for (const [nowMs, sequences, epoch = 1] of arrivals) {
    const noted = noteSequences(seen, { epoch, sequences, nowMs }, patience);
    seen = noted.seen;
    told.push(...noted.gaps.map((gap) => `${gap.epoch}: ${gap.expected}..${gap.got} at ${nowMs}`));
  }
  return { seen, told };
}

describe(noteSequences, () => {
  it('tells of nothing while events come in order, from whichever on', () => {
    expect(
      tell([
        [0, [7]],
        [1, [8, 9]],
        [5000, [10]],
      ]),
    ).toStrictEqual({
      seen: { epoch: 1, upTo: 10, beyond: [] },
      told: [],
    });
  });

  it('lets a late event fill its gap in time', () => {
    expect(
      tell([
        [0, [1]],
        [1, [3]],
        [900, [2]],
        [5000, [4]],
      ]).told,
    ).toStrictEqual([]);
  });

  it('tells of a gap once, when the time has passed and something else arrives', () => {
    const { seen, told } = tell([
      [0, [1]],
      [1, [4]],
      [1000, [5]],
      [1001, [6]],
      [9000, [7]],
      [9001, [2]],
    ]);

    expect(told).toStrictEqual(['1: 2..4 at 1001']);
    expect(seen).toStrictEqual({ epoch: 1, upTo: 7, beyond: [] });
  });

  it('counts the time of a gap from when it was noticed, also after an event from within it', () => {
    expect(
      tell([
        [0, [1]],
        [1, [9]],
        [900, [5]],
        [1001, [10]],
      ]).told,
    ).toStrictEqual(['1: 2..5 at 1001', '1: 6..9 at 1001']);
  });

  it('gives a later gap its own time', () => {
    expect(
      tell([
        [0, [1]],
        [1, [3]],
        [900, [5]],
        [1001, [6]],
        [1900, [7]],
      ]).told,
    ).toStrictEqual(['1: 2..3 at 1001', '1: 4..5 at 1900']);
  });

  it('tells of the oldest gap at once when there are too many to remember', () => {
    expect(
      tell([
        [0, [1]],
        [1, [3]],
        [2, [5]],
        [3, [7]],
        [4, [9]],
      ]).told,
    ).toStrictEqual(['1: 2..3 at 4']);
  });

  it('begins anew with a new epoch, and tells of what is missing of the old one', () => {
    const { seen, told } = tell([
      [0, [1]],
      [1, [3]],
      [2, [40, 41], 2],
      [3, [2]],
      [4, [42], 2],
    ]);

    expect(told).toStrictEqual(['1: 2..3 at 2']);
    expect(seen).toStrictEqual({ epoch: 2, upTo: 42, beyond: [] });
  });

  it('says with the same value that nothing is new', () => {
    const known: SeenSequences = { epoch: 1, upTo: 5, beyond: [{ from: 7, to: 8, sinceMs: 0 }] };

    expect(noteSequences(known, { epoch: 1, sequences: [3, 8], nowMs: 1 }, patience).seen).toBe(known);
  });

  it('tells exactly of what never came, in whatever order the rest did', () => {
    const numbers = Array.from({ length: 25 }, (_, at) => at + 2);
    const arrivals = fc.shuffledSubarray(numbers, { minLength: 1 });
    fc.assert(
      fc.property(arrivals, (order) => {
        const { missing } = tellAll([1, ...order]);

        expect(missing).toStrictEqual(numbers.filter((each) => !order.includes(each) && each < Math.max(...order)));
      }),
    );
  });
});

/** The numbers told missing when these have arrived one by one, and much later one far ahead. */
function tellAll(order: readonly number[]): { readonly missing: readonly number[] } {
  let seen: SeenSequences | undefined;
  const missing: number[] = [];
  for (const [at, sequence] of [...order, 1000].entries()) {
    const nowMs = at === order.length ? 10_000 : at;
    const noted = noteSequences(seen, { epoch: 1, sequences: [sequence], nowMs }, { graceMs: 1000, maxRanges: 50 });
    seen = noted.seen;
    for (const { expected, got } of noted.gaps)
      missing.push(...Array.from({ length: got - expected }, (_, ahead) => expected + ahead));
  }
  return { missing };
}
