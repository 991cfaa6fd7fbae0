import pMap from 'p-map';
import { readEnvironment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
import { findFeed } from './choose-feed.ts';
import { trialFacts } from './describe-trial.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { withFeed } from './feed.ts';
import type { FeedOptions } from './feed-options.ts';
import { findConnection } from './find-connection.ts';
import { openFeed } from './open-feed.ts';
import type { Output } from './output.ts';
import { readConnections, refuseLoopback } from './read-connections.ts';
import { renderFacts } from './render-facts.ts';
import { resolveLocally } from './resolve-locally.ts';
import { type Trial, type Trying, tryConnection } from './try-connection.ts';
import { usageFault } from './usage-fault.ts';

export type TestOptions = FeedOptions & { readonly config?: string; readonly json: boolean };

/** Trials at a time. */
const concurrency = 8;

/** Says what the accounts of connections show: of one that is saved, or of those in a file. */
export async function testConnections(id: string | undefined, options: TestOptions, output: Output): Promise<ExitCode> {
  const trials =
    options.config === undefined ? await testSaved(id, options) : await testFile(options.config, id, options);
  if (options.json) output.result(JSON.stringify({ trials }));
  else tellTrials(trials, output);
  return trials.every(({ outcome }) => outcome === 'passed') ? exitCodes.done : exitCodes.failedOrHeld;
}

async function testSaved(id: string | undefined, options: TestOptions): Promise<readonly Trial[]> {
  if (id === undefined) throw usageFault('connection', 'is missing: give the id of one, or a file with --config');
  return withFeed(openFeed(options), async (feed) => {
    const connection = await feed.reach.locate(await findConnection(feed, id));
    return [await tryConnection(connection, { ...feed, ...feed.reach })];
  });
}

/** A file can be tested without a feed: then with what this machine knows. */
async function testFile(path: string, id: string | undefined, options: TestOptions): Promise<readonly Trial[]> {
  const listed = await readConnections(path, options);
  const connections = listed.filter((connection) => id === undefined || connection.id === id);
  if (connections.length === 0)
    throw usageFault(id ?? path, `${path} has no such connection; it has ${listed.map((one) => one.id).join(', ')}`);
  const tryAll = (trying: Trying) =>
    pMap(connections, (one: Connection) => tryConnection(one, trying), { concurrency });
  if (findFeed(options, readEnvironment()) === undefined)
    return tryAll({
      nowMs: Date.now,
      refusesLoopback: false,
      refusesPrivate: false,
      resolveCredentials: resolveLocally,
    });
  return withFeed(openFeed(options), async (feed) => {
    refuseLoopback(feed, connections);
    return tryAll({ ...feed, ...feed.reach });
  });
}

function tellTrials(trials: readonly Trial[], output: Output): void {
  for (const [at, trial] of trials.entries()) {
    if (at > 0) output.result('');
    for (const line of renderFacts(trialFacts(trial))) output.result(line);
  }
}
