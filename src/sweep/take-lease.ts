import type { ConnectionId } from '../model/ids.ts';
import { leaseLost } from '../model/lease-lost.ts';
import type { LogBatch } from '../model/log-batch.ts';
import { applyBatches, batchesPerGroup } from './apply-log.ts';
import { batchHeader } from './batch-header.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Lease, SweepPorts, UserList } from './ports.ts';

/** A lease and the connection as the log leaves it, everything committed applied. */
export type Held = { readonly lease: Lease; readonly state: ConnectionState };

/**
 * Brings entries, index and state up to the end of the log, group by group. A lease that was taken over begins with
 * a fence: an empty batch at the next position, so that a worker who wakes up late cannot commit there any more.
 * @throws sweep.lease_lost
 */
export async function rollForward(
  ports: SweepPorts,
  list: UserList,
  held: Held,
  tookOver: boolean,
): Promise<ConnectionState> {
  let state = await applyTail(ports, held.lease.connectionId, held);
  if (!tookOver) return state;
  const fence = fenceBatch(list, { lease: held.lease, state }, ports.nowMs());
  if ((await ports.store.appendBatch(fence)) === 'taken') throw leaseLost(held.lease.connectionId);
  state = await applyBatches(ports.store, held.lease.connectionId, state, [fence]);
  await ports.store.saveState(held.lease, state);
  return state;
}

async function applyTail({ store }: SweepPorts, connectionId: ConnectionId, held: Held): Promise<ConnectionState> {
  let { state } = held;
  let group: LogBatch[] = [];
  const applyGroup = async () => {
    state = await applyBatches(store, connectionId, state, group);
    await store.saveState(held.lease, state);
    group = [];
  };
  for await (const batch of store.readLog(connectionId, state.position)) {
    group.push(batch);
    if (group.length === batchesPerGroup) await applyGroup();
  }
  if (group.length > 0) await applyGroup();
  return state;
}

function fenceBatch(list: UserList, held: Held, nowMs: number): LogBatch {
  const { state } = held;
  return {
    ...batchHeader(list, held, nowMs),
    position: state.position + 1,
    transitions: [],
    connectionChanges: [],
    lastSequence: state.sequence,
    previousEventPosition: state.lastEvent.position,
  };
}
