import { invalidConfig } from '../src/config/config-error.ts';
import { readConnectionFile } from '../src/config/connection-file.ts';
import { readEnvironment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
import { vendors } from '../src/vendors/registry.ts';
import { findFeed } from './choose-feed.ts';
import type { Feed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';

/**
 * The connections of a file, as the feed of the options can have them: secrets are references to what its sweeps can
 * reach. Without a feed, as this machine can. @throws config.invalid with all faults of the file
 */
export async function readConnections(path: string, options: FeedOptions): Promise<readonly Connection[]> {
  const chosen = findFeed(options, readEnvironment()) ?? {};
  const runtime = 'stack' in chosen ? 'deployed' : 'embedded';
  return (await readConnectionFile(path, { vendors, runtime })).connections;
}

/** Plain http leads to a machine's own loopback, where no vendor is for a function of AWS. @throws config.invalid */
export function refuseLoopback(
  { refusesLoopback }: Pick<Feed, 'refusesLoopback'>,
  connections: readonly Connection[],
): void {
  const faults = connections
    .filter(({ baseUrl }) => refusesLoopback && baseUrl.startsWith('http:'))
    .map(({ id }) => ({
      path: `${id}.baseUrl`,
      message: 'expected https: for a function of the stack, loopback is not this machine',
    }));
  if (faults.length > 0) throw invalidConfig('the connection file', faults);
}
