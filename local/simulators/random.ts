export type Random = {
  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
  shuffle<T>(items: readonly T[]): T[];
};

/** Repeatable randomness: the same seed gives the same numbers on every machine and in every run. */
export function createRandom(seed: string): Random {
  let state = mixText(seed);
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    return Math.floor((mix(state) / 2 ** 32) * limit);
  };
  return {
    below,
    pick: (choices) => itemAt(choices, below(choices.length)),
    shuffle: (items) => {
      const shuffled = [...items];
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        const kept = itemAt(shuffled, last);
        shuffled[last] = itemAt(shuffled, other);
        shuffled[other] = kept;
      }
      return shuffled;
    },
  };
}

function itemAt<T>(items: readonly T[], index: number): T {
  if (index >= items.length) throw new Error(`nothing to pick from: index ${index} of ${items.length}`);
  return items[index] as T;
}

/** mulberry32: 32 bits of state are plenty for inventing people. */
function mix(state: number): number {
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** FNV-1a, so that seeds which differ in one letter start far apart. */
function mixText(text: string): number {
  let mixed = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  }
  return mixed | 0;
}
