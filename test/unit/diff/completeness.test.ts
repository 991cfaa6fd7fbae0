import { describe, expect, it } from 'vitest';
import {
  type CompletenessRule,
  denyCompleteness,
  isDrift,
  type SweepEvidence,
} from '../../../src/diff/completeness.ts';
import { anEvidence } from '../../support/builders.ts';

describe(denyCompleteness, () => {
  it('finds nothing against a list that the vendor ended and nothing vetoes', () => {
    expect(denyCompleteness(anEvidence())).toStrictEqual([]);
  });

  it('finds nothing against an empty list where nobody was known', () => {
    expect(denyCompleteness(anEvidence({ distinctUsers: 0, liveBefore: 0 }))).toStrictEqual([]);
  });

  it.each<[string, Partial<SweepEvidence>, readonly CompletenessRule[]]>([
    ['the vendor never said "end"', { endedByVendor: false }, ['no_end_signal']],
    [
      'a fault ended it',
      { endedByVendor: false, failure: { code: 'vendor.timeout', message: 'm' } },
      ['no_end_signal'],
    ],
    ['a fault came after the end', { failure: { code: 'vendor.timeout', message: 'm' } }, ['no_end_signal']],
    ['the vendor vetoes', { vetoes: ['is_partial_response'] }, ['vetoed']],
    ['a row had no readable id', { rejectedWithoutId: 1 }, ['row_without_id']],
    ['the vendor shows signs that the list moved', { drift: ['overlap_moved'] }, ['list_moved']],
    [
      'a hard total lacks somebody beside the excluded',
      { totalKind: 'hard', lastTotal: 12, excludedUsers: 1 },
      ['total_differs'],
    ],
    [
      'a hard total counts less than the excluded',
      { totalKind: 'hard', lastTotal: 10, excludedUsers: 1 },
      ['total_differs'],
    ],
    ['the total moved', { totalMoved: true, firstTotal: 11, lastTotal: 10 }, ['total_moved']],
    ['a soft total differs for the first time', { totalKind: 'soft', lastTotal: 99 }, ['total_differs']],
    ['a soft total differs in another way', { totalKind: 'soft', lastTotal: 99, usualGap: 1 }, ['total_differs']],
    ['a hard total differs as it did before', { totalKind: 'hard', lastTotal: 99, usualGap: 89 }, ['total_differs']],
    ['a hard total is larger than what came', { totalKind: 'hard', lastTotal: 11 }, ['total_differs']],
    ['a hard total is smaller than what came', { totalKind: 'hard', lastTotal: 9 }, ['total_differs']],
  ])('denies completeness when %s', (_, given, rules) => {
    expect(denyCompleteness(anEvidence(given))).toStrictEqual(rules);
  });

  it.each<[string, Partial<SweepEvidence>]>([
    ['a hard total that is met', { totalKind: 'hard', firstTotal: 10, lastTotal: 10 }],
    [
      'a hard total that counts whom the connection is not about',
      { totalKind: 'hard', lastTotal: 13, excludedUsers: 3 },
    ],
    ['a soft total that differs as it did before', { totalKind: 'soft', lastTotal: 99, usualGap: 89 }],
    ['a soft total that agrees for once', { totalKind: 'soft', lastTotal: 10, usualGap: 3 }],
    ['rows with an id that could not be read', { rejectedWithId: 3 }],
    ['duplicates', { duplicates: 5 }],
    ['retries and a second walk', { retries: 4, walks: 2 }],
  ])('has nothing against %s', (_, given) => {
    expect(denyCompleteness(anEvidence(given))).toStrictEqual([]);
  });

  it('leaves a list that lost everybody to the verdict on deletions', () => {
    expect(denyCompleteness(anEvidence({ liveBefore: 10, unseen: 10, distinctUsers: 0 }))).toStrictEqual([]);
  });

  it.each<[string, Partial<SweepEvidence>]>([
    ['a total of the whole list', { totalKind: 'hard', lastTotal: 99 }],
    ['a total that moved', { totalMoved: true, firstTotal: 11, lastTotal: 10 }],
    ['rows that two pages share', { drift: ['overlap_moved'] }],
  ])('has nothing against a delta with %s', (_, given) => {
    expect(denyCompleteness(anEvidence(given), 'delta')).toStrictEqual([]);
  });

  it.each<[string, Partial<SweepEvidence>, readonly CompletenessRule[]]>([
    ['has no end', { endedByVendor: false }, ['no_end_signal']],
    ['is vetoed', { vetoes: ['is_partial_response'] }, ['vetoed']],
    ['has a row without an id', { rejectedWithoutId: 1 }, ['row_without_id']],
  ])('denies the completeness of a delta that %s', (_, given, rules) => {
    expect(denyCompleteness(anEvidence(given), 'delta')).toStrictEqual(rules);
  });

  it('names every rule that denies, in one order', () => {
    const evidence = anEvidence({
      endedByVendor: false,
      vetoes: ['is_partial_response'],
      rejectedWithoutId: 1,
      drift: ['overlap_moved'],
      totalMoved: true,
      totalKind: 'hard',
      lastTotal: 99,
      unseen: 10,
      distinctUsers: 0,
    });

    expect(denyCompleteness(evidence)).toStrictEqual([
      'no_end_signal',
      'vetoed',
      'row_without_id',
      'list_moved',
      'total_moved',
      'total_differs',
    ]);
  });
});

describe(isDrift, () => {
  it.each<[readonly CompletenessRule[], boolean]>([
    [[], false],
    [['list_moved'], true],
    [['list_moved', 'vetoed'], false],
    [['total_moved'], true],
    [['total_differs'], true],
    [['total_moved', 'total_differs'], true],
    [['total_moved', 'no_end_signal'], false],
    [['total_differs', 'no_end_signal'], false],
    [['vetoed'], false],
    [['row_without_id'], false],
  ])('says of %j: %j', (rules, isExpected) => {
    expect(isDrift(rules)).toBe(isExpected);
  });
});
