import { describe, expect, it } from 'vitest';
import { cursor } from '../../../src/model/ids.ts';
import type { Page } from '../../../src/model/page.ts';
import { addPage, noPages } from '../../../src/sweep/walk-evidence.ts';
import { at } from '../../support/builders.ts';

function aPage(evidence: Page['evidence'] = {}, given: Partial<Page> = {}): Page {
  return { users: [], rejected: [], next: null, evidence, observedAt: at(0), ...given };
}

/** The evidence after these pages. */
const evidenceOf = (...pages: readonly Page[]) => pages.reduce(addPage, noPages);

describe(addPage, () => {
  it('begins with nothing, which proves nothing', () => {
    expect(noPages).toStrictEqual({
      pages: 0,
      endedByVendor: false,
      vetoes: [],
      drift: [],
      totalMoved: false,
      retries: 0,
    });
  });

  it('adds nothing to a list that ended with one plain page but the page and the end', () => {
    expect(evidenceOf(aPage())).toStrictEqual({ ...noPages, pages: 1, endedByVendor: true });
  });

  it('goes by the last page for the end, and adds up the rest', () => {
    const first = aPage({ vetoes: ['a', 'b'], drift: ['x'] }, { next: cursor('2'), retries: 2 });
    const second = aPage({ vetoes: ['b', 'c'], drift: ['x', 'y'] }, { next: cursor('3'), retries: 1 });

    expect(evidenceOf(aPage(), first, second)).toStrictEqual({
      ...noPages,
      pages: 3,
      vetoes: ['a', 'b', 'c'],
      drift: ['x', 'y'],
      retries: 3,
    });
  });

  it.each([
    { totals: [7, 7], totalMoved: false },
    { totals: [7, 8], totalMoved: true },
    { totals: [7, 8, 7], totalMoved: true },
    { totals: [undefined, 7, undefined, 7], totalMoved: false },
  ])('says whether the total has moved: $totals', ({ totals, totalMoved }) => {
    const evidence = evidenceOf(...totals.map((total) => aPage(total === undefined ? {} : { total })));

    expect(evidence).toMatchObject({ firstTotal: 7, lastTotal: 7 + Number(totals.at(-1) === 8), totalMoved });
  });

  it('takes a total for a soft one unless the vendor says more', () => {
    expect(evidenceOf(aPage({ total: 1 })).totalKind).toBe('soft');
    expect(evidenceOf(aPage({ total: 1, totalKind: 'hard' })).totalKind).toBe('hard');
  });
});
