import * as z from 'zod/mini';
import type { Fault } from '../model/feed-error.ts';
import type { ProjectedField } from '../model/projected-field.ts';
import type { UserRule } from '../model/user-rules.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { consultVendor } from './consult-vendor.ts';

/** What a vendor must tell of a user for a rule to say anything. */
const fieldOf: { readonly [Key in keyof UserRule]-?: ProjectedField['path'] } = {
  userTypes: 'userType',
  accountTypes: 'vendorAttributes.accountType',
  emailDomains: 'emails',
  groups: 'groups',
};

/** The rules that this vendor, with these options, never tells enough for: they would let nobody in or keep nobody out. */
export function findUserRuleFaults(rules: unknown, path: string, vendor: Vendor, options: unknown): Fault[] {
  return ['include', 'exclude'].flatMap((side) =>
    Object.entries(fieldOf).flatMap(([key, field]): Fault[] => {
      if (!isGiven(rules, side, key) || fills(vendor, options, field)) return [];
      return [{ path: `${path}.${side}.${key}`, message: explainRule(vendor, options, field) }];
    }),
  );
}

function isGiven(rules: unknown, ...keys: readonly string[]): boolean {
  const value = keys.reduce<unknown>((found, key) => (found as { [key: string]: unknown } | undefined)?.[key], rules);
  return value !== undefined;
}

/** Options that cannot be read have faults of their own, which are reported first. */
function fills(vendor: Vendor, options: unknown, field: string): boolean {
  const shaped = consultVendor(vendor, options, (read) => vendor.projectionFor?.(read) ?? vendor.projection);
  return shaped === undefined || shaped.answer.some(({ path }) => path === field);
}

function explainRule(vendor: Vendor, options: unknown, field: string): string {
  const names = vendor.options instanceof z.ZodMiniObject ? Object.keys(vendor.options.shape) : [];
  const base = typeof options === 'object' ? options : {};
  const switches = names.flatMap((name) => [true, false].map((value) => ({ name, value })));
  const remedy = switches.find(
    ({ name, value }) => takes(vendor, name, value) && fills(vendor, { ...base, [name]: value }, field),
  );
  const lack = `${vendor.id} does not tell ${field} of its users`;
  if (remedy === undefined) return `${lack}: remove the rule`;
  return `${lack} unless options.${remedy.name} is ${remedy.value}: set it so, or remove the rule`;
}

function takes({ options }: Vendor, name: string, value: boolean): boolean {
  const parsed = options.safeParse({ [name]: value });
  return parsed.success || parsed.error.issues.every(({ path }) => path[0] !== name);
}
