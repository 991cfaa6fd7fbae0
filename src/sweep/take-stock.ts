import { absenceOf, seenAgain } from '../diff/absence.ts';
import {
  type Absence,
  type AbsentList,
  type AbsentUser,
  createAbsentList,
  createAbsentListBuilder,
} from '../diff/absent-list.ts';
import { judgeLoss } from '../diff/collapse.ts';
import { type DepartureCode, diffSweep } from '../diff/diff-sweep.ts';
import { fromHex } from '../diff/digest.ts';
import type { HoldReason } from '../model/hold.ts';
import type { UserId } from '../model/ids.ts';
import { deletionHold } from './deletion-hold.ts';
import { entriesLost } from './entries-lost.ts';
import { findUnseen, readEntries } from './find-unseen.ts';
import { type ProbeAnswer, type Probed, probeAbsent } from './probe-absent.ts';
import type { Sweep } from './sweep.ts';
import type { WalkedList } from './walk-list.ts';

/** Who is missing from a complete list, and what follows for whom. */
export type Stock = {
  /** Everyone whom the list did not show. */
  readonly absent: AbsentList;
  /** Those of them who leave, unless the brake or a hold keeps that back: their departures are staged. */
  readonly leaving: AbsentList;
  /** Why nobody leaves at all but by a decision. */
  readonly collapse?: Extract<HoldReason, 'list_empty' | 'list_collapsed'>;
  readonly probed: Probed;
};

/** Counts absences, asks about some, and stages the departures that follow. */
export async function takeStock(sweep: Sweep, walked: WalkedList, reportedDeleted: number): Promise<Stock> {
  const absent = await countAbsent(sweep, walked);
  const collapse = await findCollapse(sweep, walked, { absent, reportedDeleted });
  const probed = collapse === undefined ? await probeAbsent(sweep, walked, absent) : noProbes;
  const builder = createAbsentListBuilder();
  for (const user of withProbes(absent, probed)) if (mayLeave(sweep, user, { collapse, probed })) builder.add(user);
  const leaving = createAbsentList(builder.build());
  await stageDepartures(sweep, walked, { leaving, probed });
  return { absent, leaving, probed, ...(collapse && { collapse }) };
}

export const noProbes: Probed = { answers: new Map(), gone: 0, present: 0, unknown: 0 };

async function countAbsent(sweep: Sweep, { comparison }: WalkedList): Promise<AbsentList> {
  const builder = createAbsentListBuilder();
  const { seen } = comparison;
  for await (const user of findUnseen(sweep, seen)) {
    const wasExcluded = seen.wasExcluded(user);
    builder.add({ ...user, ...absenceOf(user, sweep.prior), ...(wasExcluded && { wasExcluded }) });
  }
  return createAbsentList(builder.build());
}

/** Whom a probe has found is not missing, whatever the list says; unless the list is not meant to show everybody. */
export function* withProbes(absent: AbsentList, { answers }: Probed): Iterable<AbsentUser> {
  for (const user of absent.users()) {
    const answer = answers.get(user.keyHash);
    yield answer?.seenAt === undefined ? user : seenAgain(user, answer.seenAt);
  }
}

type Circumstances = { readonly collapse: Stock['collapse'] | undefined; readonly probed: Probed };

/** Whether somebody's departure is concluded, as far as no brake is concerned. */
function mayLeave(sweep: Sweep, user: AbsentUser, { collapse, probed }: Circumstances): boolean {
  // In a list of another directory or scope, not being listed is no news about anybody: all of them leave silently.
  if (sweep.basis.purpose !== 'live') return true;
  const isConcluded =
    user.missedSweeps >= sweep.list.deletion.confirmSweeps || probed.answers.get(user.keyHash)?.presence === 'gone';
  const known = deletionHold(sweep, user.keyHash);
  if (known !== undefined) return isConcluded && known.hold.decision !== undefined;
  return isConcluded && collapse === undefined;
}

/**
 * Only live users count, and none whom a hold keeps already: neither a vendor that clears out those it had reported as
 * deleted nor the list that was held before is a collapse.
 */
async function findCollapse(
  sweep: Sweep,
  { evidence, comparison }: WalkedList,
  { absent, reportedDeleted }: { readonly absent: AbsentList; readonly reportedDeleted: number },
): Promise<Stock['collapse'] | undefined> {
  if (sweep.basis.purpose !== 'live') return undefined;
  const { counts } = sweep.held.state;
  const held = countHeld(sweep, absent);
  const loss = { liveBefore: evidence.liveBefore - held, seen: comparison.seen.distinct };
  const found = judgeLoss({ ...loss, lost: absent.count - held + reportedDeleted });
  if (found === undefined || counts.pairs === counts.live) return found;
  let live = 0;
  for await (const { presence, keyHash } of readEntries(sweep, absent))
    if (presence === 'live' && deletionHold(sweep, keyHash) === undefined) live += 1;
  return live === 0 && reportedDeleted === 0 ? undefined : judgeLoss({ ...loss, lost: live + reportedDeleted });
}

function countHeld(sweep: Sweep, absent: AbsentList): number {
  if (sweep.holds.every(({ hold }) => hold.kind !== 'deleted')) return 0;
  let held = 0;
  for (const { keyHash } of absent.users()) if (deletionHold(sweep, keyHash) !== undefined) held += 1;
  return held;
}

async function stageDepartures(
  sweep: Sweep,
  { comparison, progress }: WalkedList,
  { leaving, probed }: { readonly leaving: AbsentList; readonly probed: Probed },
): Promise<void> {
  const { index, basis, protector } = sweep;
  const observedAt = progress.lastPageAt ?? basis.startedAt;
  const staged: UserId[] = [];
  for await (const entry of readEntries(sweep, leaving)) {
    const isShared = index.isShared(index.find(fromHex(entry.keyHash)));
    const user = { keyHash: entry.keyHash, ...(isShared && { userId: entry.userId }) };
    const absence = leaving.find(user);
    if (absence === undefined) continue;
    staged.push(entry.userId);
    const departed = {
      entry: protector.protectEntry(entry),
      absence: { ...user, ...absence },
      pair: isShared ? ('shared' as const) : ('present' as const),
      observedAt,
      code: departureCode(sweep, absence, probed.answers.get(entry.keyHash)?.presence),
    };
    for (const transition of diffSweep({ observed: [], departed: [departed] }, sweep.context))
      comparison.staging.add(transition, Buffer.byteLength(JSON.stringify(transition)));
    await comparison.staging.relieve();
  }
  if (staged.length >= leaving.count) return;
  for (const userId of staged) comparison.staging.drop(userId);
  throw entriesLost(sweep.list.connectionId);
}

/** Whoever is only not among the users that the list or the connection is about may still be there. */
function departureCode(
  { list }: Sweep,
  { missedSweeps, wasExcluded }: Absence,
  probe: ProbeAnswer['presence'] | undefined,
): DepartureCode {
  const isConfirmed = missedSweeps >= list.deletion.confirmSweeps && !wasExcluded;
  if (probe === 'gone') return isConfirmed ? 'absent_from_complete_sweeps' : 'not_found_by_probe';
  return list.isNarrowed || wasExcluded === true ? 'left_scope' : 'absent_from_complete_sweeps';
}
