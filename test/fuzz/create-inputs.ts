import { hash } from 'node:crypto';
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
/** Larger ones take longer, and say no more. All that is kept takes less than what is called a leak. */
const longestKept = 4_000;

export function createInputs(corpus: readonly Json[], seed: string): InputStream {
  const random = createRandom(seed);
  // As texts, which take a third of the room.
  const kept = { accepted: [] as string[], refused: [] as string[] };
  const notes = new Set<string>();
  let last: Json = null;
  let count = 0;
  // What was refused in a new way is a door that has not been looked at; most of the house is behind what was accepted.
  const pickBase = (): Json => {
    const { accepted, refused } = kept;
    const choice = random.below(10);
    if (choice < 4 && accepted.length > 0) return JSON.parse(random.pick(accepted)) as Json;
    if (choice < 6 && refused.length > 0) return JSON.parse(random.pick(refused)) as Json;
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
      // A note may be as long as an input.
      const seen = hash('sha256', `${kind} ${note}`, 'base64');
      if (notes.has(seen) || notes.size >= mostNotes || count <= corpus.length) return;
      notes.add(seen);
      const text = JSON.stringify(last);
      if (text.length > longestKept) return;
      const pool = kept[kind];
      if (pool.length < mostKept) pool.push(text);
      else pool[random.below(mostKept)] = text;
    },
  };
}
