import type { ConnectionId } from '../model/ids.ts';
import type { Instant } from '../model/instant.ts';
import type { DispatchedConnection, HealthStore } from '../sweep/dispatch-ports.ts';
import { readSettingsItem } from './connection-store.ts';
import { connectionOf, settingsKey, stateKey, watchIndexName, watchPartition } from './keys.ts';
import { readStateItem } from './state-store.ts';
import type { Item, TableClient } from './table-client.ts';

/** Connections that one query of the index reads: few are looked at, the rest is not even read. */
const watchedPerQuery = 100;

/** What the dispatcher reads of connections and writes beside their sweeps. */
export function createDispatchStore(table: TableClient, nowMs: () => number): HealthStore {
  return {
    async *watchedConnections() {
      try {
        const items = table.query({
          IndexName: watchIndexName,
          KeyConditionExpression: '#watch = :watch',
          ExpressionAttributeNames: { '#watch': 'watch' },
          ExpressionAttributeValues: { ':watch': watchPartition },
          Limit: watchedPerQuery,
        });
        for await (const { pk, watchAt } of items)
          yield { connectionId: connectionOf(pk), watchAt: watchAt as Instant };
      } catch (error) {
        // A table that an older version made has no such index: those that are due are looked at all the same.
        if (!lacksIndex(error)) throw error;
      }
    },
    async readDispatched(asked, onFault) {
      // An index that is read while one of them moves in it shows that one twice, and the table takes no key twice.
      const ids = [...new Set(asked)];
      const items = await table.getMany(ids.flatMap((id) => [settingsKey(id), stateKey(id)]));
      const found = new Map(items.map((item) => [`${String(item.pk)} ${String(item.sk)}`, item]));
      const itemOf = ({ pk, sk }: ReturnType<typeof stateKey>) => found.get(`${pk} ${sk}`);
      return ids.flatMap((id) => {
        const [settings, state] = [itemOf(settingsKey(id)), itemOf(stateKey(id))];
        if (settings === undefined || state === undefined) return [];
        return readBoth(settings, state, (error) => onFault(id, error));
      });
    },
    async postpone(id, from, to) {
      const isFree = '(attribute_not_exists(leaseExpiresAtMs) OR leaseExpiresAtMs <= :now)';
      return table.update(stateKey(id), 'SET dueAt = :to, #state.dueAt = :to, postponed = :yes', {
        expression: `dueAt = :from AND ${isFree}`,
        names: { '#state': 'state' },
        values: { ':from': from, ':to': to, ':yes': true, ':now': nowMs() },
      });
    },
    async watchAgain(id, from, to) {
      await moveWatch(table, id, from, to);
    },
  };
}

async function moveWatch(table: TableClient, id: ConnectionId, from: Instant | undefined, to: Instant): Promise<void> {
  const isThere = 'attribute_exists(due)';
  const isSame = from === undefined ? 'attribute_not_exists(watchAt)' : 'watchAt = :from';
  await table.update(stateKey(id), 'SET watchAt = :to, #state.watchAt = :to, watch = :watch', {
    expression: `${isThere} AND ${isSame}`,
    names: { '#state': 'state' },
    values: { ':to': to, ':watch': watchPartition, ...(from !== undefined && { ':from': from }) },
  });
}

/** One connection that cannot be read must not keep the others from being swept. */
function readBoth(settings: Item, state: Item, onFault: (error: unknown) => void): readonly DispatchedConnection[] {
  try {
    return [{ connection: readSettingsItem(settings), state: readStateItem(state) }];
  } catch (error) {
    onFault(error);
    return [];
  }
}

function lacksIndex(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && cause.name === 'ValidationException' && /index/i.test(cause.message);
}
