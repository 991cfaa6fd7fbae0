import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import { holdsEvents } from '../model/log-batch.ts';
import { type BatchSearch, findPosition } from './find-position.ts';
import { type PublishPorts, putBatch } from './publish-log.ts';

export type RedrivePorts = PublishPorts & {
  readonly store: PublishPorts['store'] &
    BatchSearch & { readState(id: ConnectionId): Promise<{ readonly position: number } | undefined> };
};

/**
 * Publishes what is not published yet, in order and with the same ids, and moves `published` as the publisher does: both may be at
 * work at once. With a time, everything that was committed since then is published again first; never is anything skipped.
 * @throws publish.*: then nothing after the fault is published
 */
export async function redriveLog(
  ports: RedrivePorts,
  connectionId: ConnectionId,
  since: Instant | undefined,
): Promise<void> {
  const { store } = ports;
  const published = await store.readPublished(connectionId);
  const from = since === undefined ? published : Math.min(published, await positionOf(ports, connectionId, since));
  for await (const batch of store.readLog(connectionId, from)) if (holdsEvents(batch)) await putBatch(ports, batch);
}

async function positionOf({ store }: RedrivePorts, connectionId: ConnectionId, since: Instant): Promise<number> {
  const end = (await store.readState(connectionId))?.position ?? 0;
  return findPosition(store, connectionId, { end, isBefore: ({ committedAt }) => committedAt < since });
}
