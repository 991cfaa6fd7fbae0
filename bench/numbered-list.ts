import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toOpenProjectElement } from '../local/simulators/openproject/openproject-element.ts';
import { toCollectionLinks } from '../local/simulators/openproject/openproject-paging.ts';
import type { SimulatedPerson } from '../local/simulators/simulated-person.ts';

/** An OpenProject whose users are made up while they are asked for, so that it may have any number of them. */
export type NumberedList = {
  readonly baseUrl: string;
  /** How many users there are. */
  size: number;
  /** So many of the first ones have another name than at the start. */
  changed: number;
  /** Every change has a number of its own, so that a user can change again. */
  change: number;
  /** Called when a page has been handed to the network. */
  onPage: (page: number) => void;
  close(): Promise<void>;
};

const instantOfAll = '2026-01-01T00:00:00.000Z';

export async function startNumberedList(size: number): Promise<NumberedList> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const list: NumberedList = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    size,
    changed: 0,
    change: 0,
    onPage: () => undefined,
    close: () => stop(server),
  };
  server.on('request', ({ url = '/' }, response) => {
    const { searchParams } = new URL(url, list.baseUrl);
    const offset = Number(searchParams.get('offset'));
    const pageSize = Number(searchParams.get('pageSize'));
    const text = JSON.stringify(pageOf(list, { offset, pageSize, searchParams }));
    response.writeHead(200, { 'content-type': 'application/hal+json' });
    response.end(text, () => list.onPage(offset));
  });
  return list;
}

type PageAsk = { readonly offset: number; readonly pageSize: number; readonly searchParams: URLSearchParams };

function pageOf(list: NumberedList, { offset, pageSize, searchParams }: PageAsk): object {
  const from = (offset - 1) * pageSize;
  const count = Math.max(0, Math.min(pageSize, list.size - from));
  const elements = Array.from({ length: count }, (_, n) => toOpenProjectElement(personOf(list, from + n)));
  const next = offset * pageSize < list.size ? offset + 1 : null;
  return {
    _type: 'Collection',
    total: list.size,
    count,
    pageSize,
    offset,
    _embedded: { elements },
    _links: toCollectionLinks(searchParams, { offset, pageSize, next }),
  };
}

function personOf({ changed, change }: NumberedList, n: number): SimulatedPerson {
  const number = n + 4;
  const userName = `ada.baumann${number}`;
  return {
    id: String(number),
    number,
    givenName: 'Ada',
    familyName: n < changed ? `Baumann-${change}` : 'Baumann',
    userName,
    email: `${userName}@example.org`,
    title: 'Engineer',
    language: 'de',
    admin: false,
    groups: [],
    status: 'active',
    createdAt: instantOfAll,
    updatedAt: instantOfAll,
    isLeaving: false,
  };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
