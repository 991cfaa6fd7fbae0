import { readBrake } from '../diff/brake.ts';
import { createFieldTally, type FieldTally, isVanished, restlessFields } from '../diff/field-tally.ts';
import { judgeChange, type SweepRules } from '../diff/judge-change.ts';
import { createJudgementTally, type JudgementTally } from '../diff/judgement-tally.ts';
import type { StagedTransition } from '../diff/staged-transition.ts';
import { type ChangeType, changeTypes } from '../model/change.ts';
import type { BrakeReading } from '../model/hold.ts';
import { epochMs } from '../model/instant.ts';
import type { FieldPath } from '../model/projected-field.ts';
import type { ConnectionState } from './connection-state.ts';
import { deletionHold } from './deletion-hold.ts';
import type { Staging } from './staging.ts';
import type { Sweep } from './sweep.ts';
import type { Stock } from './take-stock.ts';
import type { WalkedList } from './walk-list.ts';

/** What the staged changes come to under holds, decisions and the brake. */
export type Verdict = {
  readonly rules: SweepRules;
  readonly tally: JudgementTally;
  /** Per kind that is held, what the brake read; absent where the list itself is the suspect. */
  readonly readings: ReadonlyMap<ChangeType, BrakeReading | undefined>;
};

/** The fields that vanish in a sweep, and those that changed for most. */
export type FieldFindings = {
  readonly vanished: ReadonlySet<FieldPath>;
  /** Whether nearly nobody had a status: nothing of it is staged, for a missing status keeps the old one. */
  readonly isStatusMissing: boolean;
  readonly restless: readonly FieldPath[];
  /** Users that the vendor reports as deleted for the first time. */
  readonly reportedDeleted: number;
};

/** Reads what was observed for the first time: what happened to whole fields. */
export async function findFieldChanges(sweep: Sweep, { comparison }: WalkedList): Promise<FieldFindings> {
  const tally = createFieldTally();
  let reportedDeleted = 0;
  if (sweep.basis.purpose !== 'baseline')
    for await (const rows of comparison.staging.read())
      for (const { transition } of rows) {
        tally.add(transition);
        if (isNewlyDeleted(sweep, transition)) reportedDeleted += 1;
      }
  const { knownSeen, distinct } = comparison.seen;
  return {
    vanished: new Set(vanishedOf(tally, knownSeen)),
    isStatusMissing: sweep.basis.purpose === 'live' && isVanished(comparison.counts.withoutStatus, distinct),
    restless: restlessFields(tally, knownSeen),
    reportedDeleted,
  };
}

function isNewlyDeleted(sweep: Sweep, { entry, change }: StagedTransition): boolean {
  return change?.type === 'deleted' && deletionHold(sweep, entry.keyHash) === undefined;
}

function vanishedOf({ lost }: FieldTally, knownUsers: number): readonly FieldPath[] {
  return [...lost].filter(([, count]) => isVanished(count, knownUsers)).map(([path]) => path);
}

/** Judges everything that is staged, and says which kinds are too many. */
export async function judgeStaged(
  sweep: Sweep,
  staging: Staging,
  facts: { readonly isDecisive: boolean; readonly vanished: ReadonlySet<FieldPath>; readonly stock?: Stock },
): Promise<Verdict> {
  const { holds, context, held, list } = sweep;
  const { isDecisive, vanished, stock } = facts;
  const openLosses = isDecisive ? [] : holds.flatMap(({ hold }) => hold.fields ?? []);
  const rules: SweepRules = {
    holds,
    isDecisive,
    maskedFields: new Set([...vanished, ...openLosses]),
    heldKinds: new Set(),
  };
  const tally = createJudgementTally(rules);
  for await (const rows of staging.read())
    for (const { transition } of rows) tally.add(transition, judgeChange(transition, rules, context));
  const readings = new Map<ChangeType, BrakeReading | undefined>();
  if (stock?.collapse !== undefined) readings.set('deleted', undefined);
  if (sweep.basis.purpose !== 'baseline')
    for (const kind of changeTypes) {
      const found = tally.fresh[kind].changes;
      const recent = publishedLately(held.state, kind, epochMs(sweep.basis.startedAt));
      const reading = readBrake(list.brake[kind], { found, recent, liveUsers: held.state.counts.live });
      if (reading !== undefined && !readings.has(kind)) readings.set(kind, reading);
    }
  return { rules: { ...rules, heldKinds: new Set(readings.keys()) }, tally, readings };
}

const dayMs = 86_400_000;

/** Changes of a kind that were published in the 24 hours before; those of an hour count as long as its last one does. */
function publishedLately({ recent }: ConnectionState, kind: ChangeType, nowMs: number): number {
  return recent.filter(({ lastAt }) => epochMs(lastAt) > nowMs - dayMs).reduce((sum, counts) => sum + counts[kind], 0);
}
