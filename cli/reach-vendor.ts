import { readFile } from 'node:fs/promises';
import { type SimulatedWorld, startSimulatedWorld } from '../local/simulated-world.ts';
import type { StateFolder } from '../local/state-folder.ts';
import { createCredentialStore } from '../src/config/credentials.ts';
import { readEnvironment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
import { vendors } from '../src/vendors/registry.ts';
import type { Credentials } from '../src/vendors/vendor.ts';

/** What it takes to ask vendors from this machine. */
export type VendorReach = {
  /** The connection at its vendor's present address. A simulated vendor is started, and its script stands still. */
  locate(connection: Connection): Promise<Connection>;
  /** @throws config.invalid */
  resolveCredentials(connection: Connection): Promise<Credentials>;
  close(): Promise<void>;
};

/** Says something only to connections that do not exist yet. */
const simulatedEvery = '15m';

/** Reaches the vendors of a state folder's connections: real ones, and those that `ucf dev` simulates in it. */
export function createVendorReach(folder: StateFolder, nowMs: () => number): VendorReach {
  let world: SimulatedWorld | undefined;
  return {
    async locate(connection) {
      if (!(await isSimulated(connection, folder))) return connection;
      world ??= await startSimulatedWorld({ folder, vendors, every: simulatedEvery, nowMs });
      const baseUrl = world.connections.find(({ id }) => id === connection.id)?.baseUrl;
      return baseUrl === undefined ? connection : { ...connection, baseUrl };
    },
    resolveCredentials: (connection) =>
      createCredentialStore({
        env: { ...readEnvironment(), ...world?.environment },
        readFile: (path) => readFile(path, 'utf8'),
      }).resolve(connection),
    close: async () => world?.close(),
  };
}

/** Whether it is one of those that `ucf dev` makes where no connections are configured. */
async function isSimulated({ id, vendor, directoryId }: Connection, folder: StateFolder): Promise<boolean> {
  if (id !== `simulated-${vendor}` || directoryId !== id) return false;
  return (await folder.readJson(`simulator-${vendor}.json`)) !== undefined;
}
