import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { LogBatch } from '../model/log-batch.ts';
import { createOverlayValues } from './overlay-values.ts';
import type { ErasureStore, LogStore } from './ports.ts';

export type OverlayLog = LogStore &
  Pick<ErasureStore, 'rewriteBatch'> & {
    /** What was appended, as it was then and in this order. */
    readonly appended: readonly LogBatch[];
  };

/** A log that goes on in memory where the base's ends. */
export function overlayLog(base: Pick<LogStore, 'readLog'>): OverlayLog {
  const batches = createOverlayValues<number, LogBatch>();
  const appended: LogBatch[] = [];
  const isTaken = async (connectionId: ConnectionId, position: number) =>
    batches.find(connectionId, position) !== undefined || (await isInLog(base, connectionId, position));
  return {
    appended,
    async appendBatch(batch) {
      const { connectionId, position } = batch;
      const isInBase = await isTaken(connectionId, position);
      const own = batches.find(connectionId, position);
      if (own) return JSON.stringify(own) === JSON.stringify(batch) ? 'appended' : 'taken';
      // What was appended here is not in the base, so a batch there is somebody else's, whatever it says.
      if (isInBase) return 'taken';
      batches.set(connectionId, position, batch);
      appended.push(batch);
      return 'appended';
    },
    readLog: (connectionId, afterPosition) =>
      batches.merge(connectionId, base.readLog(connectionId, afterPosition), {
        keyOf: ({ position }) => position,
        isAskedFor: (position) => position > afterPosition,
      }),
    async rewriteBatch(batch) {
      const { connectionId, position } = batch;
      if (!(await isTaken(connectionId, position))) {
        const item = `log#${position}`;
        throw new FeedError('store.conflict', `${connectionId}: ${item} is not in the log`, { item });
      }
      batches.set(connectionId, position, batch);
    },
  };
}

async function isInLog(
  base: Pick<LogStore, 'readLog'>,
  connectionId: ConnectionId,
  position: number,
): Promise<boolean> {
  for await (const batch of base.readLog(connectionId, position - 1)) return batch.position === position;
  return false;
}
