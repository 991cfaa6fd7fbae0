import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { denyCompleteness, type SweepEvidence } from '../../src/diff/completeness.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { aDigester, anEvidence, aProjection } from '../support/builders.ts';
import { runCount } from '../support/run-count.ts';
import { anyEvidence, aSmallList } from './arbitraries.ts';
import { createPureFeed } from './pure-feed.ts';

/** Whether anything at all speaks against a list, said in another way than the rules say it. */
function isBeyondDoubt(evidence: SweepEvidence): boolean {
  const { endedByVendor, failure, vetoes, drift, rejectedWithoutId, totalMoved, totalKind, lastTotal, distinctUsers } =
    evidence;
  if (!endedByVendor || failure || totalMoved || vetoes.length + drift.length + rejectedWithoutId > 0) return false;
  const shown = distinctUsers + (evidence.excludedUsers ?? 0);
  const isUsual = totalKind !== 'hard' && lastTotal === shown + (evidence.usualGap ?? 0);
  return lastTotal === undefined || lastTotal === shown || isUsual;
}

describe(denyCompleteness, () => {
  it('finds nothing exactly where nothing speaks against the list', () => {
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        expect(denyCompleteness(evidence).length === 0).toBe(isBeyondDoubt(evidence));
      }),
      { numRuns: runCount(1_000) },
    );
  });

  it('never finds less when more speaks against the list', () => {
    const worse = fc.constantFrom<Partial<SweepEvidence>>(
      { endedByVendor: false },
      { failure: { code: 'vendor.timeout', message: 'm' } },
      { vetoes: ['is_partial_response'] },
      { rejectedWithoutId: 1 },
      { totalMoved: true },
      { drift: ['overlap_moved'] },
    );
    fc.assert(
      fc.property(anyEvidence, worse, (evidence, more) => {
        expect(denyCompleteness({ ...evidence, ...more })).toStrictEqual(
          expect.arrayContaining([...denyCompleteness(evidence)]),
        );
      }),
    );
  });

  it('lets no denied list conclude that anybody left', () => {
    const lists = fc.array(fc.tuple(aSmallList(6), anyEvidence), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(aSmallList(6), lists, (baseline, sweeps) => {
        const feed = createPureFeed({ projection: aProjection(), digester: aDigester });
        feed.sweep({ pages: [baseline], policy: { purpose: 'baseline' } });

        for (const [users, given] of sweeps) {
          const isComplete = denyCompleteness(anEvidence(given)).length === 0;
          const { transitions } = feed.sweep({ pages: [users], isComplete });

          const gone = transitions.filter(({ entry }) => entry.presence === 'gone').map(({ entry }) => entry.userId);
          if (!isComplete) expect(gone).toStrictEqual([]);
          expect(idsOf(users).filter((id) => gone.includes(id))).toStrictEqual([]);
        }
      }),
    );
  });
});

function idsOf(users: readonly CanonicalUser[]) {
  return users.map(({ id }) => id);
}
