import type { World } from '../world.ts';
import { watchLog } from './log-watch.ts';

/** Between a restore and its recovery nothing is committed, and nothing is ever committed under an epoch before it. */
export function watchRestores(world: World, complain: (fault: string) => void): void {
  watchLog(world, ({ connectionId, batch }) => {
    // A fence says nothing: it goes on under what the state says.
    if (batch.sweep === undefined) return;
    if (world.restores.isRecovering)
      complain(`${connectionId} commits at ${batch.position} in a table that was restored`);
    if (batch.epoch < world.restores.epoch)
      complain(`${connectionId} commits at ${batch.position} under epoch ${batch.epoch}`);
  });
}
