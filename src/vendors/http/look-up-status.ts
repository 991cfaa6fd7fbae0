import type { Status } from '../../model/canonical-user.ts';

/** A vendor's words and what they mean. */
export type StatusTable = { readonly [raw: string]: Status };

/** What a vendor's word means; a word that is not in its table is `unknown`, never an exception. */
export function lookUpStatus(statuses: StatusTable, raw: string): Status {
  return Object.hasOwn(statuses, raw) ? (statuses[raw] ?? 'unknown') : 'unknown';
}
