import pMap from 'p-map';
import { type ConnectionId, connectionId } from '../src/model/ids.ts';
import { connectionFacts, connectionJson, connectionRow, type StandingConnection } from './connection-facts.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { printTable } from './print-table.ts';
import { renderFacts } from './render-facts.ts';

type ShowOptions = FeedOptions & { readonly json: boolean };

/** Connections read at a time. */
const concurrency = 8;

/** Prints all connections, and how they stand. */
export function showConnections(options: ShowOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const standing = await pMap(await feed.connections(), (id) => readStanding(feed, id), { concurrency });
    if (options.json) output.result(JSON.stringify({ connections: standing.map(connectionJson) }));
    else if (standing.length === 0) output.note('there are no connections; ucf connections apply FILE adds some');
    else printTable(standing.map(connectionRow), output);
    return exitCodes.done;
  });
}

/** Prints the settings of one connection, and how it stands. */
export function showConnection(id: string, options: ShowOptions, output: Output): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const standing = await readStanding(feed, connectionId(id));
    if (options.json) output.result(JSON.stringify({ connection: connectionJson(standing) }));
    else for (const line of renderFacts(connectionFacts(standing))) output.result(line);
    return exitCodes.done;
  });
}

async function readStanding(feed: Feed, id: ConnectionId): Promise<StandingConnection> {
  const connection = await findConnection(feed, id);
  const [state, published] = await Promise.all([feed.store.readState(id), feed.store.readPublished(id)]);
  return { connection, state, published };
}
