import type { ChangeType } from '../model/change.ts';
import type { Hold } from '../model/hold.ts';
import type { HoldId } from '../model/ids.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { DiffContext } from './diff-sweep.ts';
import { fromHex, toHex } from './digest.ts';
import { absorbLostFields, lostFields, maskLostFields } from './lost-fields.ts';
import type { PairTable } from './pair-table.ts';
import type { StagedTransition } from './staged-transition.ts';

/** An open hold and its members: pairs of key hash and target digest. */
export type KnownHold = { readonly hold: Hold; readonly members: PairTable };

/** The target digest of a departure, however it came about. */
export const goneDigest = 'f'.repeat(16);

/** What decides over the changes of one sweep. The same rules give the same judgement, in whichever tick it is asked for. */
export type SweepRules = {
  readonly holds: readonly KnownHold[];
  /** A complete full sweep: only that one uses decisions and confirms or dissolves holds. */
  readonly isDecisive: boolean;
  /** Fields whose loss is kept back. */
  readonly maskedFields: ReadonlySet<FieldPath>;
  /** Kinds of which there are too many: whatever is not exempt is kept back. */
  readonly heldKinds: ReadonlySet<ChangeType>;
};

/** What becomes of one staged change. */
export type Judgement = {
  /** What is committed, as an event or silently; absent where nothing is. */
  readonly commit?: StagedTransition;
  /** What is kept back, by the hold that it belongs to already or else by a new one. */
  readonly withheld?: { readonly kind: ChangeType; readonly by?: HoldId; readonly target: string };
  /** The fields whose loss is kept back. */
  readonly masked: readonly FieldPath[];
  /** Decided holds that this settles for its user. */
  readonly settles: readonly HoldId[];
  /** Counts against the brake. */
  readonly isFresh: boolean;
};

/** Whom a change leads to: what an approval is an allowance for. */
export function targetOf({ entry, change }: StagedTransition): string {
  return change?.type === 'deleted' || entry.presence === 'gone' ? goneDigest : entry.digest;
}

/** Applies holds, decisions and the brake to one staged change. */
export function judgeChange(staged: StagedTransition, rules: SweepRules, context: DiffContext): Judgement {
  // Whoever becomes known with a list that is new, or cut wider, is no change of anybody.
  if (staged.change === undefined || staged.change.origin === 'baseline')
    return { commit: staged, masked: [], settles: [], isFresh: false };
  const { transition, masked, settles, released } = judgeFields(staged, rules, context);
  const sofar = { masked, settles, isFresh: false };
  if (transition?.change === undefined) return { ...sofar, ...(transition && { commit: transition }) };
  const kind = transition.change.type;
  const target = targetOf(transition);
  const known = findHold(rules.holds, kind, transition.entry.keyHash);
  const byHold = known && judgeMember(transition, known, { kind, target, isDecisive: rules.isDecisive });
  if (byHold !== undefined) return { ...sofar, ...byHold, settles: [...settles, ...byHold.settles] };
  if (kind === 'updated' && released !== undefined) return { ...sofar, commit: releasedFrom(transition, released) };
  if (rules.heldKinds.has(kind)) return { ...sofar, withheld: { kind, target }, isFresh: true };
  return { ...sofar, commit: transition, isFresh: true };
}

type MemberFacts = { readonly kind: ChangeType; readonly target: string; readonly isDecisive: boolean };

/** What a hold has to say about one of its members; undefined where what was decided is about something else by now. */
function judgeMember(
  transition: StagedTransition,
  known: KnownHold,
  { kind, target, isDecisive }: MemberFacts,
): Pick<Judgement, 'commit' | 'withheld' | 'settles'> | undefined {
  const { holdId, decision } = known.hold;
  if (decision === undefined || !isDecisive) return { withheld: { kind, by: holdId, target }, settles: [] };
  if (!isTarget(known, transition, target)) return undefined;
  const commit = decision.verdict === 'approved' ? releasedFrom(transition, holdId) : silently(transition);
  return { commit, settles: [holdId] };
}

type FieldJudgement = {
  readonly transition: StagedTransition | undefined;
  readonly masked: readonly FieldPath[];
  readonly settles: readonly HoldId[];
  /** The approved hold that let a loss through. */
  readonly released?: HoldId;
};

/** Lost fields, each kept back, let through by an approval, or accepted silently by a rejection. */
function judgeFields(staged: StagedTransition, rules: SweepRules, context: DiffContext): FieldJudgement {
  const lost = lostFields(staged);
  if (lost.length === 0) return { transition: staged, masked: [], settles: [] };
  const decided = rules.isDecisive ? rules.holds.filter((known) => isDecidedLoss(known, staged, lost)) : [];
  const fieldsOf = (verdict: 'approved' | 'rejected') =>
    new Set(decided.filter(({ hold }) => hold.decision?.verdict === verdict).flatMap(({ hold }) => hold.fields ?? []));
  const approved = fieldsOf('approved');
  const rejected = fieldsOf('rejected');
  const isKept = (path: FieldPath) => rules.maskedFields.has(path) || isHeldLoss(path, staged, rules);
  const masked = lost.filter((path) => isKept(path) && !approved.has(path) && !rejected.has(path));
  const absorbed = absorbLostFields(staged, rejected);
  const released = decided.find(({ hold }) => hold.decision?.verdict === 'approved')?.hold.holdId;
  return {
    transition: absorbed.change === undefined ? absorbed : maskLostFields(absorbed, new Set(masked), context),
    masked,
    settles: decided.map(({ hold }) => hold.holdId),
    ...(released !== undefined && { released }),
  };
}

/** A loss that a hold keeps back stays held for its members, however many have got the field back. */
function isHeldLoss(path: FieldPath, { entry }: StagedTransition, { holds }: SweepRules): boolean {
  const keyHash = fromHex(entry.keyHash);
  return holds.some(
    ({ hold, members }) =>
      hold.decision === undefined && hold.fields?.includes(path) === true && members.find(keyHash) !== -1,
  );
}

function isDecidedLoss({ hold, members }: KnownHold, { entry }: StagedTransition, lost: readonly FieldPath[]): boolean {
  if (hold.reason !== 'field_vanished' || hold.decision === undefined) return false;
  const isAbout = (hold.fields ?? []).some((path) => lost.includes(path));
  return isAbout && members.find(fromHex(entry.keyHash)) !== -1;
}

/** The hold that keeps back changes of this kind of the user with this key hash. */
export function findHold(holds: readonly KnownHold[], kind: ChangeType, keyHash: string): KnownHold | undefined {
  if (holds.length === 0) return undefined;
  const key = fromHex(keyHash);
  return holds.find(
    ({ hold, members }) => hold.kind === kind && hold.reason !== 'field_vanished' && members.find(key) !== -1,
  );
}

/** An approval holds for exactly what was shown: somebody who has changed once more is news. */
function isTarget({ members }: KnownHold, { entry }: StagedTransition, target: string): boolean {
  return toHex(members.valueAt(members.find(fromHex(entry.keyHash)))) === target;
}

function releasedFrom(transition: StagedTransition, holdId: HoldId): StagedTransition {
  const { change } = transition;
  return change === undefined ? transition : { ...transition, change: { ...change, releasedFrom: holdId } };
}

/** Accepted, and nobody hears of it: a deletion that was never told is none that a return would restore. */
function silently({ change: _, entry, ...transition }: StagedTransition): StagedTransition {
  const { deletedAt: _deletedAt, ...untold } = entry;
  return { ...transition, entry: untold };
}
