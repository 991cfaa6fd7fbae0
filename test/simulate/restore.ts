import { createDeployedGuard } from '../../functions/deployed-mark.ts';
import type { Containers } from './containers.ts';
import { epochParameter, tableName } from './functions.ts';
import { operator } from './operator.ts';
import { currentWorker } from './worker.ts';
import type { World } from './world.ts';

/** Keeps what the table holds at this moment, as a backup does. */
export function keepBackup({ restores, table }: World): void {
  restores.backup = table.image();
}

/** Puts the table back to the backup, under another identity. The functions start anew, over a stream without records. */
export function restoreTable(world: World, containers: Containers): void {
  const { restores, table, troubles, scheduler, stream, trace, tally, onRestore } = world;
  // Before a mark names the table nobody can know that it is another one.
  const isClaimed = world.parameters.get(epochParameter)?.includes(troubles.tableId) === true;
  if (restores.backup === undefined || restores.isRecovering || !isClaimed) return;
  trace.note(() => `the table is restored`);
  tally.count('restored');
  for (const { worker } of containers.all) scheduler.kill(worker);
  scheduler.dropDelayed();
  table.restore(restores.backup);
  troubles.tableId = `${troubles.tableId}-restored`;
  stream.shards.clear();
  stream.delivered.length = 0;
  restores.isRecovering = true;
  restores.count += 1;
  for (const tell of onRestore) tell();
}

/** What `ucf doctor --recover` does. */
export async function recover(world: World): Promise<void> {
  const { restores, clients, store, scheduler, tally, trace } = world;
  if (!restores.isRecovering || restores.isAttended) return;
  restores.isAttended = true;
  const guard = createDeployedGuard({
    ...clients,
    parameterName: epochParameter,
    tableName,
    stackName: 'people',
    store,
    nowMs: scheduler.nowMs,
  });
  restores.epoch = await currentWorker.run(operator, () => guard.recover('operator'));
  restores.isRecovering = false;
  restores.isAttended = false;
  trace.note(() => `an operator has recovered the feed: epoch ${restores.epoch}`);
  tally.count('recovered');
}
