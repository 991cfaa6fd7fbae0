import { createRandom } from '../../local/simulators/random.ts';
import type { Json } from '../../src/model/json.ts';
import type { FuzzOutcome } from './fuzz-target.ts';
import { mutateJson } from './mutate-json.ts';

/** Inputs in an order that the seed decides, as long as outcomes are told in theirs. */
export type InputStream = {
  next(): Json;
  /** What came of the last one. What leads to something new is worth being changed further. */
  note(outcome: FuzzOutcome): void;
};

const mostKept = 200;
const mostNotes = 5_000;
/** Larger ones take longer, and say no more. */
const longestKept = 15_000;

export function createInputs(corpus: readonly Json[], seed: string): InputStream {
  const random = createRandom(seed);
  const kept = { accepted: [] as Json[], refused: [] as Json[] };
  const notes = new Set<string>();
  let last: Json = null;
  let count = 0;
  // What was refused in a new way is a door that has not been looked at; most of the house is behind what was accepted.
  const pickBase = (): Json => {
    const { accepted, refused } = kept;
    const choice = random.below(10);
    if (choice < 4 && accepted.length > 0) return random.pick(accepted);
    if (choice < 6 && refused.length > 0) return random.pick(refused);
    return random.pick(corpus);
  };
  return {
    next() {
      // The good ones first, as they are: they have to be accepted, or refused, without harm.
      last = corpus[count] ?? mutateJson(pickBase(), random, corpus);
      count += 1;
      return last;
    },
    note({ kind, note }) {
      const seen = `${kind} ${note}`;
      if (notes.has(seen) || notes.size >= mostNotes || count <= corpus.length) return;
      notes.add(seen);
      if (JSON.stringify(last).length > longestKept) return;
      const pool = kept[kind];
      if (pool.length < mostKept) pool.push(last);
      else pool[random.below(mostKept)] = last;
    },
  };
}
