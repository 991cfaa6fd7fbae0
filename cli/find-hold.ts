import pMap from 'p-map';
import type { Connection } from '../src/model/connection.ts';
import type { Hold, HoldDecision, HoldRecord } from '../src/model/hold.ts';
import type { ConnectionId, HoldId } from '../src/model/ids.ts';
import type { OperatorRequest } from '../src/model/operator-request.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import type { Feed } from './feed.ts';
import { findConnection } from './find-connection.ts';
import { usageFault } from './usage-fault.ts';

/** A hold as it stands: open unless it has an end; decided, or with a decision on the way to it. */
export type FoundHold = {
  readonly connectionId: ConnectionId;
  readonly hold: Hold;
  readonly end?: HoldRecord['end'];
  /** A decision that no tick has read yet. */
  readonly waiting?: HoldDecision;
};

/** Open holds of a connection, the newest first, with what operators have asked about them. */
export async function openHolds(
  { store }: Pick<Feed, 'store'>,
  connectionId: ConnectionId,
): Promise<readonly FoundHold[]> {
  const holds = (await store.readState(connectionId))?.holds ?? [];
  if (holds.length === 0) return [];
  const requests = await store.readRequests(connectionId);
  return holds
    .map((hold) => toFound(connectionId, hold, requests))
    .sort((a, b) => (a.hold.openedAt < b.hold.openedAt ? 1 : -1));
}

/** Holds of a connection that have ended, the newest first. */
export async function endedHolds(
  { store }: Pick<Feed, 'store'>,
  connectionId: ConnectionId,
): Promise<readonly FoundHold[]> {
  const ended: FoundHold[] = [];
  // A record without an end that the state knows nothing of is one of a sweep that died before its commit.
  for await (const { hold, end } of store.listHolds(connectionId))
    if (end !== undefined) ended.push({ connectionId, hold, end });
  return ended;
}

/** Connections looked at at a time. */
const concurrency = 8;

/** A hold with everything that is known around it. */
export type HoldFacts = FoundHold & {
  readonly connection: Connection;
  readonly state: ConnectionState;
  readonly preview: HoldRecord['preview'];
};

/** The hold with an id, or the part of it that a list shows, open or not. @throws config.invalid where there is none */
export async function findHold(feed: Pick<Feed, 'store' | 'connections'>, id: string): Promise<HoldFacts> {
  const found = await findAmong(feed, await feed.connections(), id);
  if (found !== undefined) {
    const { connectionId } = found;
    const [connection, state, record] = await Promise.all([
      findConnection(feed, connectionId),
      feed.store.readState(connectionId),
      feed.store.readHold(connectionId, found.hold.holdId),
    ]);
    if (state !== undefined) return { ...found, connection, state, preview: record?.preview ?? [] };
  }
  const message = 'there is no such hold; ucf holds list --all lists all there are, with their ids';
  throw usageFault(id === '' ? 'hold' : id, message);
}

/** What tells a hold from others for people: without the time, which stands beside it. */
export function shortHoldId(holdId: HoldId): string {
  return holdId.replace(/^\d{8}T\d{9}Z-/, '');
}

/** Looked for in several connections at a time, and in no more once it is found. */
async function findAmong(
  feed: Pick<Feed, 'store'>,
  ids: readonly ConnectionId[],
  id: string,
): Promise<FoundHold | undefined> {
  const found = new Map<ConnectionId, FoundHold>();
  const look = async (connectionId: ConnectionId) => {
    if (found.size > 0) return;
    const hold = await findIn(feed, connectionId, id);
    if (hold !== undefined) found.set(connectionId, hold);
  };
  await pMap(ids, look, { concurrency });
  // The same for the same question, whichever read came first.
  return ids.flatMap((connectionId) => found.get(connectionId) ?? [])[0];
}

async function findIn(
  feed: Pick<Feed, 'store'>,
  connectionId: ConnectionId,
  id: string,
): Promise<FoundHold | undefined> {
  const isMeant = ({ hold }: FoundHold) => hold.holdId === id || shortHoldId(hold.holdId) === id;
  return (await openHolds(feed, connectionId)).find(isMeant) ?? (await endedHolds(feed, connectionId)).find(isMeant);
}

function toFound(connectionId: ConnectionId, hold: Hold, requests: readonly OperatorRequest[]): FoundHold {
  const waiting = hold.decision === undefined ? requests.find((one) => decides(one, hold)) : undefined;
  if (waiting?.act !== 'decide_hold') return { connectionId, hold };
  const { verdict, by, at, why } = waiting;
  return { connectionId, hold, waiting: { verdict, by, at, ...(why !== undefined && { why }) } };
}

function decides(request: OperatorRequest, { holdId: id }: Hold): boolean {
  return request.act === 'decide_hold' && request.holdId === id;
}
