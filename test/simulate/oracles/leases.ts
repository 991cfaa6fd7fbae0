import type { TableWrite } from '../dynamo/memory-table.ts';
import { currentWorker } from '../worker.ts';
import type { World } from '../world.ts';
import { watchLog } from './log-watch.ts';

/**
 * Leases never overlap in effect: nobody commits at a position where somebody has, and nobody once a later lease has got to work.
 * Whoever appends the same batch again at its own position has only lost an answer.
 */
export function watchLeases(world: World, complain: (fault: string) => void): void {
  const committed = new Map<string, string>();
  const tokens = new Map<string, number>();
  const raise = (id: string, token: number) => tokens.set(id, Math.max(token, tokens.get(id) ?? 0));
  world.onRestore.push(() => {
    committed.clear();
    tokens.clear();
  });
  world.onWrite.push((write) => {
    if (isWork(write)) raise(write.key.pk.slice('connection#'.length), Number(write.after?.leaseToken?.N));
  });
  watchLog(world, ({ connectionId, batch, worker }) => {
    const place = `${connectionId} ${batch.position}`;
    const text = JSON.stringify(batch);
    const before = committed.get(place);
    if (before !== undefined && before !== text)
      complain(`two batches at position ${place}: the second by ${worker?.name}`);
    committed.set(place, text);
    const token = tokens.get(connectionId) ?? 0;
    if (batch.leaseToken < token)
      complain(`${worker?.name} committed at ${place} under lease ${batch.leaseToken} after lease ${token} had`);
    raise(connectionId, batch.leaseToken);
  });
}

/** A tick has written its state: not the one that takes a lease, nor the one that gives it up as lost. */
function isWork({ key, before, after }: TableWrite): boolean {
  const isOfTick = currentWorker.getStore()?.name.startsWith('sweep') === true;
  const isSameLease = before?.leaseToken?.N === after?.leaseToken?.N;
  return isOfTick && key.sk === 'state' && isSameLease && before?.state !== after?.state;
}
