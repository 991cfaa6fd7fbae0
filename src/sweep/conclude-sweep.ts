import { seenAgain } from '../diff/absence.ts';
import { createAbsentList, createAbsentListBuilder } from '../diff/absent-list.ts';
import type { AbsentListReference } from '../model/absent-user.ts';
import { changeTypes } from '../model/change.ts';
import type { HoldRecord } from '../model/hold.ts';
import type { StagedConnectionChange, SweepConclusion } from '../model/log-batch.ts';
import type { CommitPlan } from './checkpoint.ts';
import { deletionHold } from './deletion-hold.ts';
import { findUnseen } from './find-unseen.ts';
import { type FieldFindings, findFieldChanges, judgeStaged, type Verdict } from './judge-staged.ts';
import { reportOf } from './report-sweep.ts';
import { type SettledHolds, settleHolds } from './settle-holds.ts';
import type { Staging } from './staging.ts';
import type { Sweep } from './sweep.ts';
import { type Stock, takeStock, withProbes } from './take-stock.ts';
import { blobPrefix, type WalkedList } from './walk-list.ts';

/** Everything a sweep decided, before any of it is committed. */
export type Concluded = {
  readonly plan: CommitPlan;
  readonly staging: Staging;
  /** Whether nothing of what is staged may be committed. */
  readonly isNothing: boolean;
  readonly records: readonly HoldRecord[];
  /** Changes that will be committed, and their bytes of JSON. */
  readonly size: { readonly changes: number; readonly bytes: number };
};

/** What a list proves: who is gone, what is held, what is committed. */
export async function concludeSweep(sweep: Sweep, walked: WalkedList): Promise<Concluded> {
  const { basis } = sweep;
  const isComplete = walked.deniedBy.length === 0;
  // An incomplete list may create and update, but a baseline or a new cut of the list ends only complete.
  if (!isComplete && basis.purpose !== 'live') return nothingToCommit(sweep, walked);
  const isDecisive = isComplete && basis.mode === 'full';
  const findings = await findFieldChanges(sweep, walked);
  const stock = isDecisive ? await takeStock(sweep, walked, findings.reportedDeleted) : undefined;
  const verdict = await judgeStaged(sweep, walked.comparison.staging, {
    isDecisive,
    vanished: findings.vanished,
    ...(stock && { stock }),
  });
  const settled = await settleHolds(sweep, { walked, findings, verdict, ...(stock && { stock }) });
  const absent = await (stock === undefined ? noteSights(sweep, walked) : listAbsent(sweep, stock, verdict));
  return compose(sweep, walked, { findings, verdict, settled, absent, ...(stock && { stock }) });
}

type Parts = {
  readonly findings: FieldFindings;
  readonly verdict: Verdict;
  readonly settled: SettledHolds;
  readonly absent: AbsentListReference;
  readonly stock?: Stock;
};

function compose(sweep: Sweep, walked: WalkedList, parts: Parts): Concluded {
  const { verdict, settled, absent, stock, findings } = parts;
  const { tally, rules } = verdict;
  const passing = changeTypes.filter((kind) => !rules.heldKinds.has(kind)).map((kind) => tally.fresh[kind]);
  const commits = [tally.settled, ...passing];
  const sum = (what: 'changes' | 'bytes' | 'pairs') => commits.reduce((total, count) => total + count[what], 0);
  const plan: CommitPlan = {
    stamp: stampOf(sweep, walked),
    connectionChanges: [...settled.changes, ...sweepChanges(sweep, stock !== undefined)],
    conclusion: {
      ...(stock && concludedBy(sweep)),
      absent,
      holds: settled.holds,
      ...acknowledgedBy(sweep, findings, stock !== undefined),
    },
    isDecisive: rules.isDecisive,
    maskedFields: [...rules.maskedFields],
    heldKinds: [...rules.heldKinds],
    expectedPairs: sweep.held.state.counts.pairs + sum('pairs'),
    report: reportOf(sweep, walked, { ...parts, commits }),
  };
  return {
    plan,
    staging: walked.comparison.staging,
    isNothing: false,
    records: settled.records,
    size: { changes: sum('changes'), bytes: sum('bytes') },
  };
}

