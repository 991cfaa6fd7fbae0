import { overlayEntries } from './overlay-entries.ts';
import { overlayIndex } from './overlay-index.ts';
import { type OverlayLog, overlayLog } from './overlay-log.ts';
import { overlayRecords } from './overlay-records.ts';
import { overlayState } from './overlay-state.ts';
import type { SweepStore } from './ports.ts';

export type OverlayStore = SweepStore & Pick<OverlayLog, 'appended'>;

/**
 * A store that reads through to another and keeps every write in memory: a tick over it says what it would do, and
 * nothing has happened. Holds the conditions of the real store; of its limits (bytes in an item, time to live) none.
 * The base is expected to stand still meanwhile: whether somebody sweeps the connection is the caller's to find out.
 * A batch that somebody appends to the base all the same makes the next append here `taken`, as it would there.
 */
export function createOverlayStore(base: SweepStore): OverlayStore {
  const { appended, ...log } = overlayLog(base);
  return {
    appended,
    ...log,
    ...overlayState(base),
    ...overlayEntries(base),
    ...overlayIndex(base),
    ...overlayRecords(base),
    // Settings are read through no port of a sweep, so there is nothing to hide.
    deleteConnection: async () => undefined,
  };
}
