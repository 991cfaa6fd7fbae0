import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveConsole } from '../../../cli/serve-console.ts';
import type { ConsoleFeed } from '../../../console/server/console-feed.ts';
import { createProtectorCache } from '../../../functions/protector-cache.ts';
import { type SimulatedWorld, startSimulatedWorld } from '../../../local/simulated-world.ts';
import { startRuntime } from '../../../local/start-runtime.ts';
import { openStateFolder } from '../../../local/state-folder.ts';
import { createCredentialStore } from '../../../src/config/credentials.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { vendors } from '../../../src/vendors/registry.ts';

/** The simulated vendors, the feed over them and its console, at a time of their own. */
export type ServedWorld = {
  /** The address that `ucf dev` would print. */
  readonly url: string;
  readonly world: SimulatedWorld;
  /** The feed as the console sees it. */
  readonly feed: ConsoleFeed;
  /** Lets time pass. */
  wait(minutes: number): void;
  /** Sweeps one connection, or all, and publishes. */
  sweep(id?: string): Promise<void>;
  /** What the server complained of. */
  readonly notes: readonly string[];
  close(): Promise<void>;
};

const morning = Date.UTC(2026, 2, 2, 8, 0, 0);
/** What a day of scripted steps does not reach, and all of twenty-four people together do. */
const smallBrake = { maxCount: 12, maxPercent: 5 };

/** Starts everything, up to the baselines. Users, changes and times are the same in every run. */
export async function serveWorld(): Promise<ServedWorld> {
  const path = await mkdtemp(join(tmpdir(), 'ucf-browser-'));
  const folder = await openStateFolder(path);
  let now = morning;
  const nowMs = () => now;
  const world = await startSimulatedWorld({ folder, vendors, every: '15m', nowMs });
  const connections = world.connections.map(withSmallBrake);
  const credentials = createCredentialStore({ env: world.environment, readFile: async () => '' });
  const notes: string[] = [];
  const output = { result: () => undefined, note: (line: string) => void notes.push(line) };
  let served: Awaited<ReturnType<typeof serveConsole>> | undefined;
  const runtime = await startRuntime({
    folder,
    vendors,
    resolveCredentials: credentials.resolve,
    onEvent: async (event) => served?.offer(event),
    onResult: () => undefined,
    onFault: (where, error) => notes.push(`${where}: ${String(error)}`),
    nowMs,
  });
  const ids = connections.map(({ id }) => id);
  await runtime.saveConnections(connections);
  await runtime.sweepNow(ids);
  served = await serveConsole({ runtime, world, ids, name: 'ucf dev', port: 0, output, nowMs });
  const { url, close } = served;
  const sweep = (id?: string) => runtime.sweepNow(id === undefined ? ids : [connectionId(id)]);
  const { store } = runtime;
  return {
    url,
    world,
    feed: {
      store,
      nowMs,
      runtime: 'embedded',
      connections: async () => ids,
      protectorOf: createProtectorCache({ store, nowMs }),
      sweepNow: async (id) => void (await sweep(id)),
    },
    notes,
    wait(minutes) {
      now += minutes * 60_000;
    },
    sweep,
    async close() {
      for (const end of [close, runtime.close, world.close, folder.close]) await end();
      await rm(path, { recursive: true, force: true });
    },
  };
}

function withSmallBrake(connection: Connection): Connection {
  return { ...connection, brake: { ...connection.brake, status_changed: smallBrake } };
}
