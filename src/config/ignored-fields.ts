import type { Fault } from '../model/feed-error.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { consultVendor } from './consult-vendor.ts';
import { nearestWord } from './nearest-word.ts';
import { joinWords, showValue } from './wording.ts';

const neverIgnored = ['status', 'rawStatus'];

/** The fields a vendor fills whatever the options, without those that always count. */
export function listIgnorableFields({ projection }: Pick<Vendor, 'projection'>): string[] {
  return projection.map(({ path }): string => path).filter((path) => !neverIgnored.includes(path));
}

/** What is wrong with a list of ignored fields: each must be one that counts as a change, by the vendor or its options. */
export function findIgnoreFaults(ignored: unknown, path: string, vendor: Vendor, options: unknown): Fault[] {
  if (!Array.isArray(ignored)) return [];
  const shaped = consultVendor(vendor, options, (read) => vendor.projectionFor?.(read) ?? []);
  const known = [
    ...new Set([...listIgnorableFields(vendor), ...listIgnorableFields({ projection: shaped?.answer ?? [] })]),
  ];
  return ignored.flatMap((field: unknown, index): Fault[] => {
    if (typeof field !== 'string' || known.includes(field)) return [];
    // Options that cannot be read may have named the field: they are reported first.
    if (shaped === undefined && vendor.projectionFor !== undefined && !neverIgnored.includes(field)) return [];
    return [{ path: `${path}[${index}]`, message: explainField(field, known, vendor) }];
  });
}

function explainField(field: string, known: readonly string[], vendor: Vendor): string {
  const nearest = nearestWord(field, known);
  const suggestion = nearest === undefined ? '' : `: did you mean "${nearest}"?`;
  const advice = neverIgnored.includes(field)
    ? ': consumers revoke access on a change of status, so it always counts'
    : suggestion;
  return `expected a field that counts as a change at ${vendor.id} (${joinWords(known, 'or')}), found ${showValue(field)}${advice}`;
}
