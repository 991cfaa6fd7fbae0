import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type PublishPorts, publishBatch } from '../src/publish/publish-log.ts';
import { readBatchItem } from '../src/store/log-store.ts';

export type PublishDependencies = {
  readonly ports: PublishPorts;
  readonly onFault: (record: DynamoDBRecord, error: unknown) => void;
};

/**
 * The publish function: inserted log batches from the table's stream, in order. A batch that cannot be published
 * blocks the later ones of its connection, and is delivered again together with all that follow it.
 */
export function createPublishHandler({ ports, onFault }: PublishDependencies) {
  return async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
    const batchItemFailures: DynamoDBBatchResponse['batchItemFailures'] = [];
    const blocked = new Set<string | undefined>();
    for (const record of event.Records) {
      const partition = record.dynamodb?.Keys?.pk?.S;
      const fail = (error: unknown) => {
        blocked.add(partition);
        onFault(record, error);
        batchItemFailures.push({ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' });
      };
      if (!blocked.has(partition)) await publishRecord(ports, record).catch(fail);
    }
    return { batchItemFailures };
  };
}

async function publishRecord(ports: PublishPorts, record: DynamoDBRecord): Promise<void> {
  const image = (record.dynamodb?.NewImage ?? {}) as Record<string, AttributeValue>;
  await publishBatch(ports, readBatchItem(unmarshall(image)));
}
