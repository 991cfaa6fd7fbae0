import { describe, expect, it } from 'vitest';
import { sweepFacts } from '../../../cli/sweep-facts.ts';
import { sweepRow } from '../../../cli/sweep-row.ts';
import { sweepId } from '../../../src/model/ids.ts';
import { noCounts, type SweepReport } from '../../../src/sweep/sweep-report.ts';
import { at } from '../../support/builders.ts';
import { aHold } from '../store/sample-hold.ts';
import { acme } from './sample-feed.ts';

function aReport(given: Partial<SweepReport> = {}): SweepReport {
  return {
    connectionId: acme,
    vendor: 'openproject',
    sweepId: sweepId('20261123T080000000Z-1f2e3d4c'),
    mode: 'full',
    purpose: 'live',
    outcome: 'complete',
    startedAt: at(0),
    endedAt: at(1),
    counts: { ...noCounts, seen: 64, deleted: 2, missing: 1 },
    evidence: {
      pages: 3,
      endedByVendor: true,
      vetoes: [],
      drift: [],
      totalMoved: false,
      distinctUsers: 64,
      duplicates: 0,
      rejectedWithId: 0,
      rejectedWithoutId: 0,
      retries: 0,
      walks: 1,
      liveBefore: 66,
      unseen: 2,
    },
    deniedBy: [],
    ticks: 1,
    holds: [],
    ...given,
  };
}

const factsOf = (report: SweepReport) => new Map(sweepFacts(report));

describe(sweepRow, () => {
  const told = {
    started: '2026-11-23 08:00:00',
    sweep: '1f2e3d4c',
    mode: 'full',
    purpose: 'live',
    outcome: 'complete',
  };

  it('has a column for each count on a wide terminal', () => {
    const counts = {
      seen: '64',
      created: '0',
      updated: '0',
      status_changed: '0',
      deleted: '2',
      held: '0',
      missing: '1',
    };

    expect(sweepRow(aReport(), 120)).toStrictEqual({ ...told, ...counts });
  });

  it('has one column with what is not zero on a narrow one', () => {
    expect(sweepRow(aReport(), 80)).toStrictEqual({ ...told, counts: 'seen=64 deleted=2 missing=1' });
  });
});

describe(sweepFacts, () => {
  it('names every rule that denied completeness, and the evidence for it', () => {
    const { evidence } = aReport();
    const facts = factsOf(
      aReport({
        outcome: 'incomplete',
        deniedBy: ['no_end_signal', 'row_without_id'],
        ticks: 2,
        evidence: {
          ...evidence,
          endedByVendor: false,
          rejectedWithId: 1,
          rejectedWithoutId: 2,
          vetoes: ['partial'],
          walks: 2,
          firstTotal: 70,
          lastTotal: 71,
          totalKind: 'hard',
        },
        failure: { code: 'vendor.timeout', message: 'openproject (acme): no answer' },
      }),
    );

    expect(facts.get('complete')).toBe(
      'no: no_end_signal (the vendor did not say that the list had ended), row_without_id (a row had no id that could be read)',
    );
    expect(Object.fromEntries(facts)).toMatchObject({
      ended: '2026-11-23 08:01:00 UTC, 2 ticks',
      pages: '3, in walk 2 of the list',
      'end signal': 'no',
      'rejected rows': '3, 2 of them without an id',
      vetoes: 'partial',
      total: '70, then 71 (hard), 64 users shown',
      failure: 'openproject (acme): no answer (vendor.timeout)',
      'known before': '66 users, 2 of them not shown',
    });
  });

  it('lists holds, probes and what a delta asked for', () => {
    const { holdId, kind, reason, memberCount } = aHold('hold-1');
    const facts = factsOf(
      aReport({
        mode: 'delta',
        updatedSince: at(0),
        holds: [{ holdId, kind, reason, count: memberCount, ending: 'released' }],
        probes: { gone: 2, present: 1, unknown: 0 },
      }),
    );

    expect(Object.fromEntries(facts)).toMatchObject({
      'asked for': 'what has changed since 2026-11-23 08:00:00 UTC',
      hold: 'hold-1: 60 deleted, brake, released',
      probes: 'gone=2 present=1 unknown=0',
      complete: 'yes',
      total: 'the vendor states none',
    });
  });
});
