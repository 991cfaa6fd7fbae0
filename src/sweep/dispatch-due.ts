import type { ConnectionId, SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';

/** A request for one tick of one connection. */
export type SweepMessage = {
  readonly connectionId: ConnectionId;
  /** The due time it answers: once a sweep has moved it, the message is stale. */
  readonly dueAt: Instant;
  /** The sweep that goes on, and with which tick; absent for whatever is due. */
  readonly continues?: SweepContinuation;
};

/** Which tick of which sweep is next: a message about another one is stale. */
export type SweepContinuation = { readonly sweepId: SweepId; readonly tick: number };

export type DispatchPorts = {
  readonly store: { dueConnections(nowMs: number): AsyncIterable<SweepMessage> };
  readonly queue: { send(message: SweepMessage): Promise<void> };
  readonly nowMs: () => number;
};

/** Asks for a sweep of every connection whose time has come. Answers how many. */
export async function dispatchDue({ store, queue, nowMs }: DispatchPorts): Promise<number> {
  let dispatched = 0;
  for await (const due of store.dueConnections(nowMs())) {
    await queue.send(due);
    dispatched += 1;
  }
  return dispatched;
}
