import type { ConnectionId } from '../src/model/ids.ts';
import type { FeedStore } from '../src/store/create-store.ts';
import type { ConnectionState } from '../src/sweep/connection-state.ts';
import type { SweepReport } from '../src/sweep/sweep-report.ts';

/** How a connection's sweeps look from outside. */
export type Sight = {
  readonly state: ConnectionState | undefined;
  /** Of the newest sweep that has ended; left out while a sweep is open or under way. */
  readonly newest?: SweepReport;
};

/** One look at a connection, strongly consistent: a read unit or two. */
export async function lookAtSweep(
  store: Pick<FeedStore, 'readState' | 'listReports'>,
  id: ConnectionId,
): Promise<Sight> {
  const state = await store.readState(id);
  if (!isAtRest(state)) return { state };
  // A report is written before its sweep commits: one that is there while nobody is at work, before and after, has ended.
  const newest = await readNewest(store, id);
  const after = await store.readState(id);
  return { state: after, ...(isAtRest(after) && newest !== undefined && { newest }) };
}

/** What changes whenever a tick begins, ends or commits. */
export function progressOf({ state, newest }: Sight): string {
  const { attempts, position, checkpoint } = state ?? {};
  return JSON.stringify([attempts, position, checkpoint?.basis.sweepId, checkpoint?.tick, newest?.sweepId]);
}

/** Pages that an open sweep has read. */
export function pagesOf({ state }: Sight): number {
  const checkpoint = state?.checkpoint;
  return checkpoint?.phase === 'walk' ? checkpoint.progress.evidence.pages : 0;
}

/** A lease that is taken counts an attempt, and the end of a sweep clears it. */
function isAtRest(state: ConnectionState | undefined): boolean {
  return state !== undefined && state.attempts === 0 && state.checkpoint === undefined;
}

async function readNewest(
  { listReports }: Pick<FeedStore, 'listReports'>,
  id: ConnectionId,
): Promise<SweepReport | undefined> {
  for await (const report of listReports(id)) return report;
  return undefined;
}
