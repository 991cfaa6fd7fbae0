import type { ConnectionId } from '../model/ids.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { EntryKey } from '../sweep/ports.ts';
import { readEntryItem } from './entry-store.ts';
import { entryBuckets, entryKey, entryPartition } from './keys.ts';
import type { TableClient } from './table-client.ts';

/** Everyone of a connection, from anywhere on. */
export type EntryWalk = {
  /** By rising key hash and id, behind somebody or from the first one on. Strongly consistent. */
  walkEntries(connectionId: ConnectionId, after?: EntryKey): AsyncIterable<SnapshotEntry>;
};

export function createEntryWalk(table: TableClient): EntryWalk {
  async function* walkBucket(pk: string, after: string | undefined): AsyncIterable<SnapshotEntry> {
    const items = table.query({
      KeyConditionExpression: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk > :after',
      ExpressionAttributeValues: { ':pk': pk, ...(after !== undefined && { ':after': after }) },
      ConsistentRead: true,
    });
    for await (const item of items) yield readEntryItem(item);
  }
  return {
    async *walkEntries(connectionId, after) {
      // Buckets are the first digits of key hashes: one bucket after the other is the order of all.
      const from = after && entryKey(connectionId, after.keyHash, after.userId);
      const partitions = [...entryBuckets].map((bucket) => entryPartition(connectionId, bucket));
      for (const pk of partitions.filter((one) => from === undefined || one >= from.pk))
        yield* walkBucket(pk, pk === from?.pk ? from.sk : undefined);
    },
  };
}
