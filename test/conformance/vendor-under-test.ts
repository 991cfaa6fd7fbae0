import { Agent } from 'undici';
import { openUserList } from '../../functions/open-user-list.ts';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../local/simulators/start-simulator.ts';
import { parseConnectionFile } from '../../src/config/connection-file.ts';
import type { Connection } from '../../src/model/connection.ts';
import { connectionId } from '../../src/model/ids.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Page } from '../../src/model/page.ts';
import type { FeedStore } from '../../src/store/create-store.ts';
import type { UserList } from '../../src/sweep/ports.ts';
import type { SweepReport } from '../../src/sweep/sweep-report.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import type { HttpClient, HttpJson, HttpRequest } from '../../src/vendors/http/http-client.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import type { Vendor, VendorIo } from '../../src/vendors/vendor.ts';
import { feedUnderTest, type ReceivedEvent } from '../support/feed-under-test.ts';
import { createMemoryStore } from '../support/memory-store.ts';
import { type VendorFacts, vendorFacts } from './vendor-facts.ts';

/** A vendor with its simulator, as every conformance case gets it: fresh, with no trap set. */
export type VendorUnderTest = {
  readonly vendor: Vendor;
  readonly facts: VendorFacts;
  readonly simulator: Simulator;
  readonly secrets: readonly string[];
  /** Pauses the client asked for, in milliseconds; nobody waits for them. */
  readonly sleptMs: readonly number[];
  readonly io: VendorIo;
  connection(settings?: Settings): Connection;
  /** The list as a process sees it that has just started. */
  list(settings?: Settings): UserList;
  /** Sweeps with the real engine, publishes, and answers what came of it. */
  sweep(settings?: Settings): Promise<{ readonly report: SweepReport; readonly news: readonly ReceivedEvent[] }>;
  close(): Promise<void>;
};

export type Settings = {
  readonly pageSize?: number;
  readonly credentials?: readonly string[];
  readonly options?: object;
  /** How long one try may take; long by default, so that a busy machine is no fault. */
  readonly timeoutMs?: number;
  /** Changes what the vendor answers before the vendor's code sees it. */
  readonly rewrite?: (answer: HttpJson) => HttpJson;
  /** Sees every request before it is sent. */
  readonly watch?: (request: HttpRequest) => void;
  /** Settings of the connection beside its options. */
  readonly entry?: object;
};

const defaultPageSize = 5;

export async function openVendor(vendor: Vendor, size = 17): Promise<VendorUnderTest> {
  const facts = vendorFacts[vendor.id];
  if (facts === undefined) throw new Error(`test/conformance/vendor-facts.ts does not know ${vendor.id}`);
  const name = vendor.id as SimulatedVendorName;
  const directory = createSimulatedDirectory({ vendor: name, seed: 'conformance', size });
  const simulator = await startSimulator({ vendor: name, directory, nowMs: Date.now });
  const dispatcher = new Agent();
  const sleptMs: number[] = [];
  let clockMs = Date.now();
  const nowMs = () => clockMs;
  const sleep = async (ms: number) => {
    sleptMs.push(ms);
    clockMs += ms;
  };
  // A vendor that does not answer is asked twice only: each try takes all of its time.
  const limitsOf = (timeoutMs?: number) =>
    timeoutMs === undefined ? { timeoutMs: 30_000 } : { timeoutMs, maxTries: 2 };
  const freshIo = (timeoutMs?: number): VendorIo => ({
    http: createHttpClient({ dispatcher, nowMs, sleep, random: () => 0.5, limits: limitsOf(timeoutMs) }),
    tokens: createTokenCache(nowMs),
    sessions: createSessionCookies(),
  });
  const secrets = Object.values(simulator.credentials).filter((value) => value.length > 5);
  const connection = (settings: Settings = {}) => connectTo(simulator, vendor, facts, settings);
  const list = (settings: Settings = {}) => {
    const io = freshIo(settings.timeoutMs);
    const { rewrite = (answer) => answer, watch = () => undefined } = settings;
    const http: HttpClient = {
      async requestJson(request) {
        watch(request);
        return rewrite(await io.http.requestJson(request));
      },
    };
    return openUserList(connection(settings), {
      findVendor: () => vendor,
      io: { ...io, http },
      resolveCredentials: async ({ credentials }) =>
        Object.fromEntries(
          Object.keys(credentials).map((key) => [key, simulator.credentials[key] ?? facts.urls(simulator)[key] ?? '']),
        ),
    });
  };
  const id = connectionId(`conformance-${vendor.id}-${simulator.port}`);
  const received: ReceivedEvent[] = [];
  const clock = {
    get nowMs() {
      return clockMs;
    },
    set nowMs(ms) {
      clockMs = ms;
    },
  };
  // What a vendor's list proves does not depend on where it is kept.
  const store = createMemoryStore() as unknown as FeedStore;
  const feed = feedUnderTest({ store, connectionId: id, clock, received });
  return {
    vendor,
    facts,
    simulator,
    secrets,
    sleptMs,
    io: freshIo(),
    connection,
    list,
    async sweep(settings) {
      clockMs += 60_000;
      const told = received.length;
      const result = await feed.tick({ ...list(settings), connectionId: id });
      await feed.publish();
      if (result.kind !== 'swept') throw new Error(`expected a sweep, got ${result.kind}`);
      return { report: result.report, news: received.slice(told) };
    },
    async close() {
      await dispatcher.destroy();
      await simulator.close();
    },
  };
}

function connectTo(simulator: Simulator, vendor: Vendor, facts: VendorFacts, settings: Settings): Connection {
  const names = settings.credentials ?? facts.credentials;
  const entry = {
    id: `conformance-${vendor.id}`,
    vendor: vendor.id,
    baseUrl: simulator.baseUrl,
    credentials: Object.fromEntries(names.map((name) => [name, { env: `CONFORMANCE_${name.toUpperCase()}` }])),
    options: { ...facts.options(simulator, settings.pageSize ?? defaultPageSize), ...settings.options },
    ...settings.entry,
  };
  const text = JSON.stringify({ connections: [entry] });
  const { connections } = parseConnectionFile(text, {
    vendors: [vendor],
    runtime: 'embedded',
    fileName: 'conformance',
  });
  return connections[0] as Connection;
}

/** Every page of a list, in order; of a delta, with a moment. Stops after more pages than any of these lists has. */
export async function walk(list: UserList, updatedSince?: Instant): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (let next: Page['next'] | undefined; next !== null; next = pages.at(-1)?.next ?? null) {
    if (pages.length > 60) throw new Error('the list has no end');
    pages.push(await list.fetchPage({ cursor: next, ...(updatedSince && { updatedSince }) }));
  }
  return pages;
}

export function idsOf(pages: readonly Page[]): readonly string[] {
  return pages.flatMap(({ users }) => users.map(({ id }) => id));
}

/** The events about users, and not about the connection. */
export function aboutUsers(news: readonly ReceivedEvent[]): readonly ReceivedEvent[] {
  return news.filter(({ type }) => type.startsWith('user.'));
}

/** What happened to whom. */
export function toldOf(news: readonly ReceivedEvent[]): readonly (readonly [string, unknown])[] {
  return news.map(({ type, metadata }) => [type, metadata.userId]);
}
