import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';

/** A simulated vendor, a connection to it, and the environment that holds its secret. */
export type SimulatedAccount = {
  readonly simulator: Simulator;
  readonly connection: Record<string, unknown>;
  readonly env: Record<string, string>;
};

export async function startAccount(
  vendor: SimulatedVendorName,
  settings: Record<string, unknown> = {},
  size = 12,
): Promise<SimulatedAccount> {
  const directory = createSimulatedDirectory({ vendor, seed: 'scenario', size });
  const simulator = await startSimulator({ vendor, directory, nowMs: Date.now });
  const { apiKey = '', connectionId } = simulator.credentials;
  const variable = `TEST_${vendor.toUpperCase()}_KEY`;
  const options = vendor === 'leen' ? { connectionId, limit: 5 } : { pageSize: 5 };
  const connection = {
    id: `acme-${vendor}`,
    vendor,
    tenantId: 'acme',
    baseUrl: simulator.baseUrl,
    credentials: { apiKey: { env: variable } },
    options,
    ...settings,
  };
  return { simulator, connection, env: { [variable]: apiKey } };
}

export async function writeConnections(folder: string, connections: readonly unknown[]): Promise<string> {
  const path = join(folder, 'connections.json');
  await writeFile(path, JSON.stringify({ connections }));
  return path;
}
