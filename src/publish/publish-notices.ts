import { composeNotices } from '../events/compose-notices.ts';
import { toBusEntry } from '../events/pack-entries.ts';
import type { ConnectionNotice } from '../model/notice.ts';
import type { EventBus } from './ports.ts';

/** Publishes what notices tell and is not on the bus yet. @throws publish.*: then some may be on the bus, and are sent again */
export async function publishNotices(bus: EventBus, notices: readonly ConnectionNotice[]): Promise<void> {
  const tenants = Map.groupBy(notices, ({ tenantId }) => tenantId);
  for (const [tenantId, group] of tenants) {
    const events = group.flatMap(composeNotices);
    await bus.putEntries(events.map(toBusEntry), tenantId);
  }
}
