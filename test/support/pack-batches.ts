import { createBatchBounds } from '../../src/diff/batch-bounds.ts';
import type { StagedTransition } from '../../src/diff/staged-transition.ts';

/** Transitions as they are committed. */
export function packBatches(transitions: readonly StagedTransition[]): readonly (readonly StagedTransition[])[] {
  const bounds = createBatchBounds();
  const batches: StagedTransition[][] = [];
  for (const transition of transitions) {
    const begins = bounds.beginsBatch(transition);
    if (begins || batches.length === 0) batches.push([transition]);
    else batches.at(-1)?.push(transition);
  }
  return batches;
}
