import type { ConnectionId } from '../model/ids.ts';
import { epochMs } from '../model/instant.ts';
import { takePlaces } from './dispatch-places.ts';
import type { DispatchedConnection, DispatchPorts, DispatchReport, QueuedMessage } from './dispatch-ports.ts';
import { budgetOf, jitterSeconds, judgeReadiness } from './dispatch-readiness.ts';
import { type HealthRound, openHealthRound } from './watch-health.ts';

/** Connections that are read together. */
const connectionsPerGroup = 50;

/**
 * Asks for a sweep of every connection whose time has come and that has a place in its budget, and tells consumers which
 * connections are failing, stale and well again. Reads nothing of a connection that is neither due nor to be looked at.
 * Of a table that was restored, or a connection whose epoch is above the feed's, it does nothing but say so.
 * @throws store.*, config.invalid
 */
export async function dispatchDue(ports: DispatchPorts): Promise<DispatchReport> {
  const epoch = await ports.readEpoch(0);
  const nowMs = ports.nowMs();
  const health = await openHealthRound(ports, nowMs);
  let due = 0;
  let sent = 0;
  for await (const ids of groupsOf(ports.store.dueConnections(nowMs))) {
    due += ids.length;
    health.markSeen(ids);
    const seen = await readGroup(ports, ids, epoch);
    sent += await dispatchGroup(ports, seen, nowMs);
    await lookAt(ports, health, seen);
  }
  for (const watched of health.watched) {
    const ids = watched.map(({ connectionId }) => connectionId).filter((id) => !health.isSeen(id));
    await lookAt(ports, health, await readGroup(ports, ids, epoch));
  }
  await health.publish().catch((error: unknown) => ports.onFault(undefined, error));
  return { due, sent, ...health.summary() };
}

async function* groupsOf(
  connections: ReturnType<DispatchPorts['store']['dueConnections']>,
): AsyncIterable<readonly DispatchedConnection['connection']['id'][]> {
  let group: DispatchedConnection['connection']['id'][] = [];
  for await (const { connectionId } of connections) {
    group.push(connectionId);
    if (group.length < connectionsPerGroup) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

async function readGroup(
  { store, onFault, readEpoch }: DispatchPorts,
  ids: readonly ConnectionId[],
  epoch: number,
): Promise<readonly DispatchedConnection[]> {
  if (ids.length === 0) return [];
  const seen = await store.readDispatched(ids, onFault);
  for (const { state } of seen) if (state.epoch > epoch) await readEpoch(state.epoch);
  return seen;
}

async function lookAt({ onFault }: DispatchPorts, health: HealthRound, seen: readonly DispatchedConnection[]) {
  for (const one of seen) await health.lookAt(one).catch((error: unknown) => onFault(one.connection.id, error));
}

/** Answers how many messages the queue has taken. */
async function dispatchGroup(
  ports: DispatchPorts,
  seen: readonly DispatchedConnection[],
  nowMs: number,
): Promise<number> {
  const ready: DispatchedConnection[] = [];
  for (const one of seen) {
    const readiness = judgeReadiness(one, nowMs);
    if (readiness.kind === 'ready') ready.push(one);
    if (readiness.kind === 'postponed')
      await ports.store
        .postpone(one.connection.id, one.state.dueAt, readiness.to)
        .catch((error: unknown) => ports.onFault(one.connection.id, error));
  }
  ready.sort((a, b) => epochMs(a.state.dueAt) - epochMs(b.state.dueAt));
  const budgets = Map.groupBy(ready, ({ connection }) => budgetOf(connection, ports.hashText));
  const wanted = new Map([...budgets].map(([budget, group]) => [budget, group.map(({ connection }) => connection.id)]));
  const taken = await takePlaces(ports, wanted);
  const messages = [...budgets].flatMap(([budget, group]) =>
    group.filter(({ connection }) => taken.has(connection.id)).map((one) => toMessage(ports, one, budget)),
  );
  return sendMessages(ports, messages);
}

function toMessage(
  { hashText }: DispatchPorts,
  { connection, state }: DispatchedConnection,
  budget: string,
): QueuedMessage {
  return {
    message: { connectionId: connection.id, dueAt: state.dueAt, budget },
    tenantId: connection.tenantId,
    delaySeconds: jitterSeconds(connection, hashText),
  };
}

/** What the queue does not take gives its place back: the connection stays due, and is asked for again. */
async function sendMessages(ports: DispatchPorts, messages: readonly QueuedMessage[]): Promise<number> {
  if (messages.length === 0) return 0;
  const left = await ports.queue.send(messages).catch((error: unknown) => {
    ports.onFault(undefined, error);
    return messages;
  });
  for (const { message } of left)
    if (message.budget !== undefined)
      await ports.store
        .leavePlace(message.budget, message.connectionId)
        .catch((error: unknown) => ports.onFault(message.connectionId, error));
  return messages.length - left.length;
}
