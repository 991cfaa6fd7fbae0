import type { World } from '../world.ts';
import { batchesIn, watchLog } from './log-watch.ts';

/** `sequence` of a connection and `revision` of a user rise by one, with nothing left out and nothing twice, within an epoch. */
export function watchSequences(world: World, complain: (fault: string) => void): void {
  const sequences = new Map<string, number>();
  const revisions = new Map<string, number>();
  const follow = (places: Map<string, number>, key: string, value: number, what: string) => {
    const before = places.get(key) ?? 0;
    if (value !== before + 1) complain(`${what} ${value} of ${key} comes after ${before}`);
    places.set(key, value);
  };
  // A table that was restored goes on from where its backup stood.
  world.onRestore.push(() => {
    sequences.clear();
    revisions.clear();
    for (const batch of batchesIn(world)) {
      sequences.set(batch.connectionId, batch.lastSequence);
      for (const { entry } of batch.transitions) revisions.set(`${batch.connectionId} ${entry.userId}`, entry.revision);
    }
  });
  watchLog(world, ({ connectionId, batch, isFirst }) => {
    if (!isFirst) return;
    for (const { entry, change } of batch.transitions) {
      const user = `${connectionId} ${entry.userId}`;
      follow(revisions, user, entry.revision, 'revision');
      if (change !== undefined) follow(sequences, connectionId, change.sequence, 'sequence');
    }
    for (const { sequence } of batch.connectionChanges) follow(sequences, connectionId, sequence, 'sequence');
    if ((sequences.get(connectionId) ?? 0) !== batch.lastSequence)
      complain(
        `batch ${batch.position} of ${connectionId} ends at ${batch.lastSequence}, not ${sequences.get(connectionId)}`,
      );
  });
}
