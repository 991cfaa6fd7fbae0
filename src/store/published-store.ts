import type { PublishedStore } from '../sweep/ports.ts';
import { publishedKey } from './keys.ts';
import type { TableClient } from './table-client.ts';

export function createPublishedStore(table: TableClient): PublishedStore {
  return {
    async readPublished(connectionId) {
      const item = await table.get(publishedKey(connectionId));
      return Number(item?.position ?? 0);
    },
    async advancePublished(connectionId, position) {
      const item = { ...publishedKey(connectionId), position };
      await table.put(item, {
        expression: 'attribute_not_exists(pk) OR #position < :position',
        names: { '#position': 'position' },
        values: { ':position': position },
      });
    },
  };
}
