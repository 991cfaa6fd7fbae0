import type { ConnectionId } from '../model/ids.ts';
import { epochMs, type Instant, instant } from '../model/instant.ts';
import type { ConnectionNotice, FailingReason } from '../model/notice.ts';
import type { DispatchedConnection, DispatchPorts, DispatchReport, WatchedConnection } from './dispatch-ports.ts';
import { type Health, judgeHealth, nextNotice } from './judge-health.ts';

/** One dispatcher's look at the health of connections. */
export type HealthRound = {
  /** Connections whose time to be looked at has come, and the one whose time comes next, in groups. */
  readonly watched: readonly (readonly WatchedConnection[])[];
  isSeen(id: ConnectionId): boolean;
  markSeen(ids: readonly ConnectionId[]): void;
  /** Puts on record what consumers are to be told of a connection, and when it is looked at again. */
  lookAt(seen: DispatchedConnection): Promise<void>;
  /** Publishes what is on record and not on the bus. A crash in between publishes it again, under the same id. @throws publish.* */
  publish(): Promise<void>;
  summary(): Pick<DispatchReport, 'failing' | 'stale' | 'oldestCompleteSeconds'>;
};

const connectionsPerGroup = 50;

export async function openHealthRound(ports: DispatchPorts, nowMs: number): Promise<HealthRound> {
  const { store } = ports;
  const notices = await readNotices(ports);
  const watched = await listWatched(ports, nowMs);
  const seenIds = new Set<ConnectionId>();
  let oldestAt: Instant | undefined;
  const noteAge = (completeAt: Instant | undefined) => {
    if (completeAt !== undefined && (oldestAt === undefined || completeAt < oldestAt)) oldestAt = completeAt;
  };

  const record = async (notice: ConnectionNotice) => {
    if (await store.writeNotice(notice)) notices.set(notice.connectionId, { ...notice, revision: notice.revision + 1 });
  };
  const forget = async (notice: ConnectionNotice) => {
    if (await store.deleteNotice(notice)) notices.delete(notice.connectionId);
  };
  /** An operator knows of it: nothing is told, and it counts as failing or stale no more. */
  const rest = async (id: ConnectionId) => {
    const before = notices.get(id);
    if (before !== undefined && before.pending.length === 0) await forget(before);
  };
  const tell = async (seen: DispatchedConnection, health: Health) => {
    const { connection, state } = seen;
    noteAge(state.lastComplete?.startedAt ?? state.createdAt);
    const before = notices.get(connection.id);
    const readReason = () => lastReason(ports, seen);
    const notice = await nextNotice(before, { seen, health, nowMs, readReason });
    if (notice !== undefined && notice !== before) await record(notice);
  };
  const settle = async (notice: ConnectionNotice) => {
    if (notice.recovered !== undefined) return forget(notice);
    await record({ ...notice, pending: [] });
  };
  return {
    watched: groupsOf(watched),
    isSeen: (id) => seenIds.has(id),
    markSeen(ids) {
      for (const id of ids) seenIds.add(id);
    },
    async lookAt(seen) {
      const { connection, state } = seen;
      const health = judgeHealth(seen, nowMs);
      await (health.isResting ? rest(connection.id) : tell(seen, health));
      if (state.watchAt === undefined || epochMs(state.watchAt) <= nowMs)
        await store.watchAgain(connection.id, state.watchAt, health.watchAt);
    },
    async publish() {
      const pending = [...notices.values()].filter((notice) => notice.pending.length > 0);
      if (pending.length === 0) return;
      await ports.publish(pending);
      for (const notice of pending) await settle(notice);
    },
    summary() {
      const open = [...notices.values()].filter(({ recovered }) => recovered === undefined);
      for (const { stale } of open) noteAge(stale?.lastCompleteAt);
      return {
        failing: open.filter(({ failing }) => failing !== undefined).length,
        stale: open.filter(({ stale }) => stale !== undefined).length,
        ...(oldestAt !== undefined && { oldestCompleteSeconds: Math.max(0, (nowMs - epochMs(oldestAt)) / 1000) }),
      };
    },
  };
}

async function readNotices({ store }: DispatchPorts): Promise<Map<ConnectionId, ConnectionNotice>> {
  const notices = new Map<ConnectionId, ConnectionNotice>();
  for await (const notice of store.listNotices()) notices.set(notice.connectionId, notice);
  return notices;
}

/** One more than is to be looked at: how old its last complete sweep is says how fresh all the others are. */
async function listWatched({ store }: DispatchPorts, nowMs: number): Promise<readonly WatchedConnection[]> {
  const now = instant(nowMs);
  const watched: WatchedConnection[] = [];
  for await (const one of store.watchedConnections()) {
    watched.push(one);
    if (one.watchAt > now) break;
  }
  return watched;
}

function groupsOf(watched: readonly WatchedConnection[]): readonly (readonly WatchedConnection[])[] {
  const groups: WatchedConnection[][] = [];
  for (let from = 0; from < watched.length; from += connectionsPerGroup)
    groups.push(watched.slice(from, from + connectionsPerGroup));
  return groups;
}

/** Why the last sweep failed; where its ticks die there is no report that says so. */
async function lastReason(
  { store }: DispatchPorts,
  { connection, state }: DispatchedConnection,
): Promise<FailingReason> {
  if (state.failures === 0) return { code: 'ticks_died' };
  for await (const { failure, deniedBy } of store.listReports(connection.id))
    return { code: failure?.code ?? deniedBy[0] ?? 'ticks_died' };
  return { code: 'ticks_died' };
}
