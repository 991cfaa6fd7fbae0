import type { ConnectionId } from '../model/ids.ts';
import type { DispatchStore } from './dispatch-ports.ts';

/** Later than anything is due: as the table sorts times, the last one. */
const endOfTimeMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const connectionsPerGroup = 50;

/** The highest epoch of any connection that can be read and was not removed; 0 without one. */
export async function highestEpoch(store: Pick<DispatchStore, 'dueConnections' | 'readDispatched'>): Promise<number> {
  let highest = 0;
  let group: ConnectionId[] = [];
  const look = async () => {
    const seen = await store.readDispatched(group, () => undefined);
    highest = Math.max(highest, ...seen.map(({ state }) => state.epoch));
    group = [];
  };
  for await (const { connectionId } of store.dueConnections(endOfTimeMs)) {
    group.push(connectionId);
    if (group.length === connectionsPerGroup) await look();
  }
  if (group.length > 0) await look();
  return highest;
}
