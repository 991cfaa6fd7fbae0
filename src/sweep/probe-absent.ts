import type { AbsentList, AbsentUser } from '../diff/absent-list.ts';
import { isFeedError } from '../model/feed-error.ts';
import type { UserId } from '../model/ids.ts';
import { type Instant, instant } from '../model/instant.ts';
import { deletionHold } from './deletion-hold.ts';
import type { Sweep } from './sweep.ts';
import type { WalkedList } from './walk-list.ts';

export type ProbeAnswer = {
  readonly presence: 'gone' | 'present' | 'unknown';
  /** Where he is there after all. */
  readonly seenAt?: Instant;
};

/** What asking the vendor about missing users came to: by key hash, and counted. */
export type Probed = {
  readonly answers: ReadonlyMap<string, ProbeAnswer>;
  readonly gone: number;
  readonly present: number;
  readonly unknown: number;
};

/**
 * Asks the vendor about users whom a complete list did not show: whoever is found after all is not gone, and whoever is
 * not need not be missing for longer. Bounded in number, and by the time of the tick.
 */
export async function probeAbsent(sweep: Sweep, { comparison }: WalkedList, absent: AbsentList): Promise<Probed> {
  const { list, ports, basis, deadlineMs } = sweep;
  const answers = new Map<string, ProbeAnswer>();
  const count = { gone: 0, present: 0, unknown: 0 };
  const controlUserId = comparison.counts.listedUser;
  if (controlUserId === undefined || basis.purpose !== 'live') return { answers, ...count };
  for (const user of askFirst(sweep, absent)) {
    if (answers.size >= list.deletion.maxProbes || ports.nowMs() >= deadlineMs) break;
    if (!isWorthAsking(sweep, user) || comparison.seen.wasExcluded(user)) continue;
    const answer = await askAbout(sweep, user, controlUserId);
    if (answer === undefined) continue;
    count[answer.presence] += 1;
    answers.set(user.keyHash, answer);
  }
  return { answers, ...count };
}

/** Those first who would count as gone without a word of the vendor's, then those whom it may spare another sweep. */
function* askFirst({ list }: Sweep, absent: AbsentList): Iterable<AbsentUser> {
  const isConfirmed = ({ missedSweeps }: AbsentUser) => missedSweeps >= list.deletion.confirmSweeps;
  for (const user of absent.users()) if (isConfirmed(user)) yield user;
  for (const user of absent.users()) if (!isConfirmed(user)) yield user;
}

/** Undefined for somebody about whom there is nothing to ask: he counts as deleted already. */
async function askAbout(
  { list, ports, deadlineMs }: Sweep,
  user: AbsentUser,
  controlUserId: UserId,
): Promise<ProbeAnswer | undefined> {
  const [entry] = await ports.store.readEntriesByKeyHash(list.connectionId, user.keyHash);
  if (entry?.presence !== 'live' || list.probeAbsence === undefined) return undefined;
  const ask = { userId: entry.userId, controlUserId, deadlineMs };
  const presence = await list.probeAbsence(ask).catch(proveNothing);
  const isThere = presence === 'present' && !list.isNarrowed;
  return { presence, ...(isThere && { seenAt: instant(ports.nowMs()) }) };
}

function isWorthAsking(sweep: Sweep, user: AbsentUser): boolean {
  // Whoever shares a key hash is left to the count of sweeps.
  if (sweep.list.probeAbsence === undefined || user.userId !== undefined) return false;
  return deletionHold(sweep, user.keyHash) === undefined;
}

/** A probe that fails says nothing; whether the vendor is well, the list has shown. */
function proveNothing(error: unknown): 'unknown' {
  if (isFeedError(error) && error.code.startsWith('vendor.')) return 'unknown';
  throw error;
}
