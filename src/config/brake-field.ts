import * as z from 'zod/mini';
import { type BrakeRule, type BrakeRules, defaultBrakeRules } from '../model/brake.ts';
import type { ChangeType } from '../model/change.ts';

/** Beyond this a count stops nothing: no directory is as large. */
const maxCountOfAll = 10_000_000;
/** A share of the users that were there before: all of them can leave, but many more can come. */
const maxPercents: { readonly [Kind in ChangeType]: number } = {
  created: 1000,
  updated: 1000,
  status_changed: 100,
  deleted: 100,
};

/** `brake`: how many changes of each kind pass. */
export const brakeField = z.prefault(
  z.strictObject({
    created: ruleField('created', 'New users'),
    updated: ruleField('updated', 'Updates'),
    status_changed: ruleField('status_changed', 'Changes of status'),
    deleted: ruleField('deleted', 'Deletions'),
  }),
  {},
);

function ruleField(kind: ChangeType, what: string) {
  const rule: BrakeRule = defaultBrakeRules[kind];
  const count = (description: string) => z.int().check(z.gte(0), z.lte(maxCountOfAll), z.describe(description));
  const cap = count('Never more than this, however many the share lets pass.');
  const fields = {
    maxCount: z._default(count(`${what} that pass in one sweep, and in 24 hours; more are held.`), rule.maxCount),
    maxPercent: z._default(
      z
        .number()
        .check(
          z.gte(0),
          z.lte(maxPercents[kind]),
          z.describe('Or this share of the users known before, in per cent, where that is more.'),
        ),
      rule.maxPercent,
    ),
    neverAbove: rule.neverAbove === undefined ? z.optional(cap) : z._default(cap, rule.neverAbove),
  };
  return z.prefault(z.strictObject(fields).check(capIsAboveCount(rule)), {});
}

type WrittenRule = { readonly [Key in keyof BrakeRule]: BrakeRule[Key] | undefined };

/** Checked as soon as both are numbers, whatever else is wrong with the rule. */
function capIsAboveCount(byDefault: BrakeRule) {
  const isBelow = ({ maxCount, neverAbove }: Partial<WrittenRule>) =>
    typeof maxCount === 'number' && typeof neverAbove === 'number' && neverAbove < maxCount;
  const explain = ({ maxCount, neverAbove }: Partial<WrittenRule>) =>
    `expected at least maxCount (${maxCount}), found ${neverAbove}: ` +
    `where they are left out, maxCount is ${byDefault.maxCount} and neverAbove ${byDefault.neverAbove ?? 'nothing'}`;
  return z.refine<WrittenRule>((rule) => !isBelow(rule), {
    path: ['neverAbove'],
    when: ({ value }) => typeof value === 'object' && value !== null,
    error: ({ input }) => explain(input as WrittenRule),
  });
}

type Written = z.output<typeof brakeField>;

/** The rules without what was left out. */
export function toBrakeRules(written: Written): BrakeRules {
  const toRule = ({ neverAbove, ...rule }: Written[ChangeType]): BrakeRule => ({
    ...rule,
    ...(neverAbove === undefined ? {} : { neverAbove }),
  });
  return {
    created: toRule(written.created),
    updated: toRule(written.updated),
    status_changed: toRule(written.status_changed),
    deleted: toRule(written.deleted),
  };
}
