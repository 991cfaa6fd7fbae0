import { onTestFinished } from 'vitest';
import { createSimulatedDirectory } from '../../../../local/simulators/create-simulated-directory.ts';
import type { SimulatedVendorName } from '../../../../local/simulators/simulated-vendors.ts';
import { type Simulator, startSimulator } from '../../../../local/simulators/start-simulator.ts';

export type Row = Record<string, unknown>;
export type Body = Record<string, unknown>;

/** How a plain client of a vendor asks, written from the vendor's document: `nextPath` follows what the page names. */
export type PlainClient = {
  headers(simulator: Simulator): Record<string, string>;
  listPath(size: number): string;
  userPath(id: string): string;
  rowsOf(body: Body): Row[];
  nextPath(body: Body, size: number): string | null;
};

export const vendorNames = ['leen', 'openproject'] as const satisfies readonly SimulatedVendorName[];

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
    const body = await askJson(simulator, path);
    pages.push({ path, ids: client.rowsOf(body).map(({ id }) => String(id)) });
    path = client.nextPath(body, size);
  }
  return pages;
}

export function idsOf(simulator: Simulator): string[] {
  return simulator.directory.people().map(({ id }) => id);
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
