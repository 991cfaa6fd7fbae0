import { readFile } from 'node:fs/promises';
import type { SimulatedWorld } from '../local/simulated-world.ts';
import type { StateFolder } from '../local/state-folder.ts';
import { createCredentialStore } from '../src/config/credentials.ts';
import { readEnvironment } from '../src/config/environment.ts';
import type { Connection } from '../src/model/connection.ts';
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
  // A promise: several connections are tested at a time, and all of them are in one world.
  let starting: Promise<SimulatedWorld> | undefined;
  return {
    async locate(connection) {
      if (!(await isSimulated(connection, folder))) return connection;
      starting ??= startWorld(folder, nowMs);
      const baseUrl = (await starting).connections.find(({ id }) => id === connection.id)?.baseUrl;
      return baseUrl === undefined ? connection : { ...connection, baseUrl };
    },
    async resolveCredentials(connection) {
      const simulated = (await starting)?.environment;
      const credentials = createCredentialStore({
        env: { ...readEnvironment(), ...simulated },
        readFile: (path) => readFile(path, 'utf8'),
      });
      return credentials.resolve(connection);
    },
    close: async () => (await starting)?.close(),
  };
}

/** Loaded when it is needed: whoever only looks at a feed asks no vendor. */
async function startWorld(folder: StateFolder, nowMs: () => number): Promise<SimulatedWorld> {
  const [{ startSimulatedWorld }, { vendors }] = await Promise.all([
    import('../local/simulated-world.ts'),
    import('../src/vendors/registry.ts'),
  ]);
  return startSimulatedWorld({ folder, vendors, every: simulatedEvery, nowMs });
}

/** Whether it is one of those that `ucf dev` makes where no connections are configured. */
async function isSimulated({ id, vendor, directoryId }: Connection, folder: StateFolder): Promise<boolean> {
  if (id !== `simulated-${vendor}` || directoryId !== id) return false;
  return (await folder.readJson(`simulator-${vendor}.json`)) !== undefined;
}
