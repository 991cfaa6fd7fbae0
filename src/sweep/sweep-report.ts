import type { CompletenessRule, SweepEvidence } from '../diff/completeness.ts';
import type { SweepPurpose } from '../diff/sweep-policy.ts';
import type { ConnectionId, SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { HoldNotice, SweepMode } from '../model/log-batch.ts';
import type { FieldPath } from '../model/projected-field.ts';

/** How a sweep ended. `busy`: somebody else is sweeping; `failed`: no page could be read. */
export const sweepOutcomes = ['baseline', 'complete', 'incomplete', 'held', 'failed', 'busy'] as const;
export type SweepOutcome = (typeof sweepOutcomes)[number];

/** One counter per bucket, so that nothing can hide. Users, not rows. */
export type SweepCounts = {
  readonly seen: number;
  readonly created: number;
  readonly updated: number;
  readonly statusChanged: number;
  readonly deleted: number;
  readonly restored: number;
  readonly unchanged: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** Kept back by a hold, in whole or in part. */
  readonly held: number;
  /** Accepted without an event: a baseline, a redefined field, a list that was cut differently. */
  readonly silent: number;
  /** Known, not listed, and not concluded to be gone. */
  readonly missing: number;
};

/** What one sweep saw, concluded and did. */
export type SweepReport = {
  readonly connectionId: ConnectionId;
  readonly vendor: string;
  readonly sweepId: SweepId;
  readonly mode: SweepMode;
  readonly purpose: SweepPurpose;
  readonly outcome: SweepOutcome;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly counts: SweepCounts;
  readonly evidence: SweepEvidence;
  /** Empty for a complete sweep. */
  readonly deniedBy: readonly CompletenessRule[];
  /** The ticks it took. */
  readonly ticks: number;
  /** The hold of each kind or field that kept something back, new or known, and those that ended. */
  readonly holds: readonly HoldNotice[];
  /** What asking the vendor about missing users came to. */
  readonly probes?: { readonly gone: number; readonly present: number; readonly unknown: number };
  /** Fields that changed for most users: candidates for `fields.ignore` if they keep doing so. */
  readonly restlessFields?: readonly FieldPath[];
  /** For a delta: what it asked for, and whether the vendor seems to have ignored that. */
  readonly updatedSince?: Instant;
  readonly isFilterIgnored?: true;
  /** The fault that ended it, for people. */
  readonly failure?: { readonly code: string; readonly message: string };
};

export const noCounts: SweepCounts = {
  seen: 0,
  created: 0,
  updated: 0,
  statusChanged: 0,
  deleted: 0,
  restored: 0,
  unchanged: 0,
  duplicate: 0,
  rejected: 0,
  held: 0,
  silent: 0,
  missing: 0,
};
