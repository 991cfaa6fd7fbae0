import type { BusEntry } from '../events/pack-entries.ts';

/** Where events go. */
export type EventBus = {
  /**
   * Puts entries on the bus, in calls within its limits; each has been accepted when this returns.
   * @throws publish.partial, publish.unavailable, publish.bus_missing
   */
  putEntries(entries: readonly BusEntry[]): Promise<void>;
};
