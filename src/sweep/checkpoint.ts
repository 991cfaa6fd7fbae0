import type { SweepPurpose } from '../diff/sweep-policy.ts';
import type { ChangeType } from '../model/change.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId, Cursor, SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { StagedConnectionChange, SweepConclusion, SweepMode, SweepStamp } from '../model/log-batch.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { StagedReference } from './staging.ts';
import type { SweepReport } from './sweep-report.ts';
import type { WalkEvidence } from './walk-evidence.ts';

/** What a sweep goes by from its first tick to its last; where one of these has changed, it starts over. */
export type SweepBasis = {
  readonly sweepId: SweepId;
  readonly mode: SweepMode;
  readonly startedAt: Instant;
  readonly purpose: SweepPurpose;
  readonly directory: string;
  readonly scope: string;
  readonly projectionVersion: string;
  /** Only for a delta: what it asks for. */
  readonly updatedSince?: Instant;
};

/** How far a walk of the list has come. */
export type WalkProgress = {
  /** Which walk of the list it is, from 1. */
  readonly walks: number;
  /** The page to ask for next; undefined for the first, null once the vendor has said "end". */
  readonly next?: Cursor | null;
  readonly evidence: WalkEvidence;
  readonly lastPageAt?: Instant;
};

/** A sweep between two ticks. Named by the state; its blobs are written once, under a lease of their own. */
export type Checkpoint = {
  readonly basis: SweepBasis;
  /** The tick that goes on from here, from 2. */
  readonly tick: number;
  readonly staged: StagedReference;
} & (
  | {
      readonly phase: 'walk';
      readonly progress: WalkProgress;
      /** Name of the blob with whom it has seen. */
      readonly compared: string;
    }
  | { readonly phase: 'commit'; readonly plan: CommitPlan; readonly committedUpTo: number; readonly isConcluded?: true }
);

/** What a sweep has decided to commit. Whoever executes it decides nothing anew. */
export type CommitPlan = {
  readonly stamp: SweepStamp;
  readonly connectionChanges: readonly StagedConnectionChange[];
  readonly conclusion: SweepConclusion;
  readonly isDecisive: boolean;
  readonly maskedFields: readonly FieldPath[];
  readonly heldKinds: readonly ChangeType[];
  /** Pairs that the index has when all of it is committed, at most. */
  readonly expectedPairs: number;
  /** The report as it will be, but for its end. */
  readonly report: Omit<SweepReport, 'endedAt'>;
};

/** Something that a sweep kept between its ticks is not there any more. */
export function checkpointGone(connectionId: ConnectionId, blob: string): FeedError<'sweep.checkpoint_gone'> {
  const message = `${connectionId}: a part of the sweep's checkpoint is gone, so it starts over`;
  return new FeedError('sweep.checkpoint_gone', message, { connectionId, blob });
}
