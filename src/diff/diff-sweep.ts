import type { ObservedUser } from '../model/canonical-user.ts';
import type { Instant } from '../model/instant.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { AbsentUser } from './absent-list.ts';
import type { Digester } from './digest.ts';
import type { Projection } from './projection.ts';
import type { StagedTransition } from './staged-transition.ts';
import type { SweepPolicy } from './sweep-policy.ts';
import { departTransition } from './transition-departed.ts';
import { observeTransition } from './transition-observed.ts';

/** A user on a page whose digest is not the one in the index. */
export type ObservedSuspect = {
  readonly user: ObservedUser;
  readonly keyHash: string;
  readonly observedAt: Instant;
  /** His entry, where there is one. */
  readonly entry?: SnapshotEntry;
  /** Whether the index has a pair under his key hash: his own, or that of somebody who shares it. */
  readonly pair: 'none' | 'present' | 'shared';
  /** Start of the last complete sweep that listed him, where one is known. */
  readonly lastSeenAt?: Instant;
};

export type DepartureCode = 'absent_from_complete_sweeps' | 'not_found_by_probe' | 'left_scope';

/** A known user whose departure is concluded. */
export type DepartedUser = {
  readonly entry: SnapshotEntry;
  readonly absence: AbsentUser;
  /** Why he counts as gone. */
  readonly code: DepartureCode;
  readonly pair: 'present' | 'shared';
  readonly observedAt: Instant;
};

/** What comparing needs to know of the connection. */
export type DiffContext = {
  readonly projection: Projection;
  readonly digester: Digester;
  readonly policy: SweepPolicy;
  /** The meanings of another projection version that entries were written under; undefined where it is not known. */
  readonly meaningsOf: (projectionVersion: string) => ReadonlyMap<string, string> | undefined;
};

/** A part of a sweep: the suspects of some pages, or those who are concluded to have left. */
export type SweepPart = {
  readonly observed: readonly ObservedSuspect[];
  readonly departed: readonly DepartedUser[];
};

/**
 * What a part of a sweep does to the snapshot, and which events tell of it. At most one transition a user; users
 * about whom nothing changes yield none. The order of the input is kept.
 */
export function diffSweep(part: SweepPart, context: DiffContext): readonly StagedTransition[] {
  const observed = part.observed.map((suspect) => observeTransition(suspect, context));
  const departed = part.departed.map((user) => departTransition(user, context));
  return [...observed.filter((transition) => transition !== undefined), ...departed];
}
