import type { SweepConclusion } from '../model/log-batch.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { ConnectionState } from './connection-state.ts';
import type { Lease } from './ports.ts';
import { stagedBlobs } from './staging.ts';

/** Digits of a lease's token in a name: the order of names is the order of leases. */
const tokenDigits = 12;

/**
 * Names a blob of this lease. No other lease writes it, and what a later one has written sorts behind: so whoever clears
 * away what he does not know, before his own name, cannot hit anybody who has come after him.
 */
export function blobName({ token }: Pick<Lease, 'token'>, name: string): string {
  return `${String(token).padStart(tokenDigits, '0')}/${name}`;
}

/** Every blob that a state names, or what it has decided will; whatever else a connection has is garbage. */
export function namedBlobs({ absent, holds, checkpoint }: ConnectionState): readonly string[] {
  const lasting = concludedBlobs({ absent, holds });
  if (checkpoint === undefined) return lasting;
  const planned = checkpoint.phase === 'commit' ? concludedBlobs(checkpoint.plan.conclusion) : [];
  return [...lasting, ...planned, ...checkpointBlobs(checkpoint)];
}

function concludedBlobs({ absent, holds }: Pick<SweepConclusion, 'absent' | 'holds'>): readonly string[] {
  return [absent.blob, ...holds.map(({ members }) => members)].filter((blob) => blob !== undefined);
}

/** What a sweep has left for its next tick. */
export function checkpointBlobs(checkpoint: Checkpoint): readonly string[] {
  return [...stagedBlobs(checkpoint.staged), ...(checkpoint.phase === 'walk' ? [checkpoint.compared] : [])];
}
