import type { StagedTransition } from './staged-transition.ts';

/** Transitions in one log batch at most. */
export const maxTransitionsPerBatch = 50;
/** Bytes of JSON in one log batch at most: an item holds 400 KB with everything else in it. */
export const maxBatchBytes = 350_000;

/** Transitions split into commits within the bounds, in order, each once. */
export function packBatches(transitions: readonly StagedTransition[]): readonly (readonly StagedTransition[])[] {
  const batches: StagedTransition[][] = [];
  let bytes = 0;
  for (const transition of transitions) {
    const size = Buffer.byteLength(JSON.stringify(transition)) + 1;
    const batch = batches.at(-1);
    if (batch === undefined || batch.length === maxTransitionsPerBatch || bytes + size > maxBatchBytes) {
      batches.push([transition]);
      bytes = size;
    } else {
      batch.push(transition);
      bytes += size;
    }
  }
  return batches;
}
