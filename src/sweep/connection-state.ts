import type { AbsentListReference } from '../model/absent-user.ts';
import type { SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';

/** Which index shards are in force: `2^bits` of them, under a name of their own. */
export type IndexLayout = { readonly id: string; readonly bits: number };

/** How many users a connection has, as the applied log says. */
export type UserCounts = {
  /** Pairs in the index: everyone who is listed. */
  readonly pairs: number;
  /** Listed and not reported deleted. */
  readonly live: number;
  readonly tombstones: number;
};

/** What the last complete sweep read. */
export type LastComplete = {
  readonly sweepId: SweepId;
  readonly startedAt: Instant;
  readonly directory: string;
  readonly scope: string;
};

/**
 * Where a connection stands. Written only under its lease. `position`, `sequence` and everything below them follow
 * from applied log batches, so a tick that dies is made up for by the next.
 */
export type ConnectionState = {
  readonly epoch: number;
  /** Everything in the log up to here is in entries and index. */
  readonly position: number;
  readonly sequence: number;
  /** Position and time of the last batch that held events. */
  readonly lastEvent: { readonly position: number; readonly at?: Instant };
  readonly layout: IndexLayout;
  readonly counts: UserCounts;
  /** Start of the baseline of the present directory. */
  readonly directorySince?: Instant;
  /** By how much a soft total differed from the users shown, in the last sweep that reached the end of its list. */
  readonly usualGap?: number;
  /** Absent until the baseline is complete. */
  readonly lastComplete?: LastComplete;
  readonly absent: AbsentListReference;
  /** Keys the digests; random, made once. */
  readonly digestKey: string;
  /** The projection of the last sweep, whose meanings are on record. */
  readonly projectionVersion?: string;
  /** Leases taken since a sweep last finished. */
  readonly attempts: number;
  /** Sweeps in a row that ended without completing. */
  readonly failures: number;
  readonly dueAt: Instant;
};
