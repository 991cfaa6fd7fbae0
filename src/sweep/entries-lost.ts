import { FeedError } from '../model/feed-error.ts';
import type { ConnectionId } from '../model/ids.ts';

/**
 * The index knows somebody of whom there is no entry. Whoever took him for a newcomer would tell consumers of him under a revision
 * that they have seen, and they would ignore it.
 */
export function entriesLost(connectionId: ConnectionId): FeedError<'sweep.entries_lost'> {
  const message = `${connectionId}: entries are lost of users whom the index knows, so nobody can say what has changed: ucf rebuild ${connectionId}`;
  return new FeedError('sweep.entries_lost', message, { connectionId });
}
