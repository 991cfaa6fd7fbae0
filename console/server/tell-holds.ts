import { endedHolds, type FoundHold, findHold, openHolds } from '../../cli/find-hold.ts';
import { holdFacts, holdRow } from '../../cli/hold-rows.ts';
import { previewHold } from '../../cli/preview-hold.ts';
import type { ToldHold, ToldHoldDetail, ToldHolds } from '../api/told-hold.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { countKind, sayHoldReason } from './say-hold.ts';
import { tellEvent } from './tell-event.ts';
import { tellFacts } from './tell-facts.ts';

/** A page of holds, and of how many connections they are looked for. */
const maxHolds = 100;
const maxConnections = 200;

/** Open holds, the newest first, and behind them those that have ended. */
export async function tellHolds(feed: ConsoleFeed): Promise<ToldHolds> {
  const ids = (await feed.connections()).slice(0, maxConnections);
  const open = (await Promise.all(ids.map((id) => openHolds(feed, id)))).flat();
  const ended = (await Promise.all(ids.map((id) => endedHolds(feed, id)))).flat();
  return { holds: [...newestFirst(open), ...newestFirst(ended)].slice(0, maxHolds).map(tellHold) };
}

/** @throws config.invalid where there is no such hold */
export async function tellHoldDetail(feed: ConsoleFeed, id: string): Promise<ToldHoldDetail> {
  const found = await findHold(feed, id);
  const { connectionId, hold } = found;
  const report = await feed.store.readReport(connectionId, hold.sweepId);
  const stamp = report && { startedAt: report.startedAt, usersSeen: report.counts.seen };
  const events = found.end === undefined ? previewHold(found, await feed.protectorOf(connectionId), stamp) : [];
  return { hold: tellHold(found), facts: tellFacts(holdFacts(found)), preview: events.map(tellEvent) };
}

function tellHold(found: FoundHold): ToldHold {
  const { connectionId, hold, end, waiting } = found;
  const { decision = '' } = holdRow(found);
  const { brake } = hold;
  const limit = brake && `: ${brake.limit} of ${brake.liveUsers} users`;
  return {
    holdId: hold.holdId,
    connectionId,
    name: countKind(hold.kind, hold.memberCount),
    count: hold.memberCount,
    why: `${sayHoldReason(hold)}${limit ?? ''}`,
    openedAt: hold.openedAt,
    standing: end !== undefined ? 'ended' : (hold.decision ?? waiting) === undefined ? 'open' : 'decided',
    said: decision,
  };
}

function newestFirst(holds: readonly FoundHold[]): readonly FoundHold[] {
  return holds.toSorted((a, b) => (a.hold.openedAt < b.hold.openedAt ? 1 : -1));
}
