import type { LogBatch } from '../model/log-batch.ts';
import { eventIdOf } from './event-id.ts';
import { schemaVersion } from './feed-event.ts';

/** What the metadata of every event says: which one it is, where from, and its place in the order. */
export function eventMetadata(batch: LogBatch, sequence: number) {
  return {
    eventId: eventIdOf(batch.connectionId, batch.epoch, sequence),
    schemaVersion,
    connectionId: batch.connectionId,
    tenantId: batch.tenantId,
    vendor: batch.vendor,
    mappingVersion: batch.mappingVersion,
    epoch: batch.epoch,
    sequence,
  };
}
