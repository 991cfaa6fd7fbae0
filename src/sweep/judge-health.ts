import { epochMs, type Instant, instant } from '../model/instant.ts';
import { type ConnectionNotice, type FailingReason, noticeTypes, staleAfterIntervals } from '../model/notice.ts';
import type { ConnectionState } from './connection-state.ts';
import type { DispatchedConnection } from './dispatch-ports.ts';
import { maintenanceEndMs } from './maintenance-window.ts';
import { deathsOf } from './tick.ts';

/** So many full sweeps in a row that end without completing make a connection failing. */
export const failingAfter = 3;

/** How a connection is. */
export type Health = {
  readonly isFailing: boolean;
  readonly isStale: boolean;
  /** Nobody expects a sweep of it: it is neither failing nor stale. */
  readonly isResting: boolean;
  /** When it is looked at next. */
  readonly watchAt: Instant;
};

/** Whether full sweeps keep failing, or ticks keep dying. */
export function isFailing(state: Pick<ConnectionState, 'failures' | 'attempts'>): boolean {
  return state.failures >= failingAfter || deathsOf(state) > 0;
}

export function judgeHealth({ connection, state }: DispatchedConnection, nowMs: number): Health {
  const toleranceMs = staleAfterIntervals * connection.everySeconds * 1000;
  const windowEndMs = maintenanceEndMs(connection.maintenance, nowMs);
  if (connection.paused === true || windowEndMs !== undefined) {
    const watchAt = instant((windowEndMs ?? nowMs) + toleranceMs);
    return { isFailing: false, isStale: false, isResting: true, watchAt };
  }
  const freshSince = state.lastComplete?.startedAt ?? state.createdAt;
  const staleAtMs = (freshSince === undefined ? nowMs : epochMs(freshSince)) + toleranceMs;
  const isStale = staleAtMs < nowMs;
  return {
    isFailing: isFailing(state),
    isStale,
    isResting: false,
    watchAt: instant(isStale ? nowMs + toleranceMs : staleAtMs + 1),
  };
}

/** What is known of a connection that consumers are told about. */
export type NoticeAsk = {
  readonly seen: DispatchedConnection;
  readonly health: Health;
  readonly nowMs: number;
  /** Why its sweeps fail; asked for only where that is news. */
  readonly readReason: () => Promise<FailingReason>;
};

/**
 * What consumers are to be told after a look at a connection; the notice itself where there is no news, and undefined where
 * there is nothing to tell. A connection is well again once it is neither failing nor stale.
 */
export async function nextNotice(
  before: ConnectionNotice | undefined,
  ask: NoticeAsk,
): Promise<ConnectionNotice | undefined> {
  const open = before?.recovered === undefined ? before : undefined;
  const facts = await listFacts(open, ask);
  const isToTell = facts.failing !== undefined || facts.stale !== undefined;
  const news = isToTell ? noticeTypes.filter((type) => facts[type] !== undefined && open?.[type] === undefined) : [];
  if (news.length === 0) return before;
  const { connection } = ask.seen;
  return {
    connectionId: connection.id,
    tenantId: connection.tenantId,
    vendor: connection.vendor,
    ...facts,
    pending: [...new Set([...(before?.pending ?? []), ...news])],
    revision: before?.revision ?? 0,
  };
}

type Facts = Pick<ConnectionNotice, 'failing' | 'stale' | 'recovered'>;

/** What holds now, each fact as it was first noticed. */
async function listFacts(
  open: ConnectionNotice | undefined,
  { seen, health, nowMs, readReason }: NoticeAsk,
): Promise<Facts> {
  const { epoch, lastComplete } = seen.state;
  const now = { since: instant(nowMs), epoch, ...(lastComplete && { lastCompleteAt: lastComplete.startedAt }) };
  const isFailingNow = health.isFailing && open?.failing === undefined;
  const failing = isFailingNow ? { ...now, reason: await readReason(), failures: seen.state.failures } : open?.failing;
  const stale = open?.stale ?? (health.isStale ? now : undefined);
  const isWell = !health.isFailing && !health.isStale;
  return { ...(failing && { failing }), ...(stale && { stale }), ...(isWell && { recovered: now }) };
}
