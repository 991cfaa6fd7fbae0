import type { OperatorRequest } from '../src/model/operator-request.ts';
import type { RunningFeed } from './feed.ts';

/** A sweep that has decided what to commit does that first, in a tick or several. */
const maxSweeps = 3;

/** Leaves a request and sweeps until it is done; false where it still waits. Whether a sweep completes does not matter. */
export async function executeNow(
  { store, sweepNow }: Pick<RunningFeed, 'store' | 'sweepNow'>,
  request: OperatorRequest,
): Promise<boolean> {
  const { connectionId, requestId, act } = request;
  await store.writeRequest(request);
  for (let sweeps = 0; sweeps < maxSweeps; sweeps += 1) {
    await sweepNow(connectionId);
    // A removal that died before its last step is done: what is left of it is ignored.
    if (act === 'remove_connection' && (await store.readState(connectionId))?.removedAt !== undefined) return true;
    const waiting = await store.readRequests(connectionId);
    if (waiting.every((one) => one.requestId !== requestId)) return true;
  }
  return false;
}
