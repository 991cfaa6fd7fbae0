import type { AbsentListReference } from '../model/absent-user.ts';
import type { ChangeType } from '../model/change.ts';
import type { Hold } from '../model/hold.ts';
import type { Instant } from '../model/instant.ts';
import type { LastComplete } from '../model/log-batch.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { Checkpoint } from './checkpoint.ts';

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

/** Changes published in one hour, by kind: what the brake counts over a day. */
export type HourCount = { readonly hour: Instant; readonly lastAt: Instant } & {
  readonly [Kind in ChangeType]: number;
};

/** What is known of asking the vendor for changed users only. */
export type DeltaState = {
  /** Start of the last sweep that ended its list: a delta asks for what changed since then, and a bit before. */
  readonly since?: Instant;
  readonly dueAt?: Instant;
  /** When the vendor was found to ignore the filter; it is tried again a day later. */
  readonly ignoredAt?: Instant;
};

/** In how many of the last complete sweeps a field changed for most users. */
export type Volatility = { readonly sweeps: number; readonly fields: { readonly [path: string]: number } };

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
  /** Open holds, decided or not. */
  readonly holds: readonly Hold[];
  /** Vanished fields that never change a user (a status) and that an operator has taken note of. */
  readonly acknowledged?: readonly FieldPath[];
  /** The hours of the last day that had changes, oldest first. */
  readonly recent: readonly HourCount[];
  /** A sweep that goes on in the next tick. */
  readonly checkpoint?: Checkpoint;
  readonly delta?: DeltaState;
  readonly volatility?: Volatility;
  /** When the connection was removed; its epoch, position and sequence stay. */
  readonly removedAt?: Instant;
  /** The request that removed it: where the connection is back, it is not done a second time. */
  readonly removedBy?: string;
  /**
   * When entries were last found to be lost for good, and where the log stood: whoever has none may have been known before, under
   * any revision up to this position, since a batch raises it by one at most.
   */
  readonly loss?: { readonly at: Instant; readonly position: number };
  /** Keys the digests; random, made once. */
  readonly digestKey: string;
  /** The projection of the last sweep, whose meanings are on record. */
  readonly projectionVersion?: string;
  /** Leases taken since a sweep last finished. */
  readonly attempts: number;
  /** Sweeps in a row that ended without completing. */
  readonly failures: number;
  /** When a tick is due: the earlier of full and delta. */
  readonly dueAt: Instant;
  readonly fullDueAt?: Instant;
  /** When it was made, or brought back. */
  readonly createdAt?: Instant;
  /** When its health is looked at next: when it becomes stale, or at once where its health has changed. */
  readonly watchAt?: Instant;
};
