import { Agent } from 'undici';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import type { SimulatedVendorName } from '../../local/simulators/simulated-vendors.ts';
import { startSimulator } from '../../local/simulators/start-simulator.ts';
import { type Cursor, connectionId } from '../../src/model/ids.ts';
import type { Page } from '../../src/model/page.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createTokenCache } from '../../src/vendors/http/create-token-cache.ts';
import type { HttpClient, HttpJson } from '../../src/vendors/http/http-client.ts';
import { createSessionCookies } from '../../src/vendors/http/session-cookies.ts';
import { findVendor } from '../../src/vendors/registry.ts';
import type { Vendor, VendorIo, VendorTarget } from '../../src/vendors/vendor.ts';

/** A vendor's whole list as its answers came, to be read again and again without a network. */
export type RecordedList = {
  readonly vendor: Vendor;
  readonly target: VendorTarget<unknown>;
  /** The bytes of every page, in the order of the list. */
  readonly pages: readonly Buffer[];
  readonly bytes: number;
  /** The production vendor code over the recorded bytes. */
  read(): AsyncIterable<Page>;
};

/** What a list of each simulator takes besides a credential, so that users come with all that they can have. */
const optionsOf: Partial<Record<SimulatedVendorName, (accepted: Readonly<Record<string, string>>) => object>> = {
  leen: ({ connectionId }) => ({ connectionId, includeUserGroups: true }),
  openproject: () => ({ pageSize: 1_000 }),
  yuuvis: ({ tenant }) => ({ tenant }),
  truto: ({ integratedAccountId }) => ({ integratedAccountId, limit: 500 }),
};

/** Lists so many simulated users once over HTTP, and keeps what was answered. */
export async function recordList(vendorName: SimulatedVendorName, users: number): Promise<RecordedList> {
  const vendor = findVendor(vendorName);
  if (vendor === undefined) throw new Error(`there is no vendor ${vendorName}`);
  const directory = createSimulatedDirectory({ vendor: vendorName, seed: 'bench', size: users });
  // A minute from each request to the next: no limit of requests is reached, and nobody waits.
  let minutes = 0;
  const nowMs = () => {
    minutes += 1;
    return minutes * 60_000;
  };
  const simulator = await startSimulator({ vendor: vendorName, directory, nowMs });
  const dispatcher = new Agent();
  const answers = new Map<string, RecordedAnswer>();
  const target: VendorTarget<unknown> = {
    connectionId: connectionId('bench'),
    baseUrl: simulator.baseUrl,
    credentials: simulator.credentials,
    options: vendor.options.parse(optionsOf[vendorName]?.(simulator.credentials) ?? {}),
  };
  try {
    const sleep = async () => undefined;
    const http = createHttpClient({ dispatcher, nowMs: Date.now, sleep, random: Math.random });
    for await (const _ of walk(vendor, target, ioOver(recorded(http, answers))));
  } finally {
    await dispatcher.destroy();
    await simulator.close();
  }
  const pages = [...answers.values()].filter(({ isPage }) => isPage).map(({ text }) => text);
  return {
    vendor,
    target,
    pages,
    bytes: pages.reduce((sum, { length }) => sum + length, 0),
    read: () => walk(vendor, target, ioOver(replayed(answers))),
  };
}

type RecordedAnswer = { readonly answer: Omit<HttpJson, 'body'>; readonly text: Buffer; readonly isPage: boolean };

async function* walk(vendor: Vendor, target: VendorTarget<unknown>, io: VendorIo): AsyncGenerator<Page> {
  let cursor: Cursor | null | undefined;
  while (cursor !== null) {
    const page: Page = await vendor.fetchPage({ ...target, cursor }, io);
    yield page;
    cursor = page.next;
  }
}

function ioOver(http: HttpClient): VendorIo {
  // No time passes: a login of the recorded walk holds for every other.
  return { http, tokens: createTokenCache(() => 0), sessions: createSessionCookies() };
}

function recorded(http: HttpClient, answers: Map<string, RecordedAnswer>): HttpClient {
  return {
    async requestJson({ budgets: _, ...request }) {
      const { body, ...answer } = await http.requestJson(request);
      const isPage = JSON.stringify(body).includes('"id"') && request.method !== 'POST';
      answers.set(keyOf(request), { answer, text: Buffer.from(JSON.stringify(body)), isPage });
      return { ...answer, body };
    },
  };
}

function replayed(answers: ReadonlyMap<string, RecordedAnswer>): HttpClient {
  return {
    async requestJson(request) {
      const found = answers.get(keyOf(request));
      if (found === undefined) throw new Error(`${keyOf(request)} was not recorded`);
      return { ...found.answer, body: JSON.parse(found.text.toString()) };
    },
  };
}

function keyOf({ method = 'GET', url }: { readonly method?: string; readonly url: URL }): string {
  return `${method} ${url.href}`;
}
