import type { CompletenessRule, SweepEvidence } from '../src/diff/completeness.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';
import type { Fact } from './render-facts.ts';
import { showCount } from './show-count.ts';
import { showTime } from './show-time.ts';

/** Why a list does not count as complete, for people. */
const ruleTexts: { readonly [Rule in CompletenessRule]: string } = {
  no_end_signal: 'the vendor did not say that the list had ended',
  vetoed: 'the vendor said that the list is not whole',
  row_without_id: 'a row had no id that could be read',
  list_moved: 'the list moved while it was read',
  total_moved: "the vendor's total changed while the list was read",
  total_differs: "the vendor's total is not the number of users it showed",
};

/** Everything about a sweep: the evidence, what was concluded from it, and what came of it. */
export function sweepFacts(report: SweepReport): readonly Fact[] {
  const { evidence, counts, deniedBy, holds, probes } = report;
  return [
    ['sweep', report.sweepId],
    ['connection', `${report.connectionId} (${report.vendor})`],
    ['mode', `${report.mode}, ${report.purpose}`],
    ['asked for', report.updatedSince && `what has changed since ${showTime(report.updatedSince)} UTC`],
    ['outcome', report.outcome],
    ['started', `${showTime(report.startedAt)} UTC`],
    ['ended', `${showTime(report.endedAt)} UTC, ${report.ticks === 1 ? '1 tick' : `${report.ticks} ticks`}`],
    ['failure', report.failure && `${report.failure.message} (${report.failure.code})`],
    [
      'complete',
      deniedBy.length === 0 ? 'yes' : `no: ${deniedBy.map((rule) => `${rule} (${ruleTexts[rule]})`).join(', ')}`,
    ],
    ...evidenceFacts(evidence),
    ['users', listCounts({ seen: counts.seen, unchanged: counts.unchanged, missing: counts.missing })],
    ['published', listCounts(publishedOf(report))],
    ['kept silent', counts.silent === 0 ? undefined : showCount(counts.silent)],
    ['held', showCount(counts.held)],
    ...holds.map(
      ({ holdId, kind, reason, count, ending }): Fact => [
        'hold',
        `${holdId}: ${showCount(count)} ${kind}, ${reason}${ending === undefined ? '' : `, ${ending}`}`,
      ],
    ),
    ['probes', probes && listCounts(probes)],
    ['restless fields', report.restlessFields?.join(', ')],
    ['filter', report.isFilterIgnored && 'the vendor seems to ignore the filter on the time of a change'],
  ];
}

function evidenceFacts(evidence: SweepEvidence): readonly Fact[] {
  const { pages, walks, vetoes, drift, rejectedWithId, rejectedWithoutId, excludedUsers } = evidence;
  const rejected = rejectedWithId + rejectedWithoutId;
  return [
    ['pages', walks > 1 ? `${showCount(pages)}, in walk ${walks} of the list` : showCount(pages)],
    ['end signal', evidence.endedByVendor ? 'yes' : 'no'],
    ['total', showTotal(evidence)],
    ['duplicates', showCount(evidence.duplicates)],
    [
      'rejected rows',
      rejected === 0 ? '0' : `${showCount(rejected)}, ${showCount(rejectedWithoutId)} of them without an id`,
    ],
    ['excluded users', excludedUsers === undefined ? undefined : showCount(excludedUsers)],
    ['retries', showCount(evidence.retries)],
    ['vetoes', vetoes.length === 0 ? 'none' : vetoes.join(', ')],
    ['drift', drift.length === 0 ? undefined : drift.join(', ')],
    ['known before', `${showCount(evidence.liveBefore)} users, ${showCount(evidence.unseen)} of them not shown`],
  ];
}

function showTotal({ firstTotal, lastTotal, totalKind, distinctUsers, usualGap }: SweepEvidence): string {
  if (firstTotal === undefined || lastTotal === undefined) return 'the vendor states none';
  const range =
    firstTotal === lastTotal ? showCount(lastTotal) : `${showCount(firstTotal)}, then ${showCount(lastTotal)}`;
  const gap = usualGap ? `, usually ${showCount(usualGap)} more than users` : '';
  return `${range} (${totalKind ?? 'soft'}), ${showCount(distinctUsers)} users shown${gap}`;
}

function publishedOf({ counts }: SweepReport) {
  const { created, updated, statusChanged, deleted, restored } = counts;
  return { created, updated, status_changed: statusChanged, deleted, ...(restored > 0 && { restored }) };
}

function listCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name}=${count}`)
    .join(' ');
}
