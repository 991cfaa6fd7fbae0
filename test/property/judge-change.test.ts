import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brakeLimit, readBrake } from '../../src/diff/brake.ts';
import { isVanished } from '../../src/diff/field-tally.ts';
import { judgeChange, type SweepRules, targetOf } from '../../src/diff/judge-change.ts';
import { absorbLostFields, lostFields, maskLostFields } from '../../src/diff/lost-fields.ts';
import { fieldValue } from '../../src/diff/projection.ts';
import type { StagedTransition } from '../../src/diff/staged-transition.ts';
import type { CanonicalUser } from '../../src/model/canonical-user.ts';
import { changeTypes } from '../../src/model/change.ts';
import type { FieldPath } from '../../src/model/projected-field.ts';
import { aContext, anEntry, aProjection, aSuspect, digestOf, observe } from '../support/builders.ts';
import { aKnownHold, aLossHold, rulesOf } from '../support/known-hold.ts';
import { everyField, twoAlike } from './arbitraries.ts';

const projection = aProjection(everyField);
const context = aContext({ projection });
const paths = projection.fields.map(({ path }) => path) as readonly FieldPath[];
const someFields = fc.subarray([...paths]).map((fields) => new Set(fields));

/** A change of a known live user, of any shape. */
const aChange = twoAlike.map(([before, after]) => {
  const entry = anEntry({ user: { ...before, status: 'active' }, projection });
  return observe(aSuspect({ entry, user: after }), context);
});
const changes = aChange.filter((transition): transition is StagedTransition => transition?.change !== undefined);

const beforeOf = ({ change }: StagedTransition) => change?.diff?.before as unknown as CanonicalUser;

describe(maskLostFields, () => {
  it('keeps every masked field as it was, every other as it is, and tells of exactly the others', () => {
    fc.assert(
      fc.property(changes, someFields, (staged, fields) => {
        const lost = lostFields(staged);
        const masked = maskLostFields(staged, fields, context);

        const kept = lost.filter((path) => fields.has(path));
        const left = staged.change?.diff?.changedFields.filter((path) => !kept.includes(path)) ?? [];
        const isTold = left.length > 0 || staged.change?.type === 'deleted';
        expect(masked?.change?.diff?.changedFields ?? []).toStrictEqual(left);
        expect(masked?.change !== undefined).toBe(isTold);
        if (masked === undefined) return;
        const expected = (path: FieldPath) =>
          fieldValue(kept.includes(path) ? beforeOf(staged) : staged.entry.user, path);
        for (const path of paths) expect(fieldValue(masked.entry.user, path)).toStrictEqual(expected(path));
        expect(masked.entry.digest).toBe(digestOf(masked.entry.user, projection));
      }),
    );
  });
});

describe(absorbLostFields, () => {
  it('changes nobody, and tells of no absorbed field', () => {
    fc.assert(
      fc.property(changes, someFields, (staged, fields) => {
        const absorbed = absorbLostFields(staged, fields);

        expect(absorbed.entry).toStrictEqual(staged.entry);
        const told = absorbed.change?.diff?.changedFields ?? [];
        expect(lostFields(staged).filter((path) => fields.has(path) && told.includes(path))).toStrictEqual([]);
        for (const path of staged.change?.diff?.changedFields ?? [])
          expect(told.includes(path)).toBe(!(lostFields(staged).includes(path) && fields.has(path)));
      }),
    );
  });
});

