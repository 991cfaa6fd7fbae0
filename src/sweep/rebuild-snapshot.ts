import { instant } from '../model/instant.ts';
import type { LogBatch } from '../model/log-batch.ts';
import { batchesPerGroup, latestEntries } from './apply-log.ts';
import type { ConnectionState, UserCounts } from './connection-state.ts';
import { rebuildIndex } from './load-index.ts';
import type { SweepPorts } from './ports.ts';
import type { Held } from './take-lease.ts';

/**
 * Makes entries follow from the log again, as far back as that reaches, and the index from the entries. Whoever is known by neither
 * is lost for good: the state says so, that the next complete list makes those known in silence, above any revision they had.
 */
export async function rebuildSnapshot(
  { store, nowMs }: Pick<SweepPorts, 'store' | 'nowMs'>,
  { lease, state }: Held,
): Promise<ConnectionState> {
  let group: LogBatch[] = [];
  // Forward only: an entry that is as new as the log stays as it is.
  const writeGroup = () => store.writeEntries(lease.connectionId, latestEntries(group));
  for await (const batch of store.readLog(lease.connectionId, 0)) {
    group.push(batch);
    if (group.length < batchesPerGroup) continue;
    await writeGroup();
    group = [];
  }
  await writeGroup();
  const rebuilt = await rebuildIndex(store, { lease, state });
  if (!isLess(rebuilt.state.counts, state.counts)) return rebuilt.state;
  return { ...rebuilt.state, loss: { at: instant(nowMs()), position: state.position } };
}

/** The state counts what the log says, whatever became of entries and index. */
function isLess(found: UserCounts, counted: UserCounts): boolean {
  return found.pairs < counted.pairs || found.live < counted.live || found.tombstones < counted.tombstones;
}
