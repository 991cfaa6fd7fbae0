import type { ChangeType } from './change.ts';
import type { ConnectionId, HoldId, SweepId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { FieldPath } from './projected-field.ts';

/** Why changes were held: too many at once, a list that lost everybody or over half, a field that nearly all lost. */
export const holdReasons = ['brake', 'list_empty', 'list_collapsed', 'field_vanished'] as const;
export type HoldReason = (typeof holdReasons)[number];

/** What the brake compared: the changes of a kind, in this sweep and published in the 24 hours before, with its limit. */
export type BrakeReading = {
  readonly found: number;
  readonly recent: number;
  readonly limit: number;
  readonly liveUsers: number;
};

/** An operator's word on a hold. */
export type HoldDecision = {
  readonly verdict: 'approved' | 'rejected';
  readonly by: string;
  readonly at: Instant;
  readonly why?: string;
};

/**
 * Changes of one kind that are kept back for a decision. Its members are whom and what: pairs of key hash and target
 * digest. Stands in the connection's state while it is open, decided or not.
 */
export type Hold = {
  readonly holdId: HoldId;
  readonly kind: ChangeType;
  readonly reason: HoldReason;
  /** The fields that vanished; only with `field_vanished`. */
  readonly fields?: readonly FieldPath[];
  /** The sweep that opened it. */
  readonly sweepId: SweepId;
  readonly openedAt: Instant;
  /** Undecided by then, it is closed; changes that are still found are held anew. */
  readonly expiresAt: Instant;
  readonly brake?: BrakeReading;
  readonly memberCount: number;
  /** Name of the blob with its members; absent where nobody is one (a status that vanished). */
  readonly members?: string;
  readonly decision?: HoldDecision;
};

/** How a hold ended. `dissolved`: a complete sweep found nothing of it any more. */
export const holdEndings = ['released', 'rejected', 'dissolved', 'expired'] as const;
export type HoldEnding = (typeof holdEndings)[number];

/** What came of a hold's members when it ended. */
export type HoldEnd = {
  readonly ending: HoldEnding;
  readonly at: Instant;
  /** Published, or accepted silently. */
  readonly settled: number;
  /** No longer found by the sweep that ended it. */
  readonly dissolved: number;
};

/** A hold as operators see it, also after its end. `preview` is JSON of some of the events it would become. */
export type HoldRecord = {
  readonly connectionId: ConnectionId;
  readonly hold: Hold;
  readonly preview: readonly unknown[];
  readonly end?: HoldEnd;
};
