import type { Fault } from '../model/feed-error.ts';
import { findDelta } from '../vendors/find-delta.ts';
import type { Vendor } from '../vendors/vendor.ts';
import { defaultEvery } from './connection-fields.ts';
import { consultVendor } from './consult-vendor.ts';
import { parseDuration } from './duration.ts';
import { joinWords, showValue } from './wording.ts';

/** What is wrong with `deltaEvery` beyond its form: it needs a filter of the vendor's, and to be shorter than `every`. */
export function findDeltaFaults(
  { every, deltaEvery, options }: { readonly [key: string]: unknown },
  path: string,
  vendor: Vendor,
): Fault[] {
  if (deltaEvery === undefined) return [];
  const faults = [explainLackOfFilter(vendor, options), explainLength(deltaEvery, every)];
  return faults.flatMap((message) => (message === undefined ? [] : [{ path, message }]));
}

function explainLackOfFilter(vendor: Vendor, options: unknown): string | undefined {
  if (vendor.delta === undefined)
    return `${vendor.id} cannot be asked for changed users only: remove it, every sweep lists everybody`;
  const found = consultVendor(vendor, options, (read) => findDelta(vendor, read))?.answer;
  if (found === undefined || 'delta' in found) return undefined;
  const rivals = joinWords(
    found.rivals.map((name) => `options.${name}`),
    'and',
  );
  return `${rivals} already ask${found.rivals.length === 1 ? 's' : ''} for users by the time of their update: remove one or the other`;
}

function explainLength(deltaEvery: unknown, every: unknown): string | undefined {
  const [deltaSeconds, seconds] = [deltaEvery, every ?? defaultEvery].map((text) =>
    typeof text === 'string' ? parseDuration(text) : undefined,
  );
  if (deltaSeconds === undefined || seconds === undefined || deltaSeconds < seconds) return undefined;
  const than =
    every === undefined ? `${defaultEvery}, which every is where it is left out` : `every (${String(every)})`;
  return `expected less than ${than}, found ${showValue(deltaEvery)}: it is for the time between two sweeps of everybody`;
}
