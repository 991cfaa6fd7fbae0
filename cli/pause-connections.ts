import pMap from 'p-map';
import type { Connection } from '../src/model/connection.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type Feed, withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { newDigestKey } from './new-digest-key.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';

export type PauseOptions = FeedOptions & { readonly paused: boolean; readonly json: boolean };

/** Connections at a time. */
const concurrency = 8;

/** Saves that connections are paused, or that they are not. All of them are found before the first one is saved. */
export async function pauseConnections(
  ids: readonly string[],
  options: PauseOptions,
  output: Output,
): Promise<ExitCode> {
  return withFeed(openFeed(options), async (feed) => {
    const found = await pMap(new Set(ids), (id) => findConnection(feed, id), { concurrency });
    const changed = found.filter(({ paused = false }) => paused !== options.paused);
    await pMap(changed, (connection) => savePaused(feed, connection, options.paused), { concurrency });
    const told = found.map((connection) => ({
      connectionId: connection.id,
      paused: options.paused,
      isChanged: changed.includes(connection),
    }));
    if (options.json) output.result(JSON.stringify({ connections: told }));
    else for (const { connectionId, isChanged } of told) output.result(pauseLine(connectionId, isChanged, options));
    return exitCodes.done;
  });
}

/** Saving is what makes a connection due that is not paused. */
async function savePaused({ store, nowMs }: Feed, connection: Connection, isPaused: boolean): Promise<void> {
  const { paused: _, ...settings } = connection;
  await store.saveConnection({ ...settings, ...(isPaused && { paused: true }) }, newDigestKey, nowMs());
}

function pauseLine(id: string, isChanged: boolean, { paused }: { readonly paused: boolean }): string {
  if (!isChanged) return `${id}: ${paused ? 'paused already' : 'not paused'}`;
  return paused ? `${id}: paused; no sweep of it is begun until it is resumed` : `${id}: resumed; it is due now`;
}
