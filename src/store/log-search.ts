import type { ConnectionId } from '../model/ids.ts';
import type { LogBatch } from '../model/log-batch.ts';
import { logPartition, logSortKey } from './keys.ts';
import { readBatchItem } from './log-store.ts';
import type { TableClient } from './table-client.ts';

/** Single batches of the log, for whoever looks for a place in it: a query without a limit reads a megabyte. */
export type LogSearch = {
  /** The first batch after a position that is still there. Strongly consistent. */
  firstBatchAfter(connectionId: ConnectionId, position: number): Promise<LogBatch | undefined>;
};

export function createLogSearch(table: TableClient): LogSearch {
  return {
    async firstBatchAfter(connectionId, position) {
      const items = table.query({
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': logPartition(connectionId), ':after': logSortKey(position) },
        ConsistentRead: true,
        Limit: 1,
      });
      for await (const item of items) return readBatchItem(item);
      return undefined;
    },
  };
}
