import * as z from 'zod/mini';
import { unwrapEvent } from '../events/unwrap-event.ts';
import type { SequencePlace } from './watch-sequences.ts';

const placed = z.object({
  connectionId: z.string(),
  epoch: z.number(),
  sequence: z.number(),
  origin: z.optional(z.string()),
});

/**
 * Where an event stands, if it has a place: whatever its type, so that one of a later version is no gap. A resync repeats
 * the last sequence of its connection and proves nothing about it; notices have none.
 */
export function sequencePlaceOf(record: unknown): SequencePlace | undefined {
  const read = z.safeParse(placed, metadataOf(record));
  if (!read.success || read.data.origin === 'resync') return undefined;
  const { connectionId, epoch, sequence } = read.data;
  return { connectionId, epoch, sequence };
}

function metadataOf(record: unknown): unknown {
  try {
    return unwrapEvent(record).metadata;
  } catch {
    // The reading proper says what is wrong with it.
    return undefined;
  }
}
