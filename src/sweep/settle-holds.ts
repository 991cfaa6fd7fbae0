import type { KnownHold } from '../diff/judge-change.ts';
import { type HeldChanges, nobodyHeld } from '../diff/judgement-tally.ts';
import { createPairTable } from '../diff/pair-table.ts';
import type { Hold, HoldEnding, HoldReason, HoldRecord } from '../model/hold.ts';
import { type HoldId, holdId } from '../model/ids.ts';
import { epochMs, instant } from '../model/instant.ts';
import type { HoldNotice, StagedConnectionChange } from '../model/log-batch.ts';
import { holdAbsent } from './hold-absent.ts';
import type { FieldFindings, Verdict } from './judge-staged.ts';
import type { Sweep } from './sweep.ts';
import type { Stock } from './take-stock.ts';
import type { WalkedList } from './walk-list.ts';

/** An undecided hold is closed after a week; what is still found is held anew, and rings again. */
const holdForMs = 7 * 86_400_000;

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

type Draft = { holds: Hold[]; changes: StagedConnectionChange[]; records: HoldRecord[]; heldBesides: number };

export type SettleFacts = {
  readonly walked: WalkedList;
  readonly findings: FieldFindings;
  readonly verdict: Verdict;
  /** Only of a complete full sweep. */
  readonly stock?: Stock;
};

/** Opens, confirms, dissolves and closes holds by what a sweep found. */
export async function settleHolds(sweep: Sweep, facts: SettleFacts): Promise<SettledHolds> {
  const draft: Draft = { holds: [], changes: [], records: [], heldBesides: 0 };
  const absent = await holdAbsent(sweep, facts.stock, facts.verdict);
  draft.heldBesides += absent.heldCount;
  for (const known of sweep.holds) await settleKnown(sweep, facts, known, { draft, pending: absent.pending });
  await openBrakeHolds(sweep, facts, draft);
  await openLossHolds(sweep, facts, draft);
  if (sweep.basis.purpose === 'baseline') closeAll(sweep, facts.stock !== undefined, draft);
  return draft;
}

type Settling = { readonly draft: Draft; readonly pending: ReadonlyMap<HoldId, HeldChanges> };

async function settleKnown(sweep: Sweep, facts: SettleFacts, { hold }: KnownHold, settling: Settling): Promise<void> {
  const { draft, pending } = settling;
  if (facts.stock === undefined) {
    draft.holds.push(hold);
    return;
  }
  if (hold.members === undefined) return settleStatusHold(sweep, facts, hold, draft);
  const { found, settledBy } = facts.verdict.tally;
  const left = (hold.decision === undefined ? found : pending).get(hold.holdId) ?? nobodyHeld();
  const isOver = left.members.count === 0;
  const settled = settledBy.get(hold.holdId) ?? 0;
  if (settled > 0) announceSettled(hold, { settled, isOver, draft });
  if (isOver) return endHold(sweep, hold, { settled, draft });
  if (hold.decision === undefined && sweep.ports.nowMs() >= epochMs(hold.expiresAt)) {
    endHold(sweep, hold, { settled: 0, draft, ending: 'expired' });
    return openHold(sweep, hold, left, draft);
  }
  draft.holds.push(await keepHold(sweep, hold, left, draft));
}

function announceSettled(
  hold: Hold,
  { settled, isOver, draft }: { readonly settled: number; readonly isOver: boolean; readonly draft: Draft },
): void {
  const type = hold.decision?.verdict === 'approved' ? 'changes_released' : 'changes_rejected';
  draft.changes.push({ type, hold: { ...notice(hold, settled), ...(isOver && { ending: endingOf(hold) }) } });
}

/** A status that is missing changes nobody, so there is nothing to publish: the hold says so until it is back. */
function settleStatusHold(sweep: Sweep, { findings, walked }: SettleFacts, hold: Hold, draft: Draft): void {
  const { decision } = hold;
  if (findings.isStatusMissing && decision === undefined) {
    draft.heldBesides += walked.comparison.counts.withoutStatus;
    draft.holds.push(hold);
    return;
  }
  const ending = findings.isStatusMissing ? { ending: endingOf(hold) } : {};
  endHold(sweep, hold, { settled: 0, draft, ...ending });
}

function endingOf({ decision }: Hold): HoldEnding {
  return decision?.verdict === 'approved' ? 'released' : 'rejected';
}

type Ending = { readonly settled: number; readonly draft: Draft; readonly ending?: HoldEnding };

function endHold(sweep: Sweep, hold: Hold, { settled, draft, ending }: Ending): void {
  const how = ending ?? (settled > 0 ? endingOf(hold) : 'dissolved');
  const dissolved = Math.max(0, hold.memberCount - settled);
  if (settled === 0)
    draft.changes.push({ type: 'changes_dissolved', hold: { ...notice(hold, dissolved), ending: how } });
  const end = { ending: how, at: instant(sweep.ports.nowMs()), settled, dissolved };
  draft.records.push({ connectionId: sweep.list.connectionId, hold, preview: [], end });
}

