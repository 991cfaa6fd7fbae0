import { FeedError } from '../model/feed-error.ts';
import type { FeedMark } from '../model/feed-mark.ts';

/**
 * Whether the table is the one that the feed knows. `unclaimed`: no table is named yet. `restored`: it is another one,
 * which knows less than consumers do. `ahead`: a connection has a higher epoch than the mark, so the mark was put back.
 */
export type RestoreVerdict = {
  readonly kind: 'current' | 'unclaimed' | 'restored' | 'ahead';
  readonly epoch: number;
};

/** Where the mark is kept, and the command that repairs it: both are named to operators. */
export type MarkPlace = { readonly place: string; readonly recovery: string };

/** `known` is the highest epoch that is known of any connection; 0 where none was looked at. */
export function judgeTable({ epoch, tables }: FeedMark, table: string, known: number): RestoreVerdict {
  if (tables.length > 0 && !tables.includes(table)) return { kind: 'restored', epoch };
  if (known > epoch) return { kind: 'ahead', epoch };
  return { kind: tables.length === 0 ? 'unclaimed' : 'current', epoch };
}

/** What is wrong, in words for operators; undefined where sweeps may go on. */
export function explainVerdict(
  { kind, epoch }: RestoreVerdict,
  { place }: Pick<MarkPlace, 'place'>,
): string | undefined {
  if (kind === 'restored')
    return `the table was restored from a backup or replaced: ${place} names another one, at epoch ${epoch}; sweeps stop, for they would use event ids a second time`;
  if (kind === 'ahead')
    return `a connection has a higher epoch than ${place}, which says ${epoch} and was put back or written anew; sweeps stop, for they would use event ids a second time`;
  return undefined;
}

/** The epoch where sweeps may go on. @throws store.restored */
export function epochOf(verdict: RestoreVerdict, place: MarkPlace): number {
  const wrong = explainVerdict(verdict, place);
  if (wrong === undefined) return verdict.epoch;
  throw new FeedError('store.restored', `${wrong}: ${place.recovery}`, { epoch: verdict.epoch });
}
