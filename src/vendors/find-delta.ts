import type { DeltaFilter, Vendor } from './vendor.ts';

/** What a connection with these options can have of deltas: a filter, or the options that stand in its way, if any do. */
export function findDelta(
  { delta }: Vendor,
  options: unknown,
): { readonly delta: DeltaFilter<unknown> } | { readonly rivals: readonly string[] } {
  const set = Object.entries(options ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const rivals = delta?.rivals.filter((name) => set.includes(name)) ?? [];
  return delta === undefined || rivals.length > 0 ? { rivals } : { delta };
}
