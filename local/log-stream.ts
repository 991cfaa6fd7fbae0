import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { ConnectionId } from '../src/model/ids.ts';
import { holdsEvents, type LogBatch } from '../src/model/log-batch.ts';
import { logItem } from '../src/store/log-store.ts';
import type { LogStore, PublishedStore } from '../src/sweep/ports.ts';

export type LogStreamOptions = {
  readonly store: Pick<LogStore, 'readLog'> & PublishedStore;
  readonly handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>;
};

/** The table's stream of log batches, read from the log after `published`: nothing of it lives in memory. */
export type LogStream = {
  /** Delivers what is unpublished. A batch that fails stays unpublished, to be delivered by the next call. */
  deliver(connectionId: ConnectionId): Promise<void>;
};

/** Records in one invocation. */
const recordsPerInvocation = 100;

export function createLogStream({ store, handler }: LogStreamOptions): LogStream {
  const running = new Map<ConnectionId, Promise<void>>();

  const deliverAll = async (connectionId: ConnectionId) => {
    let records: DynamoDBRecord[] = [];
    const invoke = async () => {
      if (records.length === 0) return true;
      const { batchItemFailures } = await handler({ Records: records });
      records = [];
      return batchItemFailures.length === 0;
    };
    for await (const batch of store.readLog(connectionId, await store.readPublished(connectionId))) {
      if (!holdsEvents(batch)) continue;
      records.push(toRecord(batch));
      if (records.length === recordsPerInvocation && !(await invoke())) return;
    }
    await invoke();
  };
  return {
    async deliver(connectionId) {
      // One delivery of a connection at a time: its batches are published in order.
      const before = running.get(connectionId) ?? Promise.resolve();
      const delivery = before.then(() => deliverAll(connectionId));
      running.set(
        connectionId,
        delivery.catch(() => undefined),
      );
      await delivery;
    },
  };
}

/** As Lambda delivers an inserted item. */
function toRecord(batch: LogBatch): DynamoDBRecord {
  const item = logItem(batch);
  const options = { removeUndefinedValues: true };
  return {
    eventID: `${batch.connectionId}-${batch.position}`,
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/user-change-feed/stream/local',
    dynamodb: {
      Keys: marshall({ pk: item.pk, sk: item.sk }) as never,
      NewImage: marshall(item, options) as never,
      SequenceNumber: String(batch.position),
      StreamViewType: 'NEW_IMAGE',
    },
  };
}
