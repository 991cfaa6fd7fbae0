import { FeedError } from './feed-error.ts';
import type { ConnectionId } from './ids.ts';

/** The end of a worker whose connection somebody else has taken over. */
export function leaseLost(connectionId: ConnectionId): FeedError<'sweep.lease_lost'> {
  const message = `${connectionId}: another worker has taken the connection over`;
  return new FeedError('sweep.lease_lost', message, { connectionId });
}
