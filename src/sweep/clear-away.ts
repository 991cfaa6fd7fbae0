import { closeRecord } from './close-record.ts';
import { blobName, namedBlobs } from './named-blobs.ts';
import type { SweepPorts } from './ports.ts';
import type { Held } from './take-lease.ts';

/** Clears away what only a tick that died can have left: blobs that no state names, and records of holds that no state knows. */
export async function clearAway(ports: SweepPorts, { lease, state }: Held): Promise<void> {
  const { store } = ports;
  const { connectionId } = lease;
  await store.deleteBlobsBefore(connectionId, blobName(lease, ''), namedBlobs(state));
  const { holds, checkpoint } = state;
  const planned = checkpoint?.phase === 'commit' ? checkpoint.plan.conclusion.holds : [];
  const known = new Set([...holds, ...planned].map(({ holdId }) => holdId));
  for await (const record of store.listHolds(connectionId))
    if (record.end === undefined && !known.has(record.hold.holdId)) await closeRecord(ports, record);
}
