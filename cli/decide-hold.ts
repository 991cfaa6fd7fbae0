import type { HoldDecision } from '../src/model/hold.ts';
import type { OperatorRequest } from '../src/model/operator-request.ts';
import type { FoundHold } from './find-hold.ts';
import { type Asker, newRequest } from './new-request.ts';
import { showTime } from './show-time.ts';

export type Decision = Asker & { readonly verdict: HoldDecision['verdict']; readonly why?: string };

/**
 * What an operator's word on a hold leaves beside the connection's state.
 * @throws Error where the hold has ended or is decided: the first decision counts
 */
export function decideHold(found: FoundHold, { by, nowMs, verdict, why }: Decision): OperatorRequest {
  const { connectionId, hold, end } = found;
  const { holdId } = hold;
  if (end !== undefined)
    throw new Error(
      `${holdId}: this hold ended at ${showTime(end.at)} UTC (${end.ending}); nothing of it is kept back`,
    );
  const decided = hold.decision ?? found.waiting;
  if (decided !== undefined)
    throw new Error(
      `${holdId}: this hold was ${decided.verdict} by ${decided.by} at ${showTime(decided.at)} UTC, and the first decision counts; the next complete full sweep uses it`,
    );
  return newRequest(
    connectionId,
    { by, nowMs },
    { act: 'decide_hold', holdId, verdict, ...(why !== undefined && { why }) },
  );
}
