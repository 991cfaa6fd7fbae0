import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { FeedStore } from '../src/store/create-store.ts';

/** The settings of a connection; undefined for one that was removed, whatever a removal that died has left of it. */
export async function readSaved(
  { readConnection, readState }: Pick<FeedStore, 'readConnection' | 'readState'>,
  id: ConnectionId,
): Promise<Connection | undefined> {
  const [connection, state] = await Promise.all([readConnection(id), readState(id)]);
  return state?.removedAt === undefined ? connection : undefined;
}
