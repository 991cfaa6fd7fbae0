import type { TableWrite } from '../dynamo/memory-table.ts';
import type { World } from '../world.ts';

/**
 * Nobody puts back what a later worker has written: an entry's revision, a shard's and the publisher's position and a lease's number
 * never fall, and what stands in the log stays.
 */
export function watchForward({ onWrite }: World, complain: (fault: string) => void): void {
  onWrite.push(({ key, before, after }) => {
    if (before === undefined || after === undefined) return;
    const attribute = countOf(key);
    if (attribute === undefined) return;
    const was = Number(before[attribute]?.N);
    const is = Number(after[attribute]?.N);
    if (is < was) complain(`${key.pk} ${key.sk} falls from ${attribute} ${was} to ${is}`);
  });
}

/** What only ever rises in an item. */
function countOf({ pk, sk }: TableWrite['key']): string | undefined {
  if (pk.includes('#entries#')) return 'revision';
  if (sk.startsWith('shard#') || sk === 'published') return 'position';
  return sk === 'state' ? 'leaseToken' : undefined;
}
