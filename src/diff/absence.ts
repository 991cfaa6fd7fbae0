import type { AbsentUser } from '../model/absent-user.ts';
import type { SweepId, UserId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';

/** A known user whom a complete sweep did not list. */
export type UnseenUser = { readonly keyHash: string; readonly userId?: UserId };

/** The list that the last complete sweep left, and that sweep. */
export type PriorAbsence = {
  readonly absent: readonly AbsentUser[];
  /** The sweep that wrote the list; counts go on only where it is the last complete one. */
  readonly sweepId?: SweepId;
  readonly lastComplete?: { readonly sweepId: SweepId; readonly startedAt: Instant };
};

/**
 * Who is absent after a complete sweep, and since how many sweeps in a row. Whoever was listed in between is not
 * in the prior list any more, so his count starts again.
 */
export function countAbsence(unseen: readonly UnseenUser[], prior: PriorAbsence): readonly AbsentUser[] {
  const { lastComplete } = prior;
  const continues = lastComplete !== undefined && prior.sweepId === lastComplete.sweepId;
  const before = new Map(continues ? prior.absent.map((user) => [absentKey(user), user]) : []);
  return unseen.map((user) => {
    const earlier = before.get(absentKey(user));
    if (earlier !== undefined) return { ...earlier, missedSweeps: earlier.missedSweeps + 1 };
    return { ...user, missedSweeps: 1, ...(continues && { lastSeenAt: lastComplete.startedAt }) };
  });
}

/** Splits the absent into those whose deletion is concluded and those who are merely missing so far. */
export function concludeDeletions(
  absent: readonly AbsentUser[],
  confirmSweeps: number,
): { readonly concluded: readonly AbsentUser[]; readonly pending: readonly AbsentUser[] } {
  return {
    concluded: absent.filter((user) => user.missedSweeps >= confirmSweeps),
    pending: absent.filter((user) => user.missedSweeps < confirmSweeps),
  };
}

function absentKey(user: UnseenUser): string {
  return user.userId === undefined ? user.keyHash : `${user.keyHash}#${user.userId}`;
}
