import type { SweepId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { Absence, AbsentList, AbsentUser, UnseenUser } from './absent-list.ts';

/** The list that the last complete sweep left, and that sweep. */
export type PriorAbsence = {
  readonly list: AbsentList;
  /** The sweep that wrote the list; counts go on only where it is the last complete one. */
  readonly sweepId?: SweepId;
  readonly lastComplete?: { readonly sweepId: SweepId; readonly startedAt: Instant };
};

/**
 * The absence of somebody whom a complete sweep did not list: in how many sweeps in a row, and when he was last seen.
 * Whoever was listed in between is not in the prior list any more, so his count starts again.
 */
export function absenceOf(user: UnseenUser, prior: PriorAbsence): Absence {
  const { list, lastComplete } = prior;
  if (lastComplete === undefined || prior.sweepId !== lastComplete.sweepId) return { missedSweeps: 1 };
  const earlier = list.find(user);
  if (earlier === undefined) return { missedSweeps: 1, lastSeenAt: lastComplete.startedAt };
  return { ...earlier, missedSweeps: earlier.missedSweeps + 1 };
}

/** Somebody absent who has been seen meanwhile, though by nothing that proves who is there: he starts to be counted again. */
export function seenAgain({ wasExcluded: _, ...user }: AbsentUser, lastSeenAt: Instant): AbsentUser {
  return { ...user, missedSweeps: 0, lastSeenAt };
}
