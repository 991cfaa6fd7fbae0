import { fromHex } from '../diff/digest.ts';
import type { KnownHold } from '../diff/judge-change.ts';
import { type HeldChanges, nobodyHeld } from '../diff/judgement-tally.ts';
import type { Hold, HoldEnding, HoldRecord } from '../model/hold.ts';
import type { HoldId } from '../model/ids.ts';
import { epochMs, instant } from '../model/instant.ts';
import type { StagedConnectionChange } from '../model/log-batch.ts';
import { holdAbsent } from './hold-absent.ts';
import type { FieldFindings, Verdict } from './judge-staged.ts';
import { announceHold, type HoldsDraft, newHold, newHoldId, notice, openHold, writeMembers } from './open-hold.ts';
import type { Sweep } from './sweep.ts';
import type { Stock } from './take-stock.ts';
import type { WalkedList } from './walk-list.ts';

/** What a sweep does to the connection's holds. */
export type SettledHolds = {
  /** Open ones, as the sweep leaves them. */
  readonly holds: readonly Hold[];
  readonly changes: readonly StagedConnectionChange[];
  /** What operators see of those that are new, changed or over. */
  readonly records: readonly HoldRecord[];
  /** Absent users and missing statuses that are kept back and of whom nothing is staged. */
  readonly heldBesides: number;
};

export type SettleFacts = {
  readonly walked: WalkedList;
  readonly findings: FieldFindings;
  readonly verdict: Verdict;
  /** Only of a complete full sweep. */
  readonly stock?: Stock;
};

/** Opens, confirms, dissolves and closes holds by what a sweep found. */
export async function settleHolds(sweep: Sweep, facts: SettleFacts): Promise<SettledHolds> {
  const draft: HoldsDraft = { holds: [], changes: [], records: [], heldBesides: 0 };
  const absent = await holdAbsent(sweep, facts.stock, facts.verdict);
  draft.heldBesides += absent.heldCount;
  for (const known of sweep.holds) await settleKnown(sweep, facts, known, { draft, pending: absent.pending });
  await openBrakeHolds(sweep, facts, draft);
  await openLossHolds(sweep, facts, draft);
  if (sweep.basis.purpose === 'baseline') closeAll(sweep, facts.stock !== undefined, draft);
  return draft;
}

type Settling = { readonly draft: HoldsDraft; readonly pending: ReadonlyMap<HoldId, HeldChanges> };

async function settleKnown(sweep: Sweep, facts: SettleFacts, known: KnownHold, settling: Settling): Promise<void> {
  const { draft, pending } = settling;
  const { hold } = known;
  if (facts.stock === undefined) {
    draft.holds.push(hold);
    return;
  }
  if (hold.members === undefined) return settleStatusHold(sweep, facts, hold, draft);
  const { found, settledBy } = facts.verdict.tally;
  const left = (hold.decision === undefined ? found : pending).get(hold.holdId) ?? nobodyHeld();
  keepUndecidable(known, facts.walked, { stock: facts.stock, left });
  const isOver = left.members.count === 0;
  const settled = settledBy.get(hold.holdId) ?? 0;
  if (settled > 0) announceSettled(hold, { settled, isOver, draft });
  if (isOver) return endHold(sweep, hold, { settled, draft });
  if (isExpired(sweep, hold)) {
    endHold(sweep, hold, { settled: 0, draft, ending: 'expired' });
    return openHold(sweep, hold, left, draft);
  }
  draft.holds.push(await keepHold(sweep, hold, left, draft));
}

/**
 * Nothing is concluded about a user whose row could not be read, or who is merely missing so far: not even that a hold is
 * over for him.
 */
function keepUndecidable(
  { hold, members }: KnownHold,
  { comparison }: WalkedList,
  { stock, left }: { readonly stock: Stock; readonly left: HeldChanges },
): void {
  if (comparison.rejectedWithId === 0 && stock.absent.count === 0) return;
  const isMissing = (keyHash: string) =>
    hold.kind !== 'deleted' &&
    stock.absent.find({ keyHash }) !== undefined &&
    stock.leaving.find({ keyHash }) === undefined;
  for (let slot = 0; slot < members.count; slot += 1) {
    const keyHash = fromHex(members.keyHashAt(slot));
    if (comparison.isBlocked(keyHash) || isMissing(members.keyHashAt(slot)))
      left.members.add(keyHash, members.valueAt(slot));
  }
  for (const path of left.members.count > 0 ? (hold.fields ?? []) : []) left.fields.add(path);
}

function announceSettled(
  hold: Hold,
  { settled, isOver, draft }: { readonly settled: number; readonly isOver: boolean; readonly draft: HoldsDraft },
): void {
  const type = hold.decision?.verdict === 'approved' ? 'changes_released' : 'changes_rejected';
  draft.changes.push({ type, hold: { ...notice(hold, settled), ...(isOver && { ending: endingOf(hold) }) } });
}

