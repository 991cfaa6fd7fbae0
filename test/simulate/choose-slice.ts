import type { SeedResult } from './run-seed.ts';

/** A seed, and how often what happened in it. */
export type TriedSeed = Pick<SeedResult, 'seed' | 'counts'>;

export type Slice = {
  readonly seeds: readonly number[];
  /** Kinds that came up in none of those tried. */
  readonly missing: readonly string[];
};

/** What every seed takes beside its sweeps, in sweeps. */
const seedCost = 10;

/** Few and short seeds that have every kind among them. Rare kinds decide first: whoever has one often has common ones, too. */
export function chooseSlice(tried: readonly TriedSeed[], kinds: readonly string[]): Slice {
  const holders = new Map(kinds.map((kind) => [kind, tried.filter(({ counts }) => counts.has(kind))]));
  const wanted = new Set(kinds.filter((kind) => holders.get(kind)?.length !== 0));
  const worthOf = ({ counts }: TriedSeed) => {
    const rarities = [...wanted].filter((kind) => counts.has(kind)).map((kind) => 1 / (holders.get(kind)?.length ?? 1));
    return rarities.reduce((sum, rarity) => sum + rarity, 0);
  };
  const chosen: TriedSeed[] = [];
  while (wanted.size > 0) {
    const best = tried.reduce((one, other) =>
      worthOf(other) / costOf(other) > worthOf(one) / costOf(one) ? other : one,
    );
    chosen.push(best);
    for (const kind of best.counts.keys()) wanted.delete(kind);
  }
  return {
    seeds: withoutSpare(chosen, kinds)
      .map(({ seed }) => seed)
      .toSorted((one, other) => one - other),
    missing: kinds.filter((kind) => holders.get(kind)?.length === 0),
  };
}

/** What was chosen early may be had by those that were chosen later. */
function withoutSpare(chosen: readonly TriedSeed[], kinds: readonly string[]): readonly TriedSeed[] {
  const kindsOf = (seeds: readonly TriedSeed[]) => kinds.filter((kind) => seeds.some(({ counts }) => counts.has(kind)));
  const all = kindsOf(chosen).length;
  return chosen.reduce((kept, spare) => {
    const rest = kept.filter((seed) => seed !== spare);
    return kindsOf(rest).length === all ? rest : kept;
  }, chosen);
}

function costOf({ counts }: TriedSeed): number {
  return [...counts].reduce((sum, [what, times]) => (what.startsWith('sweep_') ? sum + times : sum), seedCost);
}
