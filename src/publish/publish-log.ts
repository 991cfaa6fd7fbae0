import { composeEvents } from '../events/compose-events.ts';
import { toBusEntry } from '../events/pack-entries.ts';
import type { ConnectionId } from '../model/ids.ts';
import { holdsEvents, type LogBatch } from '../model/log-batch.ts';
import type { LogStore, PublishedStore } from '../sweep/ports.ts';
import type { BatchProtector, EventBus } from './ports.ts';

export type PublishPorts = {
  readonly store: PublishedStore & Pick<LogStore, 'readLog'>;
  readonly bus: EventBus;
  /** By the connection's present settings, whatever they were when a batch was written. @throws store.* */
  readonly protectorOf: (connectionId: ConnectionId) => Promise<BatchProtector>;
  /** Called once a batch is on the bus. */
  readonly onPublished?: (batch: LogBatch) => void;
};

/**
 * Publishes one batch of the log and everything unpublished before it, in order, and moves `published` up to it.
 * A batch that is published already is skipped. A crash in between publishes again, with the same ids.
 * @throws publish.*: then nothing after the fault is published
 */
export async function publishBatch(ports: PublishPorts, batch: LogBatch): Promise<void> {
  const published = await ports.store.readPublished(batch.connectionId);
  if (batch.position <= published) return;
  // Between the previous batch with events and this one all are silent: nothing to read where that one is published.
  if (batch.previousEventPosition > published) await publishLog(ports, batch.connectionId, batch.position - 1);
  await putBatch(ports, batch);
}

/** Publishes what a connection's log holds beyond `published`, up to a position or to its end. @throws publish.* */
export async function publishLog(
  ports: PublishPorts,
  connectionId: ConnectionId,
  upTo = Number.POSITIVE_INFINITY,
): Promise<void> {
  const published = await ports.store.readPublished(connectionId);
  for await (const batch of ports.store.readLog(connectionId, published)) {
    if (batch.position > upTo) return;
    if (holdsEvents(batch)) await putBatch(ports, batch);
  }
}

/** Puts the events of one batch on the bus and moves `published` up to it; everything before it has to be there. @throws publish.* */
export async function putBatch({ store, bus, protectorOf, onPublished }: PublishPorts, batch: LogBatch): Promise<void> {
  const protector = await protectorOf(batch.connectionId);
  await bus.putEntries(composeEvents(protector.protectBatch(batch)).map(toBusEntry), batch.tenantId);
  await store.advancePublished(batch.connectionId, batch.position);
  onPublished?.(batch);
}
