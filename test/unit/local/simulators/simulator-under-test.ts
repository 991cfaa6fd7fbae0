import { onTestFinished } from 'vitest';
import { createSimulatedDirectory } from '../../../../local/simulators/create-simulated-directory.ts';
import type { SimulatedPerson } from '../../../../local/simulators/simulated-person.ts';
import { findSimulatedVendor, type SimulatedVendorName } from '../../../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../../../local/simulators/start-simulator.ts';

export type Row = Record<string, unknown>;
export type Body = Record<string, unknown>;

/** How a plain client of a vendor asks, written from the vendor's document: `nextPath` follows what the page names. */
export type PlainClient = {
  headers(simulator: Simulator): Record<string, string>;
  listPath(size: number): string;
  userPath(id: string): string;
  rowsOf(body: Body): Row[];
  nextPath(body: Body, size: number, path: string, headers?: Headers): string | null;
  /** The key of a row's status; `status` unless another one is named here. */
  readonly statusKey?: string;
  /** A key whose value is a text in every row that is not damaged; `name` unless another one is named here. */
  readonly textKey?: string;
  /** A row's e-mail address, where it does not stand under `email`. */
  emailOf?(row: Row): unknown;
  /** The client counts the rows itself: no page names another one, so none can name a wrong one. */
  readonly hasNoCursor?: true;
  /** The order of the list, where it is not the one in which people joined. */
  compare?(a: SimulatedPerson, b: SimulatedPerson): number;
};

export const vendorNames = [
  'leen',
  'openproject',
  'yuuvis',
  'truto',
  'delay',
] as const satisfies readonly SimulatedVendorName[];

export const clients: Record<SimulatedVendorName, PlainClient> = {
  leen: {
    headers: ({ credentials }) => ({
      'X-API-KEY': credentials.apiKey ?? '',
      'X-CONNECTION-ID': credentials.connectionId ?? '',
    }),
    listPath: (size) => `/itsm/users?limit=${size}`,
    userPath: (id) => `/itsm/users/${id}`,
    rowsOf: (body) => body.items as Row[],
    nextPath: (body, size) => {
      const cursor = body.next_cursor as string | null | undefined;
      return cursor ? `/itsm/users?${new URLSearchParams({ cursor, limit: String(size) })}` : null;
    },
  },
  openproject: {
    headers: ({ credentials }) => ({ Authorization: basic('apikey', credentials.apiKey ?? '') }),
    listPath: (size) => `/api/v3/users?${new URLSearchParams({ pageSize: String(size), sortBy: '[["id","asc"]]' })}`,
    userPath: (id) => `/api/v3/users/${id}`,
    rowsOf: (body) => (body._embedded as { elements: Row[] }).elements,
    nextPath: (body) => (body._links as { nextByOffset?: { href: string } }).nextByOffset?.href ?? null,
  },
  yuuvis: {
    headers: ({ credentials }) => ({
      Authorization: basic(credentials.username ?? '', credentials.password ?? ''),
      'X-ID-TENANT-NAME': credentials.tenant ?? '',
    }),
    listPath: (size) => yuuvisPath(0, size),
    userPath: (id) => `/tenant-management/api/idm/users/${id}`,
    rowsOf: (body) => body.objects as Row[],
    nextPath: ({ hasMoreItems }, size, path) => {
      const first = Number(new URL(path, 'http://yuuvis').searchParams.get('first'));
      return hasMoreItems === true ? yuuvisPath(first + size, size) : null;
    },
    statusKey: 'enabled',
    textKey: 'username',
    hasNoCursor: true,
    compare: (a, b) => (a.userName < b.userName ? -1 : 1),
  },
  truto: {
    headers: ({ credentials }) => ({ Authorization: `Bearer ${credentials.token}` }),
    listPath: (size) => `${trutoPath('')}&limit=${size}`,
    userPath: (id) => trutoPath(`/${encodeURIComponent(id)}`),
    rowsOf: (body) => body.result as Row[],
    nextPath: ({ next_cursor }, size) =>
      next_cursor
        ? `${trutoPath('')}&${new URLSearchParams({ limit: String(size), next_cursor: String(next_cursor) })}`
        : null,
    emailOf: ({ emails }) => (emails as Row[])[0]?.email,
  },
  delay: {
    headers: ({ credentials }) => ({ Authorization: `Bearer ${credentials.token}`, 'X-API-Version': 'v1' }),
    listPath: (size) => delayPath(1, size),
    userPath: (id) => `/users/${id}`,
    rowsOf: (body) => body as unknown as Row[],
    nextPath: (_body, size, _path, headers) => {
      const [, page] = /<[^>]*[?&]page=(\d+)[^>]*>; rel="next"/.exec(headers?.get('link') ?? '') ?? [];
      return page === undefined ? null : delayPath(Number(page), size);
    },
  },
};

export const fixedNowMs = Date.UTC(2026, 4, 6, 7, 8, 9);

/** A simulator that goes down with the test. */
export async function startForTest(
  vendor: SimulatedVendorName,
  { size = 8, nowMs = () => fixedNowMs }: { size?: number; nowMs?: () => number } = {},
): Promise<Simulator> {
  const directory = createSimulatedDirectory({ vendor, seed: 'under test', size });
  const simulator = await startSimulator({ vendor, directory, nowMs });
  onTestFinished(() => simulator.close());
  return simulator;
}

export function ask(simulator: Simulator, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...clients[simulator.vendor].headers(simulator), ...(init.headers as Record<string, string>) };
  return fetch(simulator.baseUrl + path, { ...init, headers });
}

export async function askJson(simulator: Simulator, path: string): Promise<Body> {
  const response = await ask(simulator, path);
  return (await response.json()) as Body;
}

export async function listFirst(simulator: Simulator, size = 3): Promise<Row[]> {
  const client = clients[simulator.vendor];
  return client.rowsOf(await askJson(simulator, client.listPath(size)));
}

/** Every page as far as the vendor names a next one, or until the bound. */
export async function walk(simulator: Simulator, size = 3, bound = 12): Promise<{ path: string; ids: string[] }[]> {
  const client = clients[simulator.vendor];
  const pages: { path: string; ids: string[] }[] = [];
  let path: string | null = client.listPath(size);
  while (path !== null && pages.length < bound) {
    const answer = await ask(simulator, path);
    const body = (await answer.json()) as Body;
    pages.push({ path, ids: client.rowsOf(body).map(({ id }) => String(id)) });
    path = client.nextPath(body, size, path, answer.headers);
  }
  return pages;
}

/** Everybody's id, in the order of the list. */
export function idsOf({ vendor, directory }: Simulator): string[] {
  return directory
    .people()
    .toSorted(clients[vendor].compare ?? (() => 0))
    .map(({ id }) => id);
}

function yuuvisPath(first: number, max: number): string {
  const parameters = { first: String(first), max: String(max), briefRepresentation: 'false' };
  return `/tenant-management/api/idm/users?${new URLSearchParams(parameters)}`;
}

/** At most a hundred a page. */
function delayPath(page: number, size: number): string {
  return `/users?${new URLSearchParams({ page: String(page), page_size: String(Math.min(size, 100)) })}`;
}

function trutoPath(rest: string): string {
  const { integratedAccountId } = findSimulatedVendor('truto').credentials;
  return `/unified/user-directory/users${rest}?integrated_account_id=${integratedAccountId}`;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
