import { describe, expect, it } from 'vitest';
import type { CompletenessRule, SweepEvidence } from '../../../src/diff/completeness.ts';
import { type CommitCount, createJudgementTally, noCommits } from '../../../src/diff/judgement-tally.ts';
import type { ChangeType } from '../../../src/model/change.ts';
import { connectionId, holdId, sweepId } from '../../../src/model/ids.ts';
import type { HourCount } from '../../../src/sweep/connection-state.ts';
import { reportOf, type SweepDeeds } from '../../../src/sweep/report-sweep.ts';
import type { Sweep } from '../../../src/sweep/sweep.ts';
import { noCounts } from '../../../src/sweep/sweep-report.ts';
import type { WalkedList } from '../../../src/sweep/walk-list.ts';
import { anEvidence, at } from '../../support/builders.ts';
import { aKnownHold, aLossHold, rulesOf } from '../../support/known-hold.ts';
import { aState } from '../store/sample-log.ts';

type Given = {
  readonly evidence?: Partial<SweepEvidence>;
  readonly deniedBy?: readonly CompletenessRule[];
  readonly basis?: Partial<Sweep['basis']>;
  readonly state?: Partial<Sweep['held']['state']>;
  readonly deeds?: SweepDeeds;
};

/** The report of a full sweep of ten users. */
function report({ evidence = {}, deniedBy = [], basis = {}, state = {}, deeds }: Given) {
  const sweep = {
    list: { connectionId: connectionId('c'), vendor: 'scripted' },
    basis: { sweepId: sweepId('s'), mode: 'full', purpose: 'live', startedAt: at(60), ...basis },
    tick: 2,
    held: { state: aState(state) },
  } as unknown as Sweep;
  return reportOf(sweep, { evidence: anEvidence(evidence), deniedBy } as unknown as WalkedList, deeds);
}

type Verdict = { readonly keptBack?: number; readonly observed?: number; readonly heldKinds?: readonly ChangeType[] };

/** What a sweep did that found nothing at all. */
function deedsOf({ keptBack = 0, observed = 0, heldKinds = [] }: Verdict = {}, given: Partial<SweepDeeds> = {}) {
  const rules = rulesOf({ heldKinds: new Set(heldKinds) });
  const tally = Object.assign(createJudgementTally(rules), { keptBack, observed });
  const deeds: SweepDeeds = {
    findings: { vanished: new Set(), isStatusMissing: false, restless: [], reportedDeleted: 0 },
    verdict: { rules, tally, readings: new Map() },
    settled: { holds: [], changes: [], records: [], heldBesides: 0 },
    absent: { sweepId: sweepId('s'), count: 0 },
    commits: [],
    ...given,
  };
  return { tally, deeds };
}

const told = (of: Partial<CommitCount['told']>): CommitCount => ({
  ...noCommits(),
  told: { ...noCommits().told, ...of },
});
const fault = { code: 'vendor.unavailable', message: 'the vendor answered 503' };

describe('the report of a sweep that could do nothing', () => {
  it('says what was seen and why it proves nothing, and nothing else', () => {
    const evidence = { distinctUsers: 7, duplicates: 1, rejectedWithId: 2, rejectedWithoutId: 3 };

    expect(report({ evidence, deniedBy: ['row_without_id'] })).toStrictEqual({
      connectionId: 'c',
      vendor: 'scripted',
      sweepId: 's',
      mode: 'full',
      purpose: 'live',
      outcome: 'incomplete',
      startedAt: at(60),
      ticks: 2,
      counts: { ...noCounts, seen: 7, duplicate: 1, rejected: 5 },
      evidence: anEvidence(evidence),
      deniedBy: ['row_without_id'],
      holds: [],
    });
  });

  it.each([
    { outcome: 'failed', pages: 0, failure: fault },
    { outcome: 'incomplete', pages: 1, failure: fault },
    { outcome: 'incomplete', pages: 0, failure: undefined },
  ])('calls it $outcome after $pages pages', ({ outcome, pages, failure }) => {
    const { outcome: found, failure: told } = report({
      evidence: { pages, ...(failure && { failure }) },
      deniedBy: ['no_end_signal'],
    });

    expect([found, told]).toStrictEqual([outcome, failure]);
  });
});

describe('the outcome of a complete list', () => {
  it.each([
    { outcome: 'complete', purpose: 'live', keptBack: 0 },
    { outcome: 'complete', purpose: 'rescope', keptBack: 0 },
    { outcome: 'baseline', purpose: 'baseline', keptBack: 0 },
    { outcome: 'held', purpose: 'live', keptBack: 1 },
    { outcome: 'held', purpose: 'baseline', keptBack: 1 },
  ] as const)('of purpose $purpose is $outcome where $keptBack are kept back', ({ outcome, purpose, keptBack }) => {
    expect(report({ basis: { purpose }, deeds: deedsOf({ keptBack }).deeds }).outcome).toBe(outcome);
  });
});

describe('the counts of a report', () => {
  it('add up what is committed, by kind', () => {
    const commits = [
      { ...told({ created: 1, deleted: 4 }), restored: 1, silent: 5 },
      { ...told({ updated: 2, status_changed: 3, deleted: 5 }), restored: 1, silent: 2 },
    ];

    expect(report({ deeds: deedsOf({}, { commits }).deeds }).counts).toMatchObject({
      created: 1,
      updated: 2,
      statusChanged: 3,
      deleted: 9,
      restored: 2,
      silent: 7,
    });
  });

  it('take for unchanged whoever was seen, could be read and had nothing staged', () => {
    const { counts } = report({ evidence: { rejectedWithId: 2 }, deeds: deedsOf({ observed: 3 }).deeds });

    expect([counts.unchanged, counts.missing]).toStrictEqual([5, 0]);
  });

  it('count as held whom holds keep back, whom the brake has just held, and absent ones besides', () => {
    const settled = { holds: [], changes: [], records: [], heldBesides: 100 };
    const { tally, deeds } = deedsOf({ keptBack: 10, heldKinds: ['updated'] }, { settled });
    Object.assign(tally.fresh.updated, { changes: 5, masked: 2 });
    Object.assign(tally.fresh.deleted, { changes: 7, masked: 0 });

    expect(report({ deeds }).counts.held).toBe(113);
  });
});

