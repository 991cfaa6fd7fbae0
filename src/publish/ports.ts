import type { BusEntry } from '../events/pack-entries.ts';
import type { LogBatch } from '../model/log-batch.ts';

/** Where events go. */
export type EventBus = {
  /**
   * Puts entries on the bus, in calls within its limits; each has been accepted when this returns.
   * @throws publish.partial, publish.unavailable, publish.bus_missing
   */
  putEntries(entries: readonly BusEntry[]): Promise<void>;
};

/** Masks what a connection does not want published, also in batches that were written when it still did. */
export type BatchProtector = { protectBatch(batch: LogBatch): LogBatch };
