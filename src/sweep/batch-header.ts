import { instant } from '../model/instant.ts';
import type { LogBatch } from '../model/log-batch.ts';
import type { UserList } from './ports.ts';
import type { Held } from './take-lease.ts';

/** Whose batch it is and who writes it when: what every batch of a connection says alike, whatever it commits. */
export function batchHeader(
  { connectionId, tenantId, vendor, mappingVersion, payload }: UserList,
  { lease, state }: Held,
  nowMs: number,
): Pick<
  LogBatch,
  'connectionId' | 'tenantId' | 'vendor' | 'mappingVersion' | 'epoch' | 'committedAt' | 'leaseToken' | 'payload'
> {
  const committedAt = instant(nowMs);
  return {
    connectionId,
    tenantId,
    vendor,
    mappingVersion,
    epoch: state.epoch,
    committedAt,
    leaseToken: lease.token,
    ...(payload === 'thin' && { payload }),
  };
}
