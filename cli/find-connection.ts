import { nearestWord } from '../src/config/nearest-word.ts';
import type { Connection } from '../src/model/connection.ts';
import { connectionId } from '../src/model/ids.ts';
import type { Feed } from './feed.ts';
import { showTime } from './show-time.ts';
import { usageFault } from './usage-fault.ts';

/** As many names as an error can list. */
const maxListed = 20;

/** The connection with an id. @throws config.invalid that lists those there are */
export async function findConnection(feed: Pick<Feed, 'store' | 'connections'>, id: string): Promise<Connection> {
  if (id === '')
    throw usageFault('connection', `there is no such connection; ${suggest(id, await feed.connections())}`);
  const [connection, state] = await Promise.all([
    feed.store.readConnection(connectionId(id)),
    feed.store.readState(connectionId(id)),
  ]);
  if (state?.removedAt !== undefined)
    throw usageFault(
      id,
      `was removed at ${showTime(state.removedAt)} UTC; ucf connections apply FILE adds it again, and it goes on where it stopped`,
    );
  if (connection !== undefined) return connection;
  throw usageFault(id, `there is no such connection; ${suggest(id, await feed.connections())}`);
}

function suggest(id: string, known: readonly string[]): string {
  if (known.length === 0) return 'there is none at all: ucf connections apply FILE adds some';
  const nearest = nearestWord(id, known);
  const there = nearest === undefined ? 'there' : `did you mean ${nearest}? There`;
  const listed = known.slice(0, maxListed).join(', ');
  const more = known.length > maxListed ? `, and ${known.length - maxListed} more (ucf connections list)` : '';
  return `${there} ${known.length === 1 ? 'is' : 'are'} ${listed}${more}`;
}
