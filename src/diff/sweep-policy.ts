import type { Instant } from '../model/instant.ts';

/**
 * What a sweep is for, which decides who speaks.
 *
 * `live`: changes are events. `baseline`: the first list of a directory; whoever is in it becomes known, whoever was
 * known from another directory leaves silently. `rescope`: the list is cut differently than before; users in both
 * lists are compared (origin `repair`), the others come as in a baseline or leave silently.
 */
export type SweepPurpose = 'live' | 'baseline' | 'rescope';

export type SweepPolicy = {
  readonly purpose: SweepPurpose;
  /** Whether users who become known in a baseline are events with origin `baseline`. */
  readonly baseline: 'silent' | 'emit';
  /** False where the entries stem from another directory, in which the same id is somebody else. */
  readonly sameDirectory: boolean;
  /** Start of the baseline of this directory, once there was one. */
  readonly directorySince?: Instant;
  /**
   * Entries were lost: whoever has none begins above this revision, and becomes known in silence until a complete list has shown
   * who is there.
   */
  readonly loss?: { readonly revision: number; readonly isOpen: boolean };
};

/** What the state knows of the list that the last complete sweep read. */
export type KnownList = { readonly directory: string; readonly scope: string };

/** What a sweep of this list is for, given the one before it. */
export function choosePurpose(known: KnownList | undefined, present: KnownList): SweepPurpose {
  if (known === undefined || known.directory !== present.directory) return 'baseline';
  return known.scope === present.scope ? 'live' : 'rescope';
}
