import type { DynamoDBRecord } from 'aws-lambda';
import { isFeedError } from '../src/model/feed-error.ts';
import { epochMs } from '../src/model/instant.ts';
import type { LogBatch } from '../src/model/log-batch.ts';
import { connectionOf } from '../src/store/keys.ts';
import type { Observing } from './observe-sweep.ts';

export type PublishObserver = {
  onPublished(batch: LogBatch): void;
  onFault(record: DynamoDBRecord, error: unknown): void;
};

/** What an operator can see of publishing. */
export function createPublishObserver({ log, metrics, nowMs }: Observing): PublishObserver {
  return {
    onPublished(batch) {
      const { connectionId, tenantId, position, sweep } = batch;
      const properties = { connectionId, tenantId, ...(sweep && { sweepId: sweep.sweepId }) };
      const lagMs = Math.max(0, nowMs() - epochMs(observedAt(batch)));
      metrics.record({ PublishLagMs: lagMs, UnpublishedAgeSeconds: 0 }, {}, properties);
      log.debug('published', { ...properties, position, lagMs });
    },
    onFault(record, error) {
      const connectionId = ownerOf(record);
      const writtenMs = (record.dynamodb?.ApproximateCreationDateTime ?? nowMs() / 1000) * 1000;
      const ageSeconds = Math.max(0, (nowMs() - writtenMs) / 1000);
      metrics.record({ PublishFailures: 1, UnpublishedAgeSeconds: ageSeconds }, {}, { connectionId });
      if (isFeedError(error, 'publish.bus_missing')) metrics.record({ BusMissing: 1 });
      log.fault('publishing failed', error, { connectionId, sortKey: record.dynamodb?.Keys?.sk?.S });
    },
  };
}

/** When the oldest of its changes was seen. */
function observedAt({ transitions, committedAt }: LogBatch) {
  const times = transitions.flatMap(({ change, entry }) => (change === undefined ? [] : [entry.observedAt]));
  return times.toSorted()[0] ?? committedAt;
}

function ownerOf({ dynamodb }: DynamoDBRecord): string {
  return connectionOf(dynamodb?.Keys?.pk?.S ?? '').replace(/#log$/, '');
}
