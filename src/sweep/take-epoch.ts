import { sweepId } from '../model/ids.ts';
import type { ConnectionState } from './connection-state.ts';
import { namedBlobs } from './named-blobs.ts';
import type { SweepPorts } from './ports.ts';
import type { Held } from './take-lease.ts';

/**
 * Brings a connection under the feed's epoch before anything new is committed. Position, sequence and revisions go on from
 * what the table says. What a sweep before the restore has found is found again, and who is absent is counted anew: it
 * is older than what consumers know. The state is saved first, so that a tick that dies takes nothing back.
 * @throws store.restored where the state's epoch is above the feed's
 */
export async function takeEpoch({ store, readEpoch }: SweepPorts, { lease, state }: Held): Promise<ConnectionState> {
  const epoch = await readEpoch(state.epoch).catch(async (error: unknown) => {
    // Nothing was tried, so nothing counts.
    await store.releaseLease(lease, { ...state, attempts: state.attempts - 1 });
    throw error;
  });
  if (epoch === state.epoch) return state;
  const { checkpoint: _, ...rest } = state;
  const next: ConnectionState = { ...rest, epoch, absent: { sweepId: sweepId(''), count: 0 } };
  await store.saveState(lease, next);
  const named = new Set(namedBlobs(next));
  await store.deleteBlobs(
    lease.connectionId,
    namedBlobs(state).filter((blob) => !named.has(blob)),
  );
  return next;
}
