import type { SweepStore } from '../../../src/sweep/ports.ts';

/** The methods of a store that only read. Each one left out here counts as writing. */
export const readingMethods = [
  'readState',
  'readLog',
  'readEntries',
  'readEntriesByKeyHash',
  'readAllEntries',
  'loadShards',
  'readBlob',
  'readProjection',
  'readReport',
  'listReports',
  'readHold',
  'listHolds',
  'readRequests',
  'readPublished',
] as const satisfies readonly (keyof SweepStore)[];

export type WritingMethod = Exclude<keyof SweepStore, (typeof readingMethods)[number]>;

/** A store that throws where anything but a reading method is so much as looked at. */
export function readOnlyBase(store: SweepStore): SweepStore {
  return new Proxy(store, {
    get(target, name) {
      if ((readingMethods as readonly (string | symbol)[]).includes(name)) return Reflect.get(target, name);
      throw new Error(`${String(name)} of the base was called, which may only be read`);
    },
  });
}
