import type { ChangedSweep, SweepBasis } from './calculated-sweep.ts';
import { startMeteredFeed } from './metered-feed.ts';

/** Parts of a list that change in one sweep; the brake of updates lets both pass, one after the other. */
export const changedShares = [0.001, 0.1] as const;
/** What an entry of a user takes in the table. */
export const userBytes = 1_000;

/** An unchanged sweep and those with changes, measured over the composed functions. */
export async function measureSweeps(users: number): Promise<SweepBasis> {
  const counts = changedShares.map((share) => changesOf(users, share));
  const changeable = counts.reduce((sum, count) => sum + count, 1);
  const feed = await startMeteredFeed(users, { userBytes, changeable });
  try {
    // The first one finds itself new: it puts on record what its projection means.
    await feed.sweep();
    const unchanged = await feed.sweep();
    feed.change(1);
    const one = await feed.sweep();
    const changed: ChangedSweep[] = [];
    for (const changes of counts) {
      feed.change(changes);
      changed.push({ changes, use: await feed.sweep() });
    }
    const [few, many] = changed;
    if (few === undefined || many === undefined) throw new Error('two sweeps with changes are needed');
    if (many.use.events !== many.changes) throw new Error(`${many.changes} changes made ${many.use.events} events`);
    return { users, unchanged, one, changed: [few, many] };
  } finally {
    await feed.close();
  }
}

export function changesOf(users: number, share: number): number {
  return Math.max(1, Math.round(users * share));
}