/** A status that is missing changes nobody, so there is nothing to publish: the hold says so until it is back. */
function settleStatusHold(sweep: Sweep, { findings, walked }: SettleFacts, hold: Hold, draft: HoldsDraft): void {
  const { decision } = hold;
  const users = walked.comparison.counts.withoutStatus;
  if (findings.isStatusMissing && decision === undefined) {
    draft.heldBesides += users;
    if (!isExpired(sweep, hold)) draft.holds.push(hold);
    else renewStatusHold(sweep, hold, { users, draft });
    return;
  }
  const ending = findings.isStatusMissing ? { ending: endingOf(hold) } : {};
  endHold(sweep, hold, { settled: 0, draft, ...ending });
}

function renewStatusHold(
  sweep: Sweep,
  hold: Hold,
  { users, draft }: { readonly users: number; readonly draft: HoldsDraft },
): void {
  endHold(sweep, hold, { settled: 0, draft, ending: 'expired' });
  const members = { holdId: newHoldId(sweep, hold, draft), memberCount: users };
  announceHold(sweep, newHold(sweep, hold, members), { draft, preview: [] });
}

function isExpired({ ports }: Sweep, { decision, expiresAt }: Hold): boolean {
  return decision === undefined && ports.nowMs() >= epochMs(expiresAt);
}

function endingOf({ decision }: Hold): HoldEnding {
  return decision?.verdict === 'approved' ? 'released' : 'rejected';
}

type Ending = { readonly settled: number; readonly draft: HoldsDraft; readonly ending?: HoldEnding };

function endHold(sweep: Sweep, hold: Hold, { settled, draft, ending }: Ending): void {
  const how = ending ?? (settled > 0 ? endingOf(hold) : 'dissolved');
  const dissolved = Math.max(0, hold.memberCount - settled);
  if (settled === 0)
    draft.changes.push({ type: 'changes_dissolved', hold: { ...notice(hold, dissolved), ending: how } });
  const end = { ending: how, at: instant(sweep.ports.nowMs()), settled, dissolved };
  draft.records.push({ connectionId: sweep.list.connectionId, hold, preview: [], end });
}

/** The hold with the members that were found once more. */
async function keepHold(sweep: Sweep, hold: Hold, found: HeldChanges, draft: HoldsDraft): Promise<Hold> {
  const bytes = found.members.build();
  const before = sweep.holds.find((known) => known.hold.holdId === hold.holdId)?.members.bytes;
  const fields = hold.fields === undefined ? {} : { fields: [...found.fields].sort() };
  if (before !== undefined && Buffer.compare(before, bytes) === 0) return { ...hold, ...fields };
  const kept = { ...hold, ...fields, ...(await writeMembers(sweep, hold.holdId, bytes)) };
  draft.records.push({ connectionId: sweep.list.connectionId, hold: kept, preview: found.preview });
  return kept;
}

async function openBrakeHolds(sweep: Sweep, { verdict, stock }: SettleFacts, draft: HoldsDraft): Promise<void> {
  for (const [kind, brake] of verdict.readings) {
    const reason = brake === undefined ? (stock?.collapse ?? 'brake') : 'brake';
    await openHold(sweep, { kind, reason, ...(brake && { brake }) }, verdict.tally.fresh[kind].held, draft);
  }
}

async function openLossHolds(
  sweep: Sweep,
  { verdict, findings, walked }: SettleFacts,
  draft: HoldsDraft,
): Promise<void> {
  const { newlyLost } = verdict.tally;
  const fields = [...newlyLost.fields].sort();
  await openHold(sweep, { kind: 'updated', reason: 'field_vanished', fields }, newlyLost, draft);
  const isKnown = sweep.held.state.acknowledged?.includes('status') || sweep.holds.some(isStatusHold);
  if (!findings.isStatusMissing || isKnown) return;
  const users = walked.comparison.counts.withoutStatus;
  draft.heldBesides += users;
  const facts = { kind: 'status_changed', reason: 'field_vanished', fields: ['status'] } as const;
  const members = { holdId: newHoldId(sweep, facts, draft), memberCount: users };
  announceHold(sweep, newHold(sweep, facts, members), { draft, preview: [] });
}

function isStatusHold({ hold }: KnownHold): boolean {
  return hold.members === undefined;
}

/** Holds of another directory are about other people. */
function closeAll(sweep: Sweep, isComplete: boolean, draft: HoldsDraft): void {
  for (const hold of sweep.held.state.holds) {
    if (isComplete) endHold(sweep, hold, { settled: 0, draft });
    else draft.holds.push(hold);
  }
}
