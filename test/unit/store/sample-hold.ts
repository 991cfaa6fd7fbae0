import type { Hold, HoldRecord } from '../../../src/model/hold.ts';
import { type ConnectionId, holdId, sweepId, userId } from '../../../src/model/ids.ts';
import { instant } from '../../../src/model/instant.ts';
import type { OperatorRequest } from '../../../src/model/operator-request.ts';
import { noon } from './sample-log.ts';

/** Deletions that the brake has held. */
export function aHold(id: string, fields: Partial<Hold> = {}): Hold {
  return {
    holdId: holdId(id),
    kind: 'deleted',
    reason: 'brake',
    sweepId: sweepId('sweep-1'),
    openedAt: noon,
    expiresAt: instant(Date.parse(noon) + 30 * 86_400_000),
    brake: { found: 60, recent: 3, limit: 25, liveUsers: 400 },
    memberCount: 60,
    ...fields,
  };
}

export function aRecord(connectionId: ConnectionId, id: string, fields: Partial<HoldRecord> = {}): HoldRecord {
  return { connectionId, hold: aHold(id), preview: [], ...fields };
}

/** Somebody's wish to be forgotten, passed on by an operator. */
export function aRequest(connectionId: ConnectionId, requestId: string): OperatorRequest {
  return { connectionId, requestId, at: noon, by: 'ada', act: 'purge_user', userId: userId('u') };
}
