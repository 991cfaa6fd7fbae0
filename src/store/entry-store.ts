import pMap from 'p-map';
import * as z from 'zod/mini';
import { statuses } from '../model/canonical-user.ts';
import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId, UserId } from '../model/ids.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import type { EntryStore, ErasureStore } from '../sweep/ports.ts';
import { entryBuckets, entryKey, entryPartition, type Key } from './keys.ts';
import { nameItem, parseJson, readPart } from './read-part.ts';
import type { Item, TableClient } from './table-client.ts';

/** Conditional writes on their way at once. */
const parallelWrites = 16;

const entrySchema = z.looseObject({
  userId: z.string(),
  keyHash: z.string().check(z.length(16)),
  revision: z.int(),
  presence: z.enum(['live', 'reported_deleted', 'gone']),
  digest: z.string(),
  projectionVersion: z.string(),
  observedAt: z.string(),
  deletedAt: z.optional(z.string()),
});
const userSchema = z.looseObject({ id: z.string(), status: z.enum(statuses) });

export function createEntryStore(table: TableClient): EntryStore & Pick<ErasureStore, 'rewriteEntry'> {
  return {
    async readEntries(connectionId, keys) {
      const items = await table.getMany(keys.map(({ keyHash, userId }) => entryKey(connectionId, keyHash, userId)));
      return new Map(items.map(readEntryItem).map((entry) => [entry.userId, entry]));
    },
    async readEntriesByKeyHash(connectionId, keyHash) {
      const entries: SnapshotEntry[] = [];
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :keyHash)',
        ExpressionAttributeValues: {
          ':pk': entryPartition(connectionId, keyHash.charAt(0)),
          ':keyHash': `${keyHash}#`,
        },
        ConsistentRead: true,
      });
      for await (const item of items) entries.push(readEntryItem(item));
      return entries;
    },
    async *readAllEntries(connectionId) {
      for (const bucket of entryBuckets) {
        const items = table.query({
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': entryPartition(connectionId, bucket) },
          ConsistentRead: true,
        });
        for await (const item of items) yield readEntryItem(item);
      }
    },
    async writeEntries(connectionId, entries) {
      const write = (entry: SnapshotEntry) => {
        // Forward only: a worker that wakes up late must not put an older state back.
        return table.put(entryItem(connectionId, entry), {
          expression: 'attribute_not_exists(pk) OR revision < :revision',
          values: { ':revision': entry.revision },
        });
      };
      await pMap(entries, write, { concurrency: parallelWrites });
    },
    async rewriteEntry(connectionId, entry) {
      const item = entryItem(connectionId, entry);
      const isRewritten = await table.put(item, {
        expression: 'revision = :revision',
        values: { ':revision': entry.revision },
      });
      if (isRewritten) return;
      const message = `${nameItem(item)} is not at revision ${entry.revision}`;
      throw new FeedError('store.conflict', message, { item: nameItem(item) });
    },
  };
}

function entryItem(connectionId: ConnectionId, { user, ...attributes }: SnapshotEntry): Item & Key {
  return {
    ...entryKey(connectionId, attributes.keyHash, attributes.userId),
    ...attributes,
    user: JSON.stringify(user),
  };
}

export function readEntryItem(item: Item): SnapshotEntry {
  const { pk: _pk, sk: _sk, user, ...attributes } = item;
  const entry = readPart(item, entrySchema, attributes, 'entry_readable');
  const read = readPart(item, userSchema, parseJson(user), 'entry_readable');
  return { ...entry, userId: entry.userId as UserId, user: read } as SnapshotEntry;
}