/** The hold with the members that were found once more. */
async function keepHold(sweep: Sweep, hold: Hold, found: HeldChanges, draft: Draft): Promise<Hold> {
  const bytes = found.members.build();
  const before = sweep.holds.find((known) => known.hold.holdId === hold.holdId)?.members.bytes;
  const fields = hold.fields === undefined ? {} : { fields: [...found.fields].sort() };
  if (before !== undefined && Buffer.compare(before, bytes) === 0) return { ...hold, ...fields };
  const kept = { ...hold, ...fields, ...(await writeMembers(sweep, hold.holdId, bytes)) };
  draft.records.push({ connectionId: sweep.list.connectionId, hold: kept, preview: found.preview });
  return kept;
}

async function writeMembers(
  { ports, list, held }: Sweep,
  id: HoldId,
  bytes: Uint8Array,
): Promise<Pick<Hold, 'members' | 'memberCount'>> {
  const members = `hold/${id}/${held.lease.token}`;
  await ports.store.writeBlob(list.connectionId, members, bytes);
  return { members, memberCount: createPairTable(bytes).count };
}

async function openBrakeHolds(sweep: Sweep, { verdict, stock }: SettleFacts, draft: Draft): Promise<void> {
  for (const [kind, brake] of verdict.readings) {
    const reason = brake === undefined ? (stock?.collapse ?? 'brake') : 'brake';
    await openHold(sweep, { kind, reason, ...(brake && { brake }) }, verdict.tally.fresh[kind].held, draft);
  }
}

async function openLossHolds(sweep: Sweep, { verdict, findings, walked }: SettleFacts, draft: Draft): Promise<void> {
  const { newlyLost } = verdict.tally;
  const fields = [...newlyLost.fields].sort();
  await openHold(sweep, { kind: 'updated', reason: 'field_vanished', fields }, newlyLost, draft);
  const isKnown = sweep.held.state.acknowledged?.includes('status') || sweep.holds.some(isStatusHold);
  if (!findings.isStatusMissing || isKnown) return;
  const users = walked.comparison.counts.withoutStatus;
  draft.heldBesides += users;
  const facts = { kind: 'status_changed', reason: 'field_vanished', fields: ['status'] } as const;
  const members = { holdId: newHoldId(sweep, facts, draft), memberCount: users };
  announce(sweep, newHold(sweep, facts, members), { draft, preview: [] });
}

function isStatusHold({ hold }: KnownHold): boolean {
  return hold.members === undefined;
}

type HoldFacts = Pick<Hold, 'kind'> & Partial<Pick<Hold, 'fields' | 'brake'>> & { readonly reason: HoldReason };

async function openHold(sweep: Sweep, facts: HoldFacts, held: HeldChanges, draft: Draft): Promise<void> {
  const bytes = held.members.build();
  if (bytes.length === 0) return;
  const id = newHoldId(sweep, facts, draft);
  const hold = newHold(sweep, facts, { holdId: id, ...(await writeMembers(sweep, id, bytes)) });
  announce(sweep, hold, { draft, preview: held.preview });
}

function announce(
  sweep: Sweep,
  hold: Hold,
  { draft, preview }: { readonly draft: Draft; readonly preview: HoldRecord['preview'] },
): void {
  draft.holds.push(hold);
  draft.changes.push({ type: 'changes_held', hold: notice(hold, hold.memberCount) });
  draft.records.push({ connectionId: sweep.list.connectionId, hold, preview });
}

function newHold(
  sweep: Sweep,
  { kind, reason, fields, brake }: HoldFacts,
  members: Pick<Hold, 'holdId' | 'members' | 'memberCount'>,
): Hold {
  const openedAtMs = sweep.ports.nowMs();
  return {
    kind,
    reason,
    ...(fields && { fields }),
    ...(brake && { brake }),
    sweepId: sweep.basis.sweepId,
    openedAt: instant(openedAtMs),
    expiresAt: instant(openedAtMs + holdForMs),
    ...members,
  };
}

/** Names the sweep and the kind; a renewed hold and a new one may be of the same. */
function newHoldId({ basis }: Sweep, { kind, reason }: HoldFacts, { holds }: Draft): HoldId {
  const name = `${basis.sweepId}-${kind.replace('_', '-')}${reason === 'field_vanished' ? '-fields' : ''}`;
  const same = holds.filter((hold) => hold.holdId.startsWith(name)).length;
  return holdId(same === 0 ? name : `${name}-${same + 1}`);
}

/** Holds of another directory are about other people. */
function closeAll(sweep: Sweep, isComplete: boolean, draft: Draft): void {
  for (const hold of sweep.held.state.holds) {
    if (isComplete) endHold(sweep, hold, { settled: 0, draft });
    else draft.holds.push(hold);
  }
}

function notice({ holdId: id, kind, reason, fields, brake }: Hold, count: number): HoldNotice {
  return { holdId: id, kind, reason, ...(fields && { fields }), ...(brake && { brake }), count };
}
