import type { Checkpoint } from './checkpoint.ts';
import type { ConnectionState } from './connection-state.ts';
import { stagedBlobs } from './staging.ts';

/** Every blob that a state names; whatever else a connection has is garbage. */
export function namedBlobs({ absent, holds, checkpoint }: ConnectionState): readonly string[] {
  const lasting = [absent.blob, ...holds.map(({ members }) => members)].filter((blob) => blob !== undefined);
  return checkpoint === undefined ? lasting : [...lasting, ...checkpointBlobs(checkpoint)];
}

/** What a sweep has left for its next tick. */
export function checkpointBlobs(checkpoint: Checkpoint): readonly string[] {
  return [...stagedBlobs(checkpoint.staged), ...(checkpoint.phase === 'walk' ? [checkpoint.compared] : [])];
}
