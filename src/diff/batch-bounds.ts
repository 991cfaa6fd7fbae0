import type { StagedTransition } from './staged-transition.ts';

/** Transitions in one log batch at most. */
export const maxTransitionsPerBatch = 50;
/** Bytes of JSON in one log batch at most: an item holds 400 KB with everything else in it. */
export const maxBatchBytes = 350_000;

/** Where batches end, for transitions that come one after another. */
export type BatchBounds = {
  /** Whether this one, which comes next, does not fit in with those before it and begins another batch. */
  beginsBatch(transition: StagedTransition): boolean;
};

/** Bounds with an empty batch before them. A transition beyond the bound of bytes gets a batch of its own. */
export function createBatchBounds(): BatchBounds {
  let count = 0;
  let bytes = 0;
  return {
    beginsBatch(transition) {
      const size = Buffer.byteLength(JSON.stringify(transition)) + 1;
      const begins = count === maxTransitionsPerBatch || (count > 0 && bytes + size > maxBatchBytes);
      count = begins ? 1 : count + 1;
      bytes = begins ? size : bytes + size;
      return begins;
    },
  };
}
