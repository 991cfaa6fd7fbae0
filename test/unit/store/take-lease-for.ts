import type { ConnectionState } from '../../../src/sweep/connection-state.ts';
import type { Lease, LeaseAsk } from '../../../src/sweep/ports.ts';
import type { TestStore } from '../../support/test-table.ts';
import { aConnection, askAt } from './sample-log.ts';

export type Taken = { readonly lease: Lease; readonly state: ConnectionState; readonly tookOver: boolean };

/** Makes the connection of a store known, due at a time. */
export async function saveNewConnection({ store, id }: TestStore, dueAtMs = 0): Promise<void> {
  await store.saveConnection(aConnection(id), () => 'digest key', dueAtMs);
}

/** Takes a lease that is there to be taken. */
export async function takeLease({ store, id }: TestStore, ask: LeaseAsk = askAt(0)): Promise<Taken> {
  const answer = await store.acquireLease(id, ask);
  if (answer.kind !== 'taken') throw new Error(`the lease is ${answer.kind}`);
  return answer;
}
