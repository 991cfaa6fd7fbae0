import { type ChangeType, changeTypes } from '../model/change.ts';
import type { HoldId } from '../model/ids.ts';
import type { FieldPath } from '../model/projected-field.ts';
import { fromHex } from './digest.ts';
import { type Judgement, type KnownHold, type SweepRules, targetOf } from './judge-change.ts';
import { createPairTableBuilder, type PairTableBuilder } from './pair-table.ts';
import type { StagedTransition } from './staged-transition.ts';

/** Examples that a hold shows. */
export const previewLength = 100;

/** Whom a hold would keep back: its members, some of them as examples. */
export type HeldChanges = {
  readonly members: PairTableBuilder;
  readonly preview: StagedTransition[];
  readonly fields: Set<FieldPath>;
};

/** What so many committed changes amount to. */
export type CommitCount = {
  changes: number;
  bytes: number;
  pairs: number;
  silent: number;
  restored: number;
  readonly told: { [Kind in ChangeType]: number };
};

export type FreshCount = CommitCount & {
  readonly held: HeldChanges;
  /** Of whom a lost field is kept back as well. */
  masked: number;
};

/** What the judgements of a sweep come to, before it is known which kinds the brake holds. */
export type JudgementTally = {
  /** Committed whatever the brake says. */
  readonly settled: CommitCount;
  /** Committed unless the brake holds the kind. */
  readonly fresh: { readonly [Kind in ChangeType]: FreshCount };
  /** What open holds were found to keep back once more. */
  readonly found: ReadonlyMap<HoldId, HeldChanges>;
  /** Losses of fields that no open hold knows. */
  readonly newlyLost: HeldChanges;
  /** How many users each decided hold settles. */
  readonly settledBy: ReadonlyMap<HoldId, number>;
  /** Staged for users who are on the list. */
  observed: number;
  /** Users of whom something is kept back whatever the brake says: by an open hold, or because a field vanished. */
  keptBack: number;
  add(staged: StagedTransition, judgement: Judgement): void;
};

export function createJudgementTally({ holds, isDecisive }: Pick<SweepRules, 'holds' | 'isDecisive'>): JudgementTally {
  // A decision is used by a sweep that decides; until then its hold stands as it stood.
  const isOpen = ({ hold }: KnownHold) => hold.decision === undefined || !isDecisive;
  const lossHolds = holds.filter((known) => known.hold.reason === 'field_vanished' && isOpen(known));
  const found = new Map<HoldId, HeldChanges>();
  const settledBy = new Map<HoldId, number>();
  const fresh = Object.fromEntries(
    changeTypes.map((kind) => [kind, { ...noCommits(), held: nobodyHeld(), masked: 0 }]),
  ) as unknown as JudgementTally['fresh'];
  const foundIn = (holdId: HoldId) => {
    const known = found.get(holdId) ?? nobodyHeld();
    found.set(holdId, known);
    return known;
  };
  const lossHold = (path: FieldPath) => {
    const known = lossHolds.find(({ hold }) => hold.fields?.includes(path));
    return known && foundIn(known.hold.holdId);
  };
  const tally: JudgementTally = {
    settled: noCommits(),
    fresh,
    found,
    newlyLost: nobodyHeld(),
    settledBy,
    observed: 0,
    keptBack: 0,
    add(staged, judgement) {
      if (staged.entry.presence !== 'gone') tally.observed += 1;
      addCommit(tally, judgement);
      for (const holdId of judgement.settles) settledBy.set(holdId, (settledBy.get(holdId) ?? 0) + 1);
      if (addWithheld(staged, judgement, foundIn) || judgement.masked.length > 0) tally.keptBack += 1;
      for (const path of judgement.masked) keepLoss(lossHold(path) ?? tally.newlyLost, staged, path);
    },
  };
  return tally;
}

/** Whether an open hold keeps the change back. */
function addWithheld(
  staged: StagedTransition,
  { withheld }: Judgement,
  foundIn: (holdId: HoldId) => HeldChanges,
): boolean {
  if (withheld?.by === undefined) return false;
  keep(foundIn(withheld.by), staged, withheld.target);
  return true;
}

function addCommit({ settled, fresh }: JudgementTally, { commit, isFresh, masked }: Judgement): void {
  if (commit === undefined) return;
  const kind = isFresh && commit.change !== undefined ? fresh[commit.change.type] : undefined;
  countCommit(kind ?? settled, commit);
  if (kind === undefined) return;
  keep(kind.held, commit, targetOf(commit));
  if (masked.length > 0) kind.masked += 1;
}

export function nobodyHeld(): HeldChanges {
  return { members: createPairTableBuilder(), preview: [], fields: new Set() };
}

function keep(held: HeldChanges, transition: StagedTransition, target: string): void {
  held.members.add(fromHex(transition.entry.keyHash), fromHex(target));
  if (held.preview.length < previewLength) held.preview.push(transition);
}

function keepLoss(held: HeldChanges, staged: StagedTransition, path: FieldPath): void {
  held.fields.add(path);
  held.members.add(fromHex(staged.entry.keyHash), noTarget);
  if (held.preview.length < previewLength && held.preview.at(-1) !== staged) held.preview.push(staged);
}

/** A loss is the same whatever else changed about its user. */
const noTarget = new Uint8Array(8);

function countCommit(count: CommitCount, commit: StagedTransition): void {
  count.changes += 1;
  count.bytes += Buffer.byteLength(JSON.stringify(commit));
  count.pairs += Math.max(0, commit.counts.pairs);
  if (commit.change === undefined) count.silent += 1;
  else count.told[commit.change.type] += 1;
  if (commit.change?.restored) count.restored += 1;
}

export function noCommits(): CommitCount {
  const told = { created: 0, updated: 0, status_changed: 0, deleted: 0 };
  return { changes: 0, bytes: 0, pairs: 0, silent: 0, restored: 0, told };
}
