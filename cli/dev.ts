import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningConsole } from '../console/server/start-console.ts';
import { type SimulatedWorld, startSimulatedWorld } from '../local/simulated-world.ts';
import { type EmbeddedRuntime, startRuntime } from '../local/start-runtime.ts';
import { openStateFolder, type StateFolder } from '../local/state-folder.ts';
import { readConnectionFile } from '../src/config/connection-file.ts';
import { createCredentialStore } from '../src/config/credentials.ts';
import { type Environment, readEnvironment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
import type { ConnectionId } from '../src/model/ids.ts';
import type { SweepMode } from '../src/model/log-batch.ts';
import type { TickResult } from '../src/sweep/tick.ts';
import { vendors } from '../src/vendors/registry.ts';
import type { DevOptions } from './dev-options.ts';
import { openEventFile } from './event-file.ts';
import { eventLine } from './event-line.ts';
import { type ExitCode, exitCodes, explainError } from './exit-code.ts';
import { openSubscribers, settleSubscribers } from './open-subscribers.ts';
import type { Output } from './output.ts';
import { type ServedFeed, serveConsole } from './serve-console.ts';
import { readSubscribers } from './subscriber-options.ts';
import { isGood, type Summary, summarize, summaryLine } from './summary-line.ts';

/** How often a simulated vendor changes, and how often it is polled. */
const simulatedStepMs = 4_000;
const simulatedEvery = '3s';
const dispatchEveryMs = 500;

/** `ucf dev`: the embedded runtime, once or until it is stopped. */
export async function runDev(options: DevOptions, output: Output): Promise<ExitCode> {
  // Faults of the configuration first: nothing is touched before they are out.
  const configured =
    options.config === undefined
      ? undefined
      : await readConnectionFile(options.config, { vendors, runtime: 'embedded' });
  const wanted = await readSubscribers(options);
  const folder = await openStateFolder(options.state);
  const closing: (() => Promise<void>)[] = [folder.close];
  try {
    // Not before the folder is ours: another process may be in the middle of a line.
    const eventFile = options.events === undefined ? undefined : await openEventFile(options.events);
    closing.push(async () => eventFile?.close());
    const world = configured === undefined ? await openWorld(folder, options) : undefined;
    if (world !== undefined) closing.unshift(world.close);
    const connections = configured?.connections ?? world?.connections ?? [];
    const credentials = createCredentialStore({
      env: { ...readEnvironment(), ...world?.environment } satisfies Environment,
      readFile: (path) => readFile(path, 'utf8'),
    });
    const subscribers = await openSubscribers(wanted, { folder: folder.path, queuePort: options.queuePort }, output);
    closing.unshift(subscribers.close);
    const results = new Map<ConnectionId, TickResult>();
    let page: RunningConsole | undefined;
    const runtime = await startRuntime({
      folder,
      vendors,
      resolveCredentials: credentials.resolve,
      async onEvent(event) {
        await eventFile?.append(event);
        await subscribers.offer(event);
        page?.offer(event);
        output.result(options.json ? JSON.stringify(event) : eventLine(event, output.paint));
      },
      onResult(connectionId, result) {
        results.set(connectionId, result);
        if (!options.once) noteResult(summarize(connectionId, result), output);
      },
      onFault: (where, error) => output.note(`${where}: ${explainError(error)}`),
    });
    closing.unshift(runtime.close);
    const faults = await missingCredentials(connections, credentials.resolve);
    for (const fault of faults) output.note(`ucf: ${fault}`);
    const ids = connections.map(({ id }) => id);
    await runtime.saveConnections(connections);
    await runtime.publishLeftovers(ids);
    if (!options.once) {
      page = await openConsole({ runtime, world, ids, output }, options);
      closing.unshift(async () => page?.close());
      return await watch({ runtime, world, connections, output });
    }
    await runtime.sweepNow(ids, wantedMode(options));
    await settleSubscribers(subscribers, options.state !== undefined, output);
    const isDone = printSummaries(ids, results, options, output) && (await isPublished(runtime, ids, output));
    if (faults.length > 0) return exitCodes.wrongUsageOrConfiguration;
    return isDone ? exitCodes.done : exitCodes.failedOrHeld;
  } finally {
    for (const close of closing) await close();
  }
}

async function openWorld(folder: StateFolder, { once }: DevOptions): Promise<SimulatedWorld> {
  const world = await startSimulatedWorld({ folder, vendors, every: simulatedEvery, nowMs: Date.now });
  // Whoever runs once again wants to see what has changed in between.
  if (once && !world.isNew) await world.advance();
  return world;
}

async function openConsole(
  served: Pick<ServedFeed, 'runtime' | 'world' | 'ids' | 'output'>,
  { console: isWanted, state, port }: DevOptions,
): Promise<RunningConsole | undefined> {
  if (!isWanted) return undefined;
  const name = state === undefined ? 'ucf dev' : `ucf dev, state folder ${state}`;
  const page = await serveConsole({ ...served, name, port });
  served.output.note(`console: ${page.url}`);
  return page;
}

function wantedMode({ delta }: DevOptions): SweepMode {
  return delta ? 'delta' : 'full';
}

/** Why credentials cannot be had, for every connection at once: a sweep would find out one by one. */
async function missingCredentials(
  connections: readonly Connection[],
  resolve: (connection: Connection) => Promise<unknown>,
): Promise<readonly string[]> {
  const tried = await Promise.allSettled(connections.map(resolve));
  return tried.filter((result) => result.status === 'rejected').map(({ reason }) => explainError(reason));
}

function printSummaries(
  ids: readonly ConnectionId[],
  results: ReadonlyMap<ConnectionId, TickResult>,
  { json }: DevOptions,
  output: Output,
): boolean {
  const summaries = ids.map((id) => summarize(id, results.get(id)));
  for (const summary of summaries) {
    if (summary.reason !== undefined) output.note(`${summary.connectionId}: ${summary.reason}`);
    output.result(json ? JSON.stringify(summary) : summaryLine(summary));
  }
  return summaries.every(isGood);
}

/** Whether everything committed is on the bus; what is not is published by the next run. */
async function isPublished({ store }: EmbeddedRuntime, ids: readonly ConnectionId[], output: Output): Promise<boolean> {
  let isAll = true;
  for (const id of ids) {
    const state = await store.readState(id);
    if (state === undefined || (await store.readPublished(id)) >= state.lastEvent.position) continue;
    isAll = false;
    output.note(`${id}: not everything could be published; the next run publishes the rest`);
  }
  return isAll;
}

/** While watching, events speak for themselves: a sweep is worth a line when it is a baseline or not complete. */
function noteResult(summary: Summary, output: Output): void {
  if (summary.outcome === 'complete' || summary.outcome === 'busy') return;
  output.note(summaryLine(summary) + (summary.reason === undefined ? '' : ` (${summary.reason})`));
}

type Watched = {
  readonly runtime: EmbeddedRuntime;
  readonly world: SimulatedWorld | undefined;
  readonly connections: readonly Connection[];
  readonly output: Output;
};

/** Polls until the process is asked to stop. */
async function watch({ runtime, world, connections, output }: Watched): Promise<ExitCode> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  for (const { id, vendor, baseUrl } of connections) output.note(`polling ${id} (${vendor} at ${baseUrl})`);
  output.note('press Ctrl+C to stop');
  let nextStepMs = Date.now() + simulatedStepMs;
  while (!stopping.signal.aborted) {
    await runtime.dispatch();
    if (world !== undefined && Date.now() >= nextStepMs) {
      await world.advanceNext();
      nextStepMs = Date.now() + simulatedStepMs;
    }
    await sleep(dispatchEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
  return exitCodes.done;
}
