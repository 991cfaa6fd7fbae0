import type { Hold } from '../model/hold.ts';
import { leaseLost } from '../model/lease-lost.ts';
import type { LogBatch } from '../model/log-batch.ts';
import type { OperatorRequest } from '../model/operator-request.ts';
import { applyBatches } from './apply-log.ts';
import { batchHeader } from './batch-header.ts';
import { closeRecord } from './close-record.ts';
import type { ConnectionState } from './connection-state.ts';
import { blobName, checkpointBlobs, namedBlobs } from './named-blobs.ts';
import type { SweepPorts, UserList } from './ports.ts';
import { purgeUser } from './purge-user.ts';
import { rebuildSnapshot } from './rebuild-snapshot.ts';
import type { Held } from './take-lease.ts';

/**
 * Does what operators have asked of the connection, oldest first, and answers the state that follows, saved. A tick
 * that dies in between leaves the rest to the next; doing a request twice is harmless.
 */
export async function executeRequests(ports: SweepPorts, list: UserList, held: Held): Promise<ConnectionState> {
  let { state } = held;
  for (const request of await ports.store.readRequests(list.connectionId)) {
    // What else is asked of a connection that is removed is done when it is back.
    if (state.removedAt !== undefined && request.act !== 'remove_connection') continue;
    state = await executeRequest(ports, list, { lease: held.lease, state }, request);
    await ports.store.saveState(held.lease, state);
    if (state.removedAt !== undefined) await ports.store.deleteConnection(list.connectionId);
    await ports.store.deleteRequest(request);
  }
  return state;
}

async function executeRequest(
  ports: SweepPorts,
  list: UserList,
  held: Held,
  request: OperatorRequest,
): Promise<ConnectionState> {
  switch (request.act) {
    case 'decide_hold':
      return { ...held.state, holds: held.state.holds.map((hold) => decide(hold, request)) };
    case 'purge_user': {
      const state = await dropCheckpoint(ports, list, held.state);
      await purgeUser(ports.store, { connectionId: list.connectionId, state, userId: request.userId });
      // A tick that died may have left something of him behind.
      await ports.store.deleteBlobsBefore(list.connectionId, blobName(held.lease, ''), namedBlobs(state));
      return state;
    }
    case 'rebuild_snapshot':
      return rebuildSnapshot(ports, { lease: held.lease, state: await dropCheckpoint(ports, list, held.state) });
    case 'remove_connection':
      return removeConnection(ports, list, held, request.requestId);
  }
}

/** The first decision counts. */
function decide(hold: Hold, request: Extract<OperatorRequest, { readonly act: 'decide_hold' }>): Hold {
  if (hold.holdId !== request.holdId || hold.decision !== undefined) return hold;
  const { verdict, by, at, why } = request;
  return { ...hold, decision: { verdict, by, at, ...(why !== undefined && { why }) } };
}

/** A sweep that has seen somebody who is to be forgotten starts over. */
async function dropCheckpoint(
  { store }: SweepPorts,
  { connectionId }: UserList,
  { checkpoint, ...state }: ConnectionState,
): Promise<ConnectionState> {
  if (checkpoint?.phase !== 'walk') return checkpoint === undefined ? state : { ...state, checkpoint };
  await store.deleteBlobs(connectionId, checkpointBlobs(checkpoint));
  return state;
}

/** The end of a connection: one event, nobody deleted. Everything known stays, so that it can go on one day. */
async function removeConnection(
  ports: SweepPorts,
  list: UserList,
  held: Held,
  requestId: string,
): Promise<ConnectionState> {
  const { state, lease } = held;
  if (state.removedAt !== undefined || state.removedBy === requestId) return state;
  for (const hold of state.holds) await closeRecord(ports, { connectionId: list.connectionId, hold });
  const batch: LogBatch = {
    ...batchHeader(list, held, ports.nowMs()),
    position: state.position + 1,
    transitions: [],
    connectionChanges: [{ type: 'removed', sequence: state.sequence + 1, requestId }],
    lastSequence: state.sequence + 1,
    previousEventPosition: state.lastEvent.position,
  };
  if ((await ports.store.appendBatch(batch)) === 'taken') throw leaseLost(list.connectionId);
  const { checkpoint: _, ...removed } = await applyBatches(ports.store, list.connectionId, state, [batch]);
  await ports.store.saveState(lease, removed);
  await ports.store.deleteBlobsBefore(list.connectionId, blobName(lease, ''), namedBlobs(removed));
  return removed;
}
