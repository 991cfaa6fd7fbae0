import type { FeedError } from '../model/feed-error.ts';
import type { Instant } from '../model/instant.ts';
import type { SweepMode } from '../model/log-batch.ts';
import type { ConnectionState } from './connection-state.ts';
import type { SweepContinuation, SweepMessage } from './dispatch-ports.ts';
import type { LeaseAsk } from './ports.ts';
import type { SweepReport } from './sweep-report.ts';

/** More leases than this without a sweep that finished or got on: something kills the ticks. */
export const maxAttempts = 3;

/** How many ticks in a row have died beyond what may happen; 0 for a connection whose ticks live. */
export function deathsOf({ attempts }: Pick<ConnectionState, 'attempts'>): number {
  return Math.max(0, attempts - maxAttempts);
}

export type TickAsk = Pick<LeaseAsk, 'holder' | 'ownsAllLeases'> & {
  /** The tick stops fetching here. */
  readonly deadlineMs: number;
  /** The lease lasts until here: later than the process can still be running. */
  readonly leaseEndsAtMs: number;
  /** The due time for which the tick was asked; a sweep that has moved it makes the request stale. */
  readonly dueAt?: Instant;
  /** The sweep that goes on; where that is over, the request is stale. */
  readonly continues?: SweepContinuation;
  /** Which sweep is wanted; left out for the one that is due, or a full one where none was asked for by its due time. */
  readonly mode?: SweepMode;
};

/**
 * `busy`: another worker sweeps. `stale`: the sweep asked for has been done. `unknown`: there is no such connection.
 * `removed`: it was removed, and swept no more. `suspended`: the tick is over, the sweep is not.
 */
export type TickResult =
  | { readonly kind: 'busy' | 'stale' | 'unknown' | 'removed' }
  | { readonly kind: 'suspended'; readonly next: SweepMessage; readonly pages: number }
  | {
      readonly kind: 'swept';
      readonly report: SweepReport;
      /** Why old events are still unpublished. They stay in the log; no reason not to sweep. */
      readonly publishFault?: FeedError;
    };
