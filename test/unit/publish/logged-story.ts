import { composeEvents } from '../../../src/events/compose-events.ts';
import type { FeedEvent } from '../../../src/events/feed-event.ts';
import type { ConnectionId } from '../../../src/model/ids.ts';
import type { LogBatch } from '../../../src/model/log-batch.ts';
import type { FeedStore } from '../../../src/store/create-store.ts';
import { newConnectionState, stateItem } from '../../../src/store/state-store.ts';
import type { TableClient } from '../../../src/store/table-client.ts';
import { aBatch, aChange, anEntry, aTransition, at, aUser } from '../../support/builders.ts';

/** As told to the log: how many events a batch holds, and under which epoch. */
export type ToldBatch = { readonly events: number; readonly epoch?: number };

/** Writes a log of batches with so many events each, a minute apart, and the state that follows from it. */
export async function writeLog(
  { store, table, id }: { readonly store: FeedStore; readonly table: TableClient; readonly id: ConnectionId },
  told: readonly ToldBatch[],
  { stateLags = false } = {},
): Promise<readonly FeedEvent[]> {
  const batches = toBatches(id, told);
  for (const batch of batches) await store.appendBatch(batch);
  const applied = stateLags ? batches.slice(0, -1) : batches;
  const last = applied.at(-1);
  const lastEvent = applied.findLast(({ transitions }) => transitions.some(({ change }) => change !== undefined));
  const state = {
    ...newConnectionState(0, '00112233445566778899aabbccddeeff'),
    epoch: last?.epoch ?? 1,
    position: last?.position ?? 0,
    sequence: last?.lastSequence ?? 0,
    lastEvent: { position: lastEvent?.position ?? 0 },
  };
  await table.put(stateItem(id, { leaseToken: 0 }, state));
  return batches.flatMap(composeEvents);
}

function toBatches(connectionId: ConnectionId, told: readonly ToldBatch[]): readonly LogBatch[] {
  let sequence = 0;
  let eventPosition = 0;
  return told.map(({ events, epoch = 1 }, index) => {
    const first = sequence + 1;
    const position = index + 1;
    const previousEventPosition = eventPosition;
    const transitions = Array.from({ length: Math.max(events, 1) }, (_, n) => {
      const entry = anEntry({
        user: aUser({ id: `u${position}-${n}` }),
        revision: position + 1,
        observedAt: at(position),
      });
      return aTransition({ entry, ...(events > 0 && { change: aChange({ sequence: first + n }) }) });
    });
    sequence += events;
    if (events > 0) eventPosition = position;
    const committedAt = at(position);
    return aBatch({
      connectionId,
      epoch,
      position,
      committedAt,
      transitions,
      lastSequence: sequence,
      previousEventPosition,
    });
  });
}
