import { parseConnectionFile } from '../src/config/connection-file.ts';
import type { Environment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
import type { Vendor } from '../src/vendors/vendor.ts';
import { createSimulatedDirectory, restoreSimulatedDirectory } from './simulators/create-simulated-directory.ts';
import type { SimulatedDirectory } from './simulators/simulated-directory.ts';
import { type SimulatedVendorName, simulatedVendors } from './simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from './simulators/start-simulator.ts';
import type { StateFolder } from './state-folder.ts';

/** The simulated vendors, their users, and a connection to each. */
export type SimulatedWorld = {
  readonly simulators: readonly Simulator[];
  readonly connections: readonly Connection[];
  /** The secrets those connections name. */
  readonly environment: Environment;
  /** Whether the users are new, rather than those of an earlier run on the same state folder. */
  readonly isNew: boolean;
  /** Plays the next step of every vendor's script and remembers it. */
  advance(): Promise<void>;
  /** Plays the next step of one vendor, in turn. */
  advanceNext(): Promise<void>;
  close(): Promise<void>;
};

export type WorldOptions = {
  readonly folder: StateFolder;
  readonly vendors: readonly Vendor[];
  /** How often the connections are polled, e.g. `5s`. */
  readonly every: string;
  readonly nowMs: () => number;
};

const seed = 'user-change-feed';
const usersPerVendor = 24;

/** What a connection to each simulator needs beyond an address, from the credentials that the simulator accepts. */
const settings: Record<SimulatedVendorName, (accepted: Readonly<Record<string, string>>) => object> = {
  leen: ({ connectionId }) => ({ credentials: ['apiKey'], options: { connectionId, includeUserGroups: true } }),
  openproject: () => ({ credentials: ['apiKey'], options: {} }),
  yuuvis: ({ tenant }) => ({ credentials: ['username', 'password'], options: { tenant } }),
  truto: ({ integratedAccountId }) => ({ credentials: ['token'], options: { integratedAccountId } }),
  delay: () => ({ credentials: ['token'], options: {} }),
};

/** Starts a simulator of every vendor there is one for, with the users and ports of the last run. */
export async function startSimulatedWorld(options: WorldOptions): Promise<SimulatedWorld> {
  const names = Object.keys(simulatedVendors) as SimulatedVendorName[];
  const simulators: Simulator[] = [];
  let isNew = true;
  for (const vendor of names) {
    const saved = readSaved(await options.folder.readJson(fileOf(vendor)));
    if (saved !== undefined) isNew = false;
    const directory = openDirectory(vendor, saved?.directory, options.nowMs);
    const simulator = await startSimulator({ vendor, directory, port: saved?.port ?? 0, nowMs: options.nowMs });
    simulators.push(simulator);
    await save(options.folder, simulator);
  }
  let turn = 0;
  const advance = async (simulator: Simulator | undefined) => {
    simulator?.directory.advance();
    if (simulator !== undefined) await save(options.folder, simulator);
  };
  return {
    simulators,
    ...connectTo(simulators, options),
    isNew,
    async advance() {
      for (const simulator of simulators) await advance(simulator);
    },
    async advanceNext() {
      await advance(simulators[turn % simulators.length]);
      turn += 1;
    },
    async close() {
      for (const simulator of simulators) {
        await save(options.folder, simulator);
        await simulator.close();
      }
    },
  };
}

type Saved = { readonly port: number; readonly directory: unknown };

function readSaved(json: unknown): Saved | undefined {
  return typeof json === 'object' && json !== null && 'port' in json && 'directory' in json
    ? { port: Number(json.port), directory: json.directory }
    : undefined;
}

function openDirectory(vendor: SimulatedVendorName, saved: unknown, nowMs: () => number): SimulatedDirectory {
  if (saved !== undefined) return restoreSimulatedDirectory(saved, { nowMs });
  return createSimulatedDirectory({ vendor, seed, size: usersPerVendor, nowMs });
}

async function save(folder: StateFolder, { vendor, port, directory }: Simulator): Promise<void> {
  await folder.writeJson(fileOf(vendor), { port, directory: directory.toJson() });
}

function fileOf(vendor: SimulatedVendorName): string {
  return `simulator-${vendor}.json`;
}

/** A connection to each simulator, through the same file format and checks that an operator's connections go through. */
function connectTo(
  simulators: readonly Simulator[],
  { vendors, every }: WorldOptions,
): Pick<SimulatedWorld, 'connections' | 'environment'> {
  const environment: Record<string, string> = {};
  const entries = simulators.map(({ vendor, baseUrl, credentials }) => {
    const { credentials: names, ...rest } = settings[vendor](credentials) as { credentials: readonly string[] };
    const references = names.map((name) => {
      const variable = `UCF_SIMULATED_${vendor}_${name}`.toUpperCase();
      environment[variable] = credentials[name] ?? '';
      return [name, { env: variable }];
    });
    const id = `simulated-${vendor}`;
    // The directory has a name of its own: were the port taken, another one would not be another directory.
    return {
      id,
      vendor,
      tenantId: 'simulated',
      baseUrl,
      directoryId: id,
      every,
      credentials: Object.fromEntries(references),
      ...rest,
    };
  });
  const text = JSON.stringify({ connections: entries });
  const { connections } = parseConnectionFile(text, { vendors, runtime: 'embedded', fileName: 'the simulators' });
  return { connections, environment };
}
