import type { SweepEvidence } from '../diff/completeness.ts';
import type { Page } from '../model/page.ts';

/** What the pages of one walk prove, apart from what the comparison counts. */
export type WalkEvidence = Pick<
  SweepEvidence,
  | 'pages'
  | 'endedByVendor'
  | 'vetoes'
  | 'drift'
  | 'firstTotal'
  | 'lastTotal'
  | 'totalKind'
  | 'totalMoved'
  | 'retries'
  | 'failure'
>;

/** Before the first page. */
export const noPages: WalkEvidence = {
  pages: 0,
  endedByVendor: false,
  vetoes: [],
  drift: [],
  totalMoved: false,
  retries: 0,
};

/** The evidence after one more page. */
export function addPage(evidence: WalkEvidence, page: Page): WalkEvidence {
  return {
    ...evidence,
    ...totalsAfter(evidence, page),
    pages: evidence.pages + 1,
    endedByVendor: page.next === null,
    vetoes: union(evidence.vetoes, page.evidence.vetoes),
    drift: union(evidence.drift, page.evidence.drift),
    retries: evidence.retries + (page.retries ?? 0),
  };
}

function totalsAfter(evidence: WalkEvidence, { evidence: { total, totalKind } }: Page): Partial<WalkEvidence> {
  if (total === undefined) return {};
  const firstTotal = evidence.firstTotal ?? total;
  const totalMoved = evidence.totalMoved || total !== firstTotal;
  return { firstTotal, lastTotal: total, totalKind: totalKind ?? 'soft', totalMoved };
}

function union(known: readonly string[], more: readonly string[] = []): readonly string[] {
  return [...new Set([...known, ...more])];
}
