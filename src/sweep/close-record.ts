import type { HoldRecord } from '../model/hold.ts';
import { instant } from '../model/instant.ts';
import type { SweepPorts } from './ports.ts';

/** Ends the record of a hold that nobody can decide on: of a connection that is gone, or of a tick that died. */
export async function closeRecord(
  { store, nowMs }: SweepPorts,
  { connectionId, hold }: Pick<HoldRecord, 'connectionId' | 'hold'>,
): Promise<void> {
  const end = { ending: 'dissolved', at: instant(nowMs()), settled: 0, dissolved: hold.memberCount } as const;
  await store.writeHold({ connectionId, hold, preview: [], end });
}