describe('the holds of a report', () => {
  const { hold } = aKnownHold({ holdId: 'brake' });
  const { hold: loss } = aLossHold({ holdId: 'loss', memberCount: 3 });
  const notice = { holdId: holdId('brake'), kind: 'updated', reason: 'brake', count: 1 } as const;
  const holdsOf = (settled: Pick<SweepDeeds['settled'], 'holds' | 'changes'>) =>
    report({ deeds: deedsOf({}, { settled: { ...settled, records: [], heldBesides: 0 } }).deeds }).holds;

  it('are those that are open, with the fields they are about', () => {
    expect(holdsOf({ holds: [hold, loss], changes: [] })).toStrictEqual([
      notice,
      { holdId: 'loss', kind: 'updated', reason: 'field_vanished', fields: ['title'], count: 3 },
    ]);
  });

  it('stand there once, as they were told of, those that ended before those that only stay open', () => {
    const ended = { ...notice, holdId: holdId('gone'), ending: 'dissolved' } as const;
    const opened = { ...notice, count: 9 };
    const changes = [
      { type: 'changes_dissolved', hold: ended },
      { type: 'changes_held', hold: opened },
    ] as const;

    expect(holdsOf({ holds: [hold, loss], changes }).map(({ holdId: id, count }) => `${id} ${count}`)).toStrictEqual([
      'gone 1',
      'brake 9',
      'loss 3',
    ]);
  });

  it('leave out what was told of other things', () => {
    const changes = [{ type: 'baseline_completed', usersSeen: 3 }] as unknown as SweepDeeds['settled']['changes'];

    expect(holdsOf({ holds: [], changes })).toStrictEqual([]);
  });
});

describe('what a report leaves out', () => {
  const stock = (probed: object) => ({ stock: { probed } }) as unknown as Partial<SweepDeeds>;

  it.each([
    { gone: 1, present: 0, unknown: 0 },
    { gone: 0, present: 1, unknown: 0 },
    { gone: 0, present: 0, unknown: 1 },
  ])('is nothing of what was asked of the vendor: %j', (probes) => {
    const { deeds } = deedsOf({}, stock({ ...probes, answers: new Map() }));

    expect(report({ deeds }).probes).toStrictEqual(probes);
  });

  it('is questions that nobody asked, and fields that stay as they are', () => {
    const { deeds } = deedsOf({}, stock({ gone: 0, present: 0, unknown: 0, answers: new Map() }));

    expect(Object.keys(report({ deeds }))).toStrictEqual(Object.keys(report({})));
  });

  it('is no field that changed for most users', () => {
    const findings: SweepDeeds['findings'] = {
      vanished: new Set(),
      isStatusMissing: false,
      restless: ['title'],
      reportedDeleted: 0,
    };

    expect(report({ deeds: deedsOf({}, { findings }).deeds }).restlessFields).toStrictEqual(['title']);
  });
});

/** A delta over ten known users that asked for what changed since minute 10, but for what is given. */
type Delta = {
  readonly asked?: boolean;
  readonly known?: number;
  readonly seen?: number;
  readonly changed?: number;
  readonly recent?: readonly HourCount[];
};

function hour(lastMinute: number, given: Partial<HourCount>): HourCount {
  return { hour: at(0), lastAt: at(lastMinute), created: 0, updated: 0, status_changed: 0, deleted: 0, ...given };
}

describe('a filter on the time of a change', () => {
  it.each<{ what: string; isIgnored?: true; delta: Delta }>([
    { what: 'nobody who has changed', isIgnored: true, delta: {} },
    { what: 'nine in ten, as they were', isIgnored: true, delta: { seen: 9 } },
    { what: 'eight in ten', delta: { seen: 8 } },
    { what: 'ten of whom four have changed', isIgnored: true, delta: { changed: 4 } },
    { what: 'ten of whom half have changed', delta: { changed: 5 } },
    { what: 'all five there are', isIgnored: true, delta: { known: 5, seen: 5 } },
    { what: 'all four there are', delta: { known: 4, seen: 4 } },
    { what: 'all, as it was asked to', delta: { asked: false } },
    {
      what: 'those again of whom something was told since then',
      delta: {
        recent: [hour(20, { created: 1, updated: 1, status_changed: 1 }), hour(10, { created: 1, deleted: 1 })],
      },
    },
    {
      what: 'all, of four of whom something was told since',
      isIgnored: true,
      delta: { recent: [hour(20, { updated: 4 })] },
    },
    { what: 'users of whom something was told before', isIgnored: true, delta: { recent: [hour(9, { updated: 5 })] } },
  ])('seems to be ignored, or not, by a vendor that shows $what', ({ delta, isIgnored }) => {
    const { asked = true, known = 10, seen = 10, changed = 0, recent = [] } = delta;

    const found = report({
      basis: { mode: 'delta', ...(asked && { updatedSince: at(10) }) },
      evidence: { distinctUsers: seen },
      state: { counts: { pairs: known, live: known, tombstones: 0 }, recent },
      deeds: deedsOf({ observed: changed }).deeds,
    });

    expect(found.isFilterIgnored).toBe(isIgnored);
    expect(found.updatedSince).toBe(asked ? at(10) : undefined);
  });
});
