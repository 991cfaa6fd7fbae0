import type { CommitCount } from '../diff/judgement-tally.ts';
import type { AbsentListReference } from '../model/absent-user.ts';
import { changeTypes } from '../model/change.ts';
import type { HoldNotice } from '../model/log-batch.ts';
import type { FieldFindings, Verdict } from './judge-staged.ts';
import type { SettledHolds } from './settle-holds.ts';
import type { Sweep } from './sweep.ts';
import { noCounts, type SweepCounts, type SweepOutcome, type SweepReport } from './sweep-report.ts';
import type { Stock } from './take-stock.ts';
import type { WalkedList } from './walk-list.ts';

/** What a sweep did, as far as it may commit anything. */
export type SweepDeeds = {
  readonly findings: FieldFindings;
  readonly verdict: Verdict;
  readonly settled: SettledHolds;
  readonly absent: AbsentListReference;
  readonly stock?: Stock;
  /** What is committed. */
  readonly commits: readonly CommitCount[];
};

/** The report of a sweep, but for its end. */
export function reportOf(
  sweep: Sweep,
  walked: WalkedList,
  deeds: SweepDeeds | undefined,
): Omit<SweepReport, 'endedAt'> {
  const { basis, list } = sweep;
  const { evidence, deniedBy } = walked;
  const counts = countsOf(walked, deeds);
  const probes = deeds?.stock?.probed;
  const restless = deeds?.findings.restless ?? [];
  return {
    connectionId: list.connectionId,
    vendor: list.vendor,
    sweepId: basis.sweepId,
    mode: basis.mode,
    purpose: basis.purpose,
    outcome: outcomeOf(sweep, walked, counts),
    startedAt: basis.startedAt,
    ticks: sweep.tick,
    counts,
    evidence,
    deniedBy,
    holds: deeds === undefined ? [] : noticesOf(deeds.settled),
    ...(probes &&
      isAsked(probes) && { probes: { gone: probes.gone, present: probes.present, unknown: probes.unknown } }),
    ...(restless.length > 0 && { restlessFields: restless }),
    ...(basis.updatedSince && { updatedSince: basis.updatedSince }),
    ...(isFilterIgnored(sweep, counts) && { isFilterIgnored: true }),
    ...(evidence.failure && { failure: evidence.failure }),
  };
}

function outcomeOf({ basis }: Sweep, { evidence, deniedBy }: WalkedList, { held }: SweepCounts): SweepOutcome {
  if (deniedBy.length > 0) return evidence.failure !== undefined && evidence.pages === 0 ? 'failed' : 'incomplete';
  if (held > 0) return 'held';
  return basis.purpose === 'baseline' ? 'baseline' : 'complete';
}

function countsOf({ evidence }: WalkedList, deeds: SweepDeeds | undefined): SweepCounts {
  const seen = {
    seen: evidence.distinctUsers,
    duplicate: evidence.duplicates,
    rejected: evidence.rejectedWithId + evidence.rejectedWithoutId,
  };
  if (deeds === undefined) return { ...noCounts, ...seen };
  const { verdict, settled, commits, absent } = deeds;
  const told = (kind: (typeof changeTypes)[number]) => commits.reduce((sum, count) => sum + count.told[kind], 0);
  const { tally, rules } = verdict;
  const heldKinds = changeTypes.filter((kind) => rules.heldKinds.has(kind));
  const newlyHeld = heldKinds.reduce((sum, kind) => sum + tally.fresh[kind].changes - tally.fresh[kind].masked, 0);
  return {
    ...seen,
    created: told('created'),
    updated: told('updated'),
    statusChanged: told('status_changed'),
    deleted: told('deleted'),
    restored: commits.reduce((sum, count) => sum + count.restored, 0),
    silent: commits.reduce((sum, count) => sum + count.silent, 0),
    unchanged: Math.max(0, evidence.distinctUsers - tally.observed - evidence.rejectedWithId),
    held: tally.keptBack + newlyHeld + settled.heldBesides,
    missing: absent.count,
  };
}

function noticesOf({ holds, changes }: SettledHolds): readonly HoldNotice[] {
  const told = changes.flatMap((change) => ('hold' in change ? [change.hold] : []));
  const open = holds.map(({ holdId, kind, reason, fields, memberCount }) => ({
    holdId,
    kind,
    reason,
    ...(fields && { fields }),
    count: memberCount,
  }));
  return [...told, ...open.filter(({ holdId }) => told.every((notice) => notice.holdId !== holdId))];
}

function isAsked({ gone, present, unknown }: NonNullable<SweepReport['probes']>): boolean {
  return gone + present + unknown > 0;
}

/**
 * A filter that lets nearly everybody through of whom most are unchanged is none; unless so many have changed a while
 * ago, which a delta shows once more.
 */
function isFilterIgnored({ basis, held }: Sweep, { seen, unchanged }: SweepCounts): boolean {
  const { counts, recent } = held.state;
  const { updatedSince } = basis;
  if (updatedSince === undefined || counts.pairs < fewestForFilter || seen < counts.pairs * 0.9) return false;
  const shownAgain = recent
    .filter(({ lastAt }) => lastAt >= updatedSince)
    .reduce(
      (sum, { created, updated, status_changed, deleted }) => sum + created + updated + status_changed + deleted,
      0,
    );
  return unchanged - shownAgain > seen / 2;
}

/** Among fewer users, all of them changing is nothing special. */
const fewestForFilter = 5;
