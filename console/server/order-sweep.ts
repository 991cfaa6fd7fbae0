import { findConnection } from '../../cli/find-connection.ts';
import type { ConnectionId } from '../../src/model/ids.ts';
import type { ConsoleFeed } from './console-feed.ts';
import { refusal } from './refusal.ts';

export type SweepPorts = {
  readonly feed: ConsoleFeed;
  readonly onFault: (where: string, error: unknown) => void;
  /** Connections whose sweep was asked for here and is not over. */
  readonly sweeping: Set<ConnectionId>;
};

/**
 * Asks for a sweep, due or not, as `ucf sweep` does. Resolves at once: what comes of it is seen in the sweeps.
 * @throws config.invalid where there is no such connection; a refusal while one that was asked for here goes on
 */
export async function orderSweep({ feed, onFault, sweeping }: SweepPorts, name: string): Promise<object> {
  const { id } = await findConnection(feed, name);
  if (sweeping.has(id)) throw refusal(409, `${id} is being swept already`);
  sweeping.add(id);
  feed
    .sweepNow(id)
    .catch((error: unknown) => onFault(`sweeping ${id}`, error))
    .finally(() => sweeping.delete(id));
  return { asked: id };
}
