import { deriveUuid } from '../derive-uuid.ts';
import { nameNextPage } from '../name-next-page.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import {
  type Aim,
  type Answer,
  type Ask,
  jsonAnswer,
  type SimulatedVendor,
  type WireRow,
  type World,
} from '../simulated-vendor.ts';
import { spoilRows, withoutKeys } from '../spoil-rows.ts';
import { takePage } from '../take-page.ts';
import { sharedTraps } from '../trap-settings.ts';
import type { Spot, Traps } from '../traps.ts';
import { delayFault } from './delay-fault.ts';
import { writeLinks } from './delay-links.ts';
import { createDelayLogin, type DelayLogin, delayCredentials } from './delay-login.ts';
import {
  type DelayQuery,
  type FromReading,
  matchesDelayQuery,
  maxPageSize,
  needsMetadata,
  parseDelayQuery,
  sortPeople,
} from './delay-query.ts';
import { delayRowShape, metadataKeys, toDelayRow } from './delay-row.ts';

/** Delay's users. Source: docs.d3lay.com/identity/user/retrieve-a-list-of-users (stored copy). */
export const simulatedDelay: SimulatedVendor = {
  dialect: {
    firstNumber: 1,
    idOf: (seed, number) => deriveUuid(`delay/${seed}/${number}`),
    statuses: {
      active: 'active',
      blocked: 'suspended',
      dormant: ['suspended', 'inactive', 'onboarding', 'risky'],
      ofJoiners: ['onboarding', 'active'],
      atStart: [
        'active',
        'active',
        'active',
        'active',
        'active',
        'active',
        'onboarding',
        'inactive',
        'suspended',
        'risky',
      ],
    },
    visibleFields: ['familyName', 'email', 'userName', 'admin'],
    hiddenEmailEvery: null,
    hasGroups: false,
    leavesLocked: false,
  },
  basePath: '/admin/v1',
  credentials: delayCredentials,
  traps: [
    ...sharedTraps,
    'withoutLinks',
    'linksElsewhere',
    'pageIgnored',
    'perPageOnly',
    'metadataVanishes',
    'sortRefused',
    'sortIgnored',
    'fromExclusive',
    'fromByTheSecond',
    'fromIgnored',
    'updatedSinceIgnored',
    'rowSecurity',
  ],
  open: (world) => {
    const login = createDelayLogin(world.nowMs);
    return { aim: (ask) => aim(world, login, ask), refuse: login.refuse, fault: (status) => delayFault(status) };
  },
};

function aim(world: World, login: DelayLogin, ask: Ask): Aim | null {
  const { pathname, searchParams } = ask.url;
  if (ask.method === 'POST' && pathname === '/oauth/token') {
    return { spot: { on: 'token', page: null }, answer: () => login.issueToken(ask) };
  }
  const path = /^\/admin\/v1\/users(?:\/([^/]+))?$/.exec(pathname);
  if (ask.method !== 'GET' || !path) return null;
  const [, id] = path;
  if (id !== undefined) return { spot: { on: 'user', page: null }, answer: () => show(world, decodeURIComponent(id)) };
  const query = parseDelayQuery(searchParams);
  if ('invalid' in query) {
    return { spot: { on: 'list', page: 1 }, answer: () => delayFault(400, `${query.invalid} is not valid`) };
  }
  const spot: Spot = { on: 'list', page: Number(query.page ?? 1) };
  return { spot, answer: () => list(world, spot, ask.url, query) };
}

/** An id or, as at Delay, an identifier. */
function show(world: World, key: string): Answer {
  const { traps } = world;
  const spot: Spot = { on: 'user', page: null };
  const visible = visibleOf(world, spot);
  const person = visible.find(({ id }) => id === key) ?? visible.find(({ userName }) => userName === key);
  if (!person) return delayFault(404);
  const rows = spoilRows(traps, spot, [toDelayRow(person)], delayRowShape);
  return jsonAnswer(200, hideMetadata(traps, spot, rows)[0]);
}

