import type { ConnectionId } from '../src/model/ids.ts';
import type { FeedStore } from '../src/store/create-store.ts';

/** Later than anything is due: as the table sorts times, the last one. */
const endOfTimeMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** All connections there are, by id: every one of them is due at some time. */
export async function listConnections({
  dueConnections,
}: Pick<FeedStore, 'dueConnections'>): Promise<readonly ConnectionId[]> {
  const ids: ConnectionId[] = [];
  for await (const { connectionId } of dueConnections(endOfTimeMs)) ids.push(connectionId);
  return ids.sort();
}
