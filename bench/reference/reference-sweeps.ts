import type { SweepUnits } from '../calculated-sweep.ts';
import { changedShares, changesOf, userBytes } from '../measured-sweeps.ts';
import { createItemPerUser, unitsOfChange, unitsOfReading } from './item-per-user.ts';
import { startReferenceTable } from './reference-table.ts';

/** By the number of changes: what a sweep of the reference uses. */
export type ReferenceSweeps = ReadonlyMap<number, SweepUnits>;

const answerBytes = 2 ** 20;
const itemsPerBatch = 25;

export async function measureReference(users: number): Promise<ReferenceSweeps> {
  const table = await startReferenceTable();
  try {
    const reference = createItemPerUser({ table, users, userBytes });
    await reference.baseline();
    const sweeps = new Map<number, SweepUnits>();
    for (const changes of [0, ...changedShares.map((share) => changesOf(users, share))]) {
      table.meter.take();
      await reference.sweep(changes);
      const { read: reads, write: writes, requests } = table.meter.take();
      sweeps.set(changes, { reads, writes, requests, ...published(changes) });
    }
    return sweeps;
  } finally {
    await table.close();
  }
}

export function calculateReference(users: number, changes: number, bytes = userBytes): SweepUnits {
  const requests = Math.ceil((users * bytes) / answerBytes) + Math.ceil((2 * changes) / itemsPerBatch);
  const writes = changes * unitsOfChange(bytes).batch;
  return { reads: unitsOfReading(users, bytes), writes, requests, ...published(changes) };
}

/** Its outbox is published like any other, ten at a time; what reading and emptying it costs is left out. */
function published(changes: number) {
  return { puts: Math.ceil(changes / 10), events: changes };
}