function list(world: World, spot: Spot, url: URL, query: DelayQuery): Answer {
  const { traps } = world;
  if (query.sort_by !== undefined && traps.fire('sortRefused', spot)) return delayFault(400, 'sort_by is not valid');
  if (needsMetadata(query) && traps.fire('metadataVanishes', spot)) return delayFault(403);
  const from = readFrom(traps, spot, query);
  const filters = keepFilters(traps, spot, query);
  const people = visibleOf(world, spot).filter((person) => matchesDelayQuery(person, filters, from));
  const isUnsorted = query.sort_by !== undefined && traps.fire('sortIgnored', spot) !== null;
  const page = spot.page ?? 1;
  const served = page > 1 && traps.fire('pageIgnored', spot) ? 1 : page;
  const size = readSize(traps, spot, query);
  const taken = takePage(world, spot, {
    people: isUnsorted ? people : sortPeople(people, query),
    start: (served - 1) * size,
    size,
    toRow: toDelayRow,
    shape: delayRowShape,
  });
  const next = nameNextPage(traps, spot, taken.isEmptied || page * size < taken.total ? page + 1 : null);
  const links = linksOf(traps, spot, url, { next, last: Math.ceil(taken.total / size) });
  return jsonAnswer(200, hideMetadata(traps, spot, taken.rows), {
    headers: links === undefined ? {} : { link: links },
  });
}

function visibleOf({ directory, traps }: World, spot: Spot): readonly SimulatedPerson[] {
  const people = directory.people();
  const hidden = traps.fire('rowSecurity', spot);
  return hidden ? people.slice(0, Math.floor((people.length * (100 - hidden.percent)) / 100)) : people;
}

/** What is asked for, but for a filter that does nothing. */
function keepFilters(traps: Traps, spot: Spot, query: DelayQuery): DelayQuery {
  const isIgnored = query.updated_at_from !== undefined && traps.fire('updatedSinceIgnored', spot);
  return isIgnored ? { ...query, updated_at_from: undefined } : query;
}

/** Assumed: 30 a page where nothing is asked for. */
function readSize(traps: Traps, spot: Spot, { page_size, per_page }: DelayQuery): number {
  const own = per_page === undefined && page_size !== undefined ? traps.fire('perPageOnly', spot) : null;
  return own?.size ?? Math.min(Number(page_size ?? per_page ?? 30), maxPageSize);
}

function readFrom(traps: Traps, spot: Spot, { created_at_from }: DelayQuery): FromReading {
  const isAsked = created_at_from !== undefined;
  return {
    isExclusive: isAsked && traps.fire('fromExclusive', spot) !== null,
    isByTheSecond: isAsked && traps.fire('fromByTheSecond', spot) !== null,
    isIgnored: isAsked && traps.fire('fromIgnored', spot) !== null,
  };
}

/** Elsewhere is the same server under another name, where it counts who comes. */
function linksOf(traps: Traps, spot: Spot, url: URL, { next, last }: { next: number | null; last: number }) {
  const links = writeLinks(url, { page: spot.page ?? 1, next, last, base: `${url.origin}${url.pathname}` });
  if (links === undefined || traps.fire('withoutLinks', spot)) return undefined;
  if (!traps.fire('linksElsewhere', spot)) return links;
  const elsewhere = `http://${url.hostname === 'localhost' ? '127.0.0.1' : 'localhost'}:${url.port}/__simulator/elsewhere`;
  return links.replaceAll(`<${url.origin}${url.pathname}?`, `<${elsewhere}?`);
}

/** What the same users look like to a token without metadata permissions. */
function hideMetadata(traps: Traps, spot: Spot, rows: WireRow[]): WireRow[] {
  const isHidden = rows.length > 0 && traps.fire('metadataVanishes', spot);
  return isHidden ? rows.map((row) => withoutKeys(row, metadataKeys)) : rows;
}
