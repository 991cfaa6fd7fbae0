import type { BusEntry } from '../events/pack-entries.ts';
import type { LogBatch } from '../model/log-batch.ts';

/** Where events go. */
export type EventBus = {
  /**
   * Puts entries on the bus, in calls within its limits; each has been accepted when this returns. A tenant may have a
   * bus of its own.
   * @throws publish.partial, publish.unavailable, publish.bus_missing
   */
  putEntries(entries: readonly BusEntry[], tenantId?: string): Promise<void>;
};

/** An event bus whose existence can be asked for before anything is to be put on it. */
export type CheckedBus = EventBus & {
  /** @throws publish.bus_missing, publish.unavailable */
  checkBus(): Promise<void>;
};

/** Masks what a connection does not want published, also in batches that were written when it still did. */
export type BatchProtector = { protectBatch(batch: LogBatch): LogBatch };
