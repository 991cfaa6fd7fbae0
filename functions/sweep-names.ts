import { createHash, randomBytes } from 'node:crypto';
import { type SweepId, sweepId } from '../src/model/ids.ts';
import { instant } from '../src/model/instant.ts';

/** Sorts by time; random in its second half, so that two sweeps of one millisecond differ. */
export function newSweepId(nowMs: number): SweepId {
  return sweepId(`${instant(nowMs).replace(/[-:.]/g, '')}-${randomBytes(4).toString('hex')}`);
}

/** Names what a projection means: every runtime over one table must name it alike. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
