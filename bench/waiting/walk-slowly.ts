import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { openUserList } from '../../functions/open-user-list.ts';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import type { Connection } from '../../src/model/connection.ts';
import type { Cursor } from '../../src/model/ids.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import type { HttpClient, HttpRequest } from '../../src/vendors/http/http-client.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { vendors } from '../../src/vendors/registry.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';

export type WalkAsk = {
  readonly vendor: SimulatedVendorName;
  readonly pages: number;
  readonly pageMs: number;
  /** Whether pages are asked for ahead, as the feed does; otherwise one after the other. */
  readonly isAhead: boolean;
  readonly budget?: { readonly requests: number; readonly perMs: number };
};

/** One list, read from its first page to its end. */
export type ListWalk = {
  readonly pages: number;
  readonly elapsedMs: number;
  readonly requests: number;
  /** Requests that were waiting for their answers at once, those included that waited for their budget. */
  readonly mostAtOnce: number;
};

const pageSize = 20;

/** What a connection to each simulator needs, and the option by which its pages get their size. */
const settingsOf: Partial<Record<SimulatedVendorName, (accepted: Accepted) => object>> = {
  openproject: () => ({ credentials: ['apiKey'], options: { pageSize } }),
  yuuvis: ({ tenant }) => ({ credentials: ['username', 'password'], options: { tenant, max: pageSize } }),
  // By default it is read by time of creation, where each page depends on the one before.
  delay: () => ({ credentials: ['token'], options: { pageSize, paging: 'pages' } }),
};
type Accepted = Readonly<Record<string, string>>;
type Settings = { readonly credentials: readonly string[]; readonly options: object };

/** Reads a simulated list whose every page takes its vendor so long, as a sweep does but for comparing it. */
export async function walkSlowly({ vendor, pages, pageMs, isAhead, budget }: WalkAsk): Promise<ListWalk> {
  const directory = createSimulatedDirectory({ vendor, seed: 'bench', size: pages * pageSize });
  const simulator = await startSimulator({ vendor, directory, nowMs: Date.now });
  simulator.traps.arm('slow', { delayMs: pageMs });
  const dispatcher = new Agent();
  const http = countRequests(createHttpClient({ dispatcher, nowMs: Date.now, sleep, random: Math.random }));
  const list = openUserList(connectionTo(simulator, budget), {
    findVendor: (id) =>
      withoutAddresses(
        isAhead,
        vendors.find((one) => one.id === id),
      ),
    io: {
      http,
      tokens: createTokenCache(Date.now),
      sessions: createSessionCookies(),
    },
    resolveCredentials: async () => simulator.credentials,
  });
  try {
    const beganAt = performance.now();
    let read = 0;
    for (let cursor: Cursor | null | undefined; cursor !== null; read += 1)
      cursor = (await list.fetchPage({ cursor })).next;
    const elapsedMs = performance.now() - beganAt;
    return { pages: read, elapsedMs, requests: http.requests, mostAtOnce: http.mostAtOnce };
  } finally {
    await dispatcher.close();
    await simulator.close();
  }
}

function countRequests(http: HttpClient): HttpClient & Pick<ListWalk, 'requests' | 'mostAtOnce'> {
  let inFlight = 0;
  const counted = {
    requests: 0,
    mostAtOnce: 0,
    async requestJson(request: HttpRequest) {
      counted.requests += 1;
      inFlight += 1;
      counted.mostAtOnce = Math.max(counted.mostAtOnce, inFlight);
      return http.requestJson(request).finally(() => {
        inFlight -= 1;
      });
    },
  };
  return counted;
}

/** A vendor whose pages can be asked for only with what the page before says. */
function withoutAddresses(isAhead: boolean, vendor: Vendor | undefined): Vendor | undefined {
  if (isAhead || vendor === undefined) return vendor;
  const { pageAt: _, ...rest } = vendor;
  return rest;
}

function connectionTo({ vendor, baseUrl, credentials: accepted }: Simulator, budget: WalkAsk['budget']): Connection {
  const { credentials, options } = (settingsOf[vendor]?.(accepted) ?? { credentials: [], options: {} }) as Settings;
  const settings = {
    id: 'bench',
    vendor,
    baseUrl,
    credentials: Object.fromEntries(credentials.map((name) => [name, { env: 'BENCH_SECRET' }])),
    options,
    ...(budget && { requestBudget: { requests: budget.requests, per: `${budget.perMs / 1000}s` } }),
  };
  const file = { vendors, runtime: 'embedded', fileName: 'the bench' } as const;
  const [connection] = parseConnectionFile(JSON.stringify({ connections: [settings] }), file).connections;
  if (connection === undefined) throw new Error('no connection');
  return connection;
}
