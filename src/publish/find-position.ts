import type { ConnectionId } from '../model/ids.ts';
import type { LogBatch } from '../model/log-batch.ts';

/** Reads single batches. */
export type BatchSearch = {
  /** The first batch after a position that is still there. */
  firstBatchAfter(connectionId: ConnectionId, position: number): Promise<LogBatch | undefined>;
};

/**
 * The last position, up to `end`, whose batch lies before what is looked for; 0 where none does. `isBefore` holds for all batches up
 * to some place and for none behind it. Most who look for a place look for one near the end: from there in growing steps,
 * then by halves; some twenty reads of one batch in a log of a million.
 */
export async function findPosition(
  { firstBatchAfter }: BatchSearch,
  connectionId: ConnectionId,
  { end, isBefore }: { readonly end: number; readonly isBefore: (batch: LogBatch) => boolean },
): Promise<number> {
  let low = 0;
  let high = end;
  let step = 1;
  while (low < high) {
    const probe = low === 0 ? Math.max(1, high + 1 - step) : Math.ceil((low + high) / 2);
    const batch = await firstBatchAfter(connectionId, probe - 1);
    // What stood between the probe and this batch has expired: then the place is before the probe, or at the batch.
    if (batch !== undefined && isBefore(batch)) low = Math.min(end, batch.position);
    else high = probe - 1;
    step *= 2;
  }
  return low;
}
