import type { DynamoDBRecord } from 'aws-lambda';
import type { TableWrite } from './dynamo/memory-table.ts';

/** The table's stream behind its filter: inserted log batches with events, one shard a connection. */
export type Stream = {
  /** Records that were not delivered with success yet, by shard. */
  readonly shards: Map<string, DynamoDBRecord[]>;
  /** Records delivered before, for delivering some of them once more. */
  readonly delivered: DynamoDBRecord[];
  note(write: TableWrite, nowMs: number): void;
};

export function createStream(): Stream {
  const shards = new Map<string, DynamoDBRecord[]>();
  let number = 0;
  return {
    shards,
    delivered: [],
    note({ key, before, after }, nowMs) {
      if (before !== undefined || after === undefined || !key.sk.startsWith('log#')) return;
      if (after.holdsEvents === undefined) return;
      number += 1;
      const records = shards.get(key.pk) ?? [];
      records.push({
        eventID: `record-${number}`,
        eventName: 'INSERT',
        dynamodb: {
          ApproximateCreationDateTime: Math.floor(nowMs / 1000),
          Keys: { pk: { S: key.pk }, sk: { S: key.sk } },
          NewImage: after as never,
          SequenceNumber: String(number),
        },
      });
      shards.set(key.pk, records);
    },
  };
}
