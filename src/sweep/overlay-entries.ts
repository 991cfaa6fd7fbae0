import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';
import type { SnapshotEntry } from '../model/snapshot-entry.ts';
import { createOverlayValues } from './overlay-values.ts';
import type { EntryKey, EntryStore, ErasureStore } from './ports.ts';

/** Entries in memory before those of the base. */
export function overlayEntries(
  base: Omit<EntryStore, 'writeEntries'>,
): EntryStore & Pick<ErasureStore, 'rewriteEntry'> {
  const entries = createOverlayValues<string, SnapshotEntry>();
  const readEntries: EntryStore['readEntries'] = async (connectionId, keys) => {
    const unsaid = keys.filter((key) => !entries.find(connectionId, textOf(key)));
    const found = new Map(unsaid.length > 0 ? await base.readEntries(connectionId, unsaid) : []);
    for (const key of keys) {
      const own = entries.find(connectionId, textOf(key));
      if (own) found.set(own.userId, own);
    }
    return found;
  };
  /** Those that are there, own ones looked up anew: something may have been written while the base was read. */
  const readPresent = async (connectionId: ConnectionId, written: readonly SnapshotEntry[]) => {
    const keys = new Map(written.map((entry): [string, EntryKey] => [textOf(entry), entry]));
    const read = await readEntries(connectionId, [...keys.values()]);
    return (entry: SnapshotEntry) => entries.find(connectionId, textOf(entry)) ?? read.get(entry.userId);
  };
  return {
    readEntries,
    async readEntriesByKeyHash(connectionId, keyHash) {
      const found: SnapshotEntry[] = [];
      const sharers = await base.readEntriesByKeyHash(connectionId, keyHash);
      const isAskedFor = (key: string) => key.startsWith(`${keyHash}#`);
      for await (const entry of entries.merge(connectionId, sharers, { keyOf: textOf, isAskedFor })) found.push(entry);
      return found;
    },
    readAllEntries: (connectionId) => entries.merge(connectionId, base.readAllEntries(connectionId), { keyOf: textOf }),
    async writeEntries(connectionId, written) {
      const presentOf = await readPresent(connectionId, written);
      for (const entry of written) {
        const revision = presentOf(entry)?.revision;
        if (revision === undefined || revision < entry.revision) entries.set(connectionId, textOf(entry), entry);
      }
    },
    async rewriteEntry(connectionId, entry) {
      const presentOf = await readPresent(connectionId, [entry]);
      const item = textOf(entry);
      if (presentOf(entry)?.revision !== entry.revision) {
        const message = `${connectionId}: entry ${item} is not at revision ${entry.revision}`;
        throw new FeedError('store.conflict', message, { item });
      }
      entries.set(connectionId, item, entry);
    },
  };
}

/** Sorts as the store does. */
function textOf({ keyHash, userId }: EntryKey): string {
  return `${keyHash}#${userId}`;
}