function concludedBy({ basis, held }: Sweep): Pick<SweepConclusion, 'lastComplete' | 'directorySince'> {
  const { sweepId, startedAt, directory, scope, purpose } = basis;
  const since = purpose === 'baseline' ? undefined : held.state.directorySince;
  return { lastComplete: { sweepId, startedAt, directory, scope }, directorySince: since ?? startedAt };
}

function sweepChanges({ basis, list }: Sweep, isDecisive: boolean): readonly StagedConnectionChange[] {
  if (!isDecisive) return [];
  return [
    ...(basis.purpose === 'baseline' ? [{ type: 'baseline_completed' } as const] : []),
    ...(list.emitSweepCompleted ? [{ type: 'sweep_completed' } as const] : []),
  ];
}

function stampOf({ basis }: Sweep, { deniedBy, evidence }: WalkedList): CommitPlan['stamp'] {
  const { sweepId, mode, startedAt } = basis;
  return { sweepId, mode, startedAt, complete: deniedBy.length === 0, usersSeen: evidence.distinctUsers };
}

/** A decision on a missing status is taken note of until the status is back. */
function acknowledgedBy(
  { held, holds }: Sweep,
  { isStatusMissing }: FieldFindings,
  isDecisive: boolean,
): Pick<SweepConclusion, 'acknowledged'> {
  const before = held.state.acknowledged ?? [];
  if (!isDecisive) return { acknowledged: before };
  const isDecided = holds.some(({ hold }) => hold.members === undefined && hold.decision !== undefined);
  return { acknowledged: isStatusMissing && (isDecided || before.includes('status')) ? ['status'] : [] };
}

/** Everybody who is still absent once the sweep is committed. */
async function listAbsent(sweep: Sweep, stock: Stock, { rules }: Verdict): Promise<AbsentListReference> {
  const builder = createAbsentListBuilder();
  for (const user of withProbes(stock.absent, stock.probed)) {
    const isHeld = rules.heldKinds.has('deleted') && deletionHold(sweep, user.keyHash) === undefined;
    if (stock.leaving.find(user) === undefined || isHeld) builder.add(user);
  }
  const isLive = sweep.basis.purpose === 'live';
  return writeAbsent(sweep, sweep.basis.sweepId, isLive ? builder.build() : new Uint8Array());
}

/** Whoever is absent but was seen by a sweep that proves nobody's absence starts to be counted again. */
async function noteSights(sweep: Sweep, { comparison }: WalkedList): Promise<AbsentListReference> {
  const { prior, held, basis } = sweep;
  const { absent } = held.state;
  if (prior.list.count === 0) return absent;
  const stillUnseen = createAbsentListBuilder();
  for await (const user of findUnseen(sweep, comparison.seen)) {
    const absence = prior.list.find(user);
    if (absence !== undefined) stillUnseen.add({ ...user, ...absence });
  }
  const unseen = createAbsentList(stillUnseen.build());
  if (unseen.count === prior.list.count) return absent;
  const builder = createAbsentListBuilder();
  for (const user of prior.list.users())
    builder.add(unseen.find(user) === undefined ? seenAgain(user, basis.startedAt) : user);
  return writeAbsent(sweep, absent.sweepId, builder.build());
}

async function writeAbsent(
  sweep: Sweep,
  sweepId: AbsentListReference['sweepId'],
  bytes: Uint8Array,
): Promise<AbsentListReference> {
  const { count } = createAbsentList(bytes.length === 0 ? undefined : bytes);
  if (count === 0) return { sweepId, count };
  const blob = blobPrefix(sweep, 'absent');
  await sweep.ports.store.writeBlob(sweep.list.connectionId, blob, bytes);
  return { sweepId, count, blob };
}

/** A list that proves nothing leaves everything as it was, but for its report. */
function nothingToCommit(sweep: Sweep, walked: WalkedList): Concluded {
  const { absent, holds, acknowledged } = sweep.held.state;
  const plan: CommitPlan = {
    stamp: stampOf(sweep, walked),
    connectionChanges: [],
    conclusion: { absent, holds, ...(acknowledged && { acknowledged }) },
    isDecisive: false,
    maskedFields: [],
    heldKinds: [],
    expectedPairs: 0,
    report: reportOf(sweep, walked, undefined),
  };
  return { plan, staging: walked.comparison.staging, isNothing: true, records: [], size: { changes: 0, bytes: 0 } };
}
