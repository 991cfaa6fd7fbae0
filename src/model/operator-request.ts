import type { HoldDecision } from './hold.ts';
import type { ConnectionId, HoldId, UserId } from './ids.ts';
import type { Instant } from './instant.ts';

/** What an operator asks of a connection. Left beside its state; the next tick does it, under its lease. */
export type OperatorRequest = {
  readonly connectionId: ConnectionId;
  /** Sorts by time. */
  readonly requestId: string;
  readonly at: Instant;
  /** Who asks. */
  readonly by: string;
} & RequestedAct;

export type RequestedAct =
  | {
      readonly act: 'decide_hold';
      readonly holdId: HoldId;
      readonly verdict: HoldDecision['verdict'];
      readonly why?: string;
    }
  | { readonly act: 'purge_user'; readonly userId: UserId }
  | { readonly act: 'rebuild_snapshot' }
  | { readonly act: 'remove_connection' };
