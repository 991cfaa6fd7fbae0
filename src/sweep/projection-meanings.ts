import type { ConnectionId } from '../model/ids.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { SweepRecordStore } from './ports.ts';

/** What the fields of earlier and later projection versions mean, read as entries turn up that need it. */
export type Meanings = {
  learn(entries: readonly SnapshotEntry[]): Promise<void>;
  /** Undefined for a version nobody has on record. */
  of(projectionVersion: string): ReadonlyMap<string, string> | undefined;
};

export function createMeanings(store: SweepRecordStore, connectionId: ConnectionId): Meanings {
  const known = new Map<string, ReadonlyMap<string, string> | undefined>();
  return {
    async learn(entries) {
      for (const { projectionVersion } of entries)
        if (!known.has(projectionVersion))
          known.set(projectionVersion, await store.readProjection(connectionId, projectionVersion));
    },
    of: (projectionVersion) => known.get(projectionVersion),
  };
}
