import { setTimeout as sleep } from 'node:timers/promises';
import { openUserList } from '../../functions/open-user-list.ts';
import { hashText } from '../../functions/sweep-names.ts';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { Random } from '../../local/simulators/random.ts';
import type { SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import { createCredentialStore } from '../../src/config/credentials.ts';
import { projectionText } from '../../src/diff/projection.ts';
import type { ObservedUser } from '../../src/model/canonical-user.ts';
import type { Cursor } from '../../src/model/ids.ts';
import { projectionOf } from '../../src/sweep/begin-sweep.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import { ownNetworks } from '../../src/vendors/http/address-refusal.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import { createVendorAgent } from '../../src/vendors/http/create-vendor-agent.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { vendors } from '../../src/vendors/registry.ts';
import { createShownUsers, type ShownUsers } from './shown-users.ts';
import { writeAccount } from './vendor-accounts.ts';

/** The vendors, outside of the process that is killed: what they had and have is not lost with it. */
export type OutsideVendors = {
  /** What is written into the connection file. */
  readonly connections: readonly object[];
  readonly env: Readonly<Record<string, string>>;
  readonly shown: ReadonlyMap<string, ShownUsers>;
  /** What of a user counts as a change, as text. */
  textOf(connectionId: string, user: object): string;
  /** Requests so far. */
  requests(): number;
  /** Plays the next step of a vendor, and remembers what it shows since. */
  change(): Promise<void>;
  /** Resolves once everything that vendors show by now is remembered. */
  looked(): Promise<void>;
  close(): Promise<void>;
};

/** More than one batch for some of the baselines, and room in the brakes for whatever a kill lets pile up. */
const sizes = [12, 30, 70];
const names: readonly SimulatedVendorName[] = ['leen', 'openproject', 'yuuvis', 'truto', 'delay'];

export async function startOutsideVendors(seed: string, random: Random): Promise<OutsideVendors> {
  const simulators: Simulator[] = [];
  for (const vendor of names) {
    const directory = createSimulatedDirectory({ vendor, seed, size: random.pick(sizes), nowMs: Date.now });
    simulators.push(await startSimulator({ vendor, directory, nowMs: Date.now }));
  }
  const written = simulators.map(({ vendor, baseUrl, credentials }) => writeAccount(vendor, baseUrl, credentials));
  const connections = written.map(({ entry }) => entry);
  const env: Record<string, string> = Object.assign({}, ...written.map((account) => account.env));
  const { lists, close } = openLists(connections, env);
  const shown = new Map(lists.map(({ connectionId }) => [connectionId as string, createShownUsers()]));
  const textOf = (connectionId: string, user: object) => {
    const list = lists.find((one) => one.connectionId === connectionId);
    if (list === undefined) throw new Error(`nobody knows the connection ${connectionId}`);
    return projectionText(user as ObservedUser, projectionOf({ hashText }, list));
  };
  const look = async (list: UserList) => {
    const users = (await readAll(list)).filter(({ status }) => status !== 'deleted');
    const id = list.connectionId;
    shown.get(id)?.note(new Map(users.map((user) => [user.id as string, textOf(id, user)])));
  };
  for (const list of lists) await look(list);
  let looking = Promise.resolve();
  return {
    connections,
    env,
    shown,
    textOf,
    requests: () => simulators.reduce((sum, { requests }) => sum + requests, 0),
    change() {
      const at = random.below(simulators.length);
      const list = lists[at];
      simulators[at]?.directory.advance();
      if (list !== undefined) looking = look(list);
      return looking;
    },
    looked: () => looking,
    async close() {
      await close();
      for (const simulator of simulators) await simulator.close();
    },
  };
}

/** The lists as the feed reads them. */
function openLists(connections: readonly object[], env: Readonly<Record<string, string>>) {
  const text = JSON.stringify({ connections });
  const parsed = parseConnectionFile(text, { vendors, runtime: 'embedded', fileName: 'the vendors' });
  const dispatcher = createVendorAgent(ownNetworks);
  const credentials = createCredentialStore({ env, readFile: async () => '' });
  const ports = {
    findVendor: (id: string) => vendors.find((vendor) => vendor.id === id),
    io: {
      http: createHttpClient({ dispatcher, nowMs: Date.now, sleep, random: Math.random }),
      tokens: createTokenCache(Date.now),
      sessions: createSessionCookies(),
    },
    resolveCredentials: credentials.resolve,
  };
  const lists = parsed.connections.map((connection) => openUserList(connection, ports));
  return { lists, close: () => dispatcher.close() };
}

async function readAll(list: UserList): Promise<readonly ObservedUser[]> {
  const users: ObservedUser[] = [];
  let cursor: Cursor | undefined;
  do {
    const page = await list.fetchPage({ cursor });
    users.push(...page.users);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return users;
}
