import * as z from 'zod/mini';
import { FeedError } from '../model/feed-error.ts';
import { holdsEvents, type LogBatch } from '../model/log-batch.ts';
import type { ErasureStore, LogStore } from '../sweep/ports.ts';
import { type Key, logKey, logPartition, logSortKey } from './keys.ts';
import { nameItem, parseJson, readPart } from './read-part.ts';
import { ttlAttribute } from './table.ts';
import { type Item, isNotThere, type TableClient } from './table-client.ts';

/** How long a commit can be read, replayed and pulled. */
export const logRetentionDays = 90;
/** Value of `holdsEvents` on the batches that the stream has to publish. */
export const holdsEventsMark = 'yes';

/** What a reader relies on; transitions and changes are this program's own JSON. */
const batchSchema = z.looseObject({
  connectionId: z.string(),
  epoch: z.int(),
  position: z.int(),
  lastSequence: z.int(),
  previousEventPosition: z.int(),
  leaseToken: z.int(),
  transitions: z.array(z.looseObject({ entry: z.looseObject({ userId: z.string(), revision: z.int() }) })),
  connectionChanges: z.array(z.looseObject({ sequence: z.int(), type: z.string() })),
});

export function createLogStore(table: TableClient): LogStore & Pick<ErasureStore, 'rewriteBatch'> {
  return {
    async appendBatch(batch) {
      const item = logItem(batch);
      if (await table.put(item, isNotThere)) return 'appended';
      // An answer that got lost on the way makes the client ask again: the batch that is there may be this one.
      const there = await table.get(logKey(batch.connectionId, batch.position));
      return there?.batch === item.batch ? 'appended' : 'taken';
    },
    async *readLog(connectionId, afterPosition) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': logPartition(connectionId), ':after': logSortKey(afterPosition) },
        ConsistentRead: true,
      });
      for await (const item of items) yield readBatchItem(item);
    },
    async rewriteBatch(batch) {
      const key = logKey(batch.connectionId, batch.position);
      // Its text alone: the key, the end of its life and the stream's mark stay as they were appended.
      const isRewritten = await table.update(key, 'SET #batch = :batch', {
        expression: 'attribute_exists(pk)',
        names: { '#batch': 'batch' },
        values: { ':batch': JSON.stringify(batch) },
      });
      const item = nameItem(key);
      if (!isRewritten) throw new FeedError('store.conflict', `${item} is not in the log`, { item });
    },
  };
}

/**
 * The batch of a log item, as read from the table or delivered by its stream.
 * @throws internal.invariant for an item that is no log batch
 */
export function readBatchItem(item: Item): LogBatch {
  return readPart(item, batchSchema, parseJson(item.batch), 'log_item_readable') as unknown as LogBatch;
}

/** The item of a log batch. */
export function logItem(batch: LogBatch): Item & Key {
  return {
    ...logKey(batch.connectionId, batch.position),
    connectionId: batch.connectionId,
    position: batch.position,
    leaseToken: batch.leaseToken,
    ...(holdsEvents(batch) && { holdsEvents: holdsEventsMark }),
    batch: JSON.stringify(batch),
    [ttlAttribute]: Math.floor(Date.parse(batch.committedAt) / 1000) + logRetentionDays * 86_400,
  };
}