/** Any holds that user 42 may belong to, decided or not, about what he becomes or something else. */
const someHolds = fc.array(
  fc.record({
    kind: fc.constantFrom(...changeTypes),
    verdict: fc.constantFrom(undefined, 'approved' as const, 'rejected' as const),
    isAboutFields: fc.boolean(),
    isMember: fc.boolean(),
    isTarget: fc.boolean(),
    fields: fc.subarray([...paths], { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 4 },
);

const someRules = fc.tuple(someHolds, fc.boolean(), someFields, fc.subarray([...changeTypes]));

function rulesFor(
  staged: StagedTransition,
  [holds, isDecisive, maskedFields, heldKinds]: typeof someRules extends fc.Arbitrary<infer T> ? T : never,
): SweepRules {
  const known = holds.map(({ kind, verdict, isAboutFields, isMember, isTarget, fields }, at) => {
    const of = { [isMember ? staged.entry.userId : '43']: isTarget ? targetOf(staged) : '0'.repeat(16) };
    const given = { holdId: `hold-${at}`, of, ...(verdict && { verdict }) };
    return isAboutFields ? aLossHold({ ...given, fields }) : aKnownHold({ ...given, kind });
  });
  return rulesOf({ holds: known, isDecisive, maskedFields, heldKinds: new Set(heldKinds) });
}

describe(judgeChange, () => {
  it('commits a change or keeps it back, never both, and loses nothing in silence but by a decision', () => {
    fc.assert(
      fc.property(changes, someRules, (staged, given) => {
        const rules = rulesFor(staged, given);
        const { commit, withheld, masked, settles } = judgeChange(staged, rules, context);

        expect(commit?.change === undefined || withheld === undefined).toBe(true);
        if (commit === undefined && withheld === undefined) expect(masked).not.toStrictEqual([]);
        if (!rules.isDecisive) expect(settles).toStrictEqual([]);
        const held = given[0].filter((hold) => hold.isAboutFields && hold.isMember && hold.verdict === undefined);
        for (const path of masked)
          expect(rules.maskedFields.has(path) || held.some(({ fields }) => fields.includes(path))).toBe(true);
      }),
    );
  });

  it('tells nothing of a kind that an undecided hold keeps back for that user', () => {
    fc.assert(
      fc.property(changes, someRules, (staged, given) => {
        const rules = rulesFor(staged, given);
        const { commit } = judgeChange(staged, rules, context);

        const kind = commit?.change?.type;
        const first = given[0].find((hold) => hold.isMember && !hold.isAboutFields && hold.kind === kind);
        expect(first !== undefined && (first.verdict === undefined || !rules.isDecisive)).toBe(false);
      }),
    );
  });

  it('comes to the same under the same rules once the brake is known, but for the kinds it holds', () => {
    fc.assert(
      fc.property(changes, someRules, (staged, given) => {
        const rules = rulesFor(staged, given);
        const open = judgeChange(staged, { ...rules, heldKinds: new Set() }, context);
        const braked = judgeChange(staged, rules, context);

        const kind = open.commit?.change?.type;
        const isHeld = open.isFresh && kind !== undefined && rules.heldKinds.has(kind);
        if (isHeld) expect(braked).toMatchObject({ isFresh: true, withheld: { kind } });
        else expect(braked).toStrictEqual(open);
      }),
    );
  });
});

describe('the numbers', () => {
  const rule = fc.record({ maxCount: fc.nat(50), maxPercent: fc.nat(100), neverAbove: fc.nat(100) });

  it('of the brake never let more pass where there are fewer users or more changes', () => {
    fc.assert(
      fc.property(rule, fc.nat(1_000), fc.nat(1_000), fc.nat(100), fc.nat(100), (rules, users, more, found, recent) => {
        expect(brakeLimit(rules, users)).toBeLessThanOrEqual(brakeLimit(rules, users + more));
        expect(brakeLimit(rules, users)).toBeLessThanOrEqual(rules.neverAbove);
        const reading = readBrake(rules, { found, recent, liveUsers: users });
        expect(reading !== undefined).toBe(found > 0 && found + recent > brakeLimit(rules, users));
        if (reading !== undefined)
          expect(readBrake(rules, { found: found + 1, recent: recent + 1, liveUsers: users })).toBeDefined();
      }),
    );
  });

  it('of a vanished field are four in five, and five at least', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(200), (lost, known) => {
        expect(isVanished(lost, known)).toBe(lost >= 5 && lost * 5 >= known * 4);
      }),
    );
  });
});
