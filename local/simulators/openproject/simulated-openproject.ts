import { nameNextPage } from '../name-next-page.ts';
import {
  type Aim,
  type Answer,
  type Ask,
  jsonAnswer,
  type SimulatedVendor,
  type WireRow,
  type World,
} from '../simulated-vendor.ts';
import { spoilRows } from '../spoil-rows.ts';
import { type TakenPage, takePage } from '../take-page.ts';
import { sharedTraps } from '../trap-settings.ts';
import type { Spot } from '../traps.ts';
import { openProjectElementShape, toOpenProjectElement, withoutAdminKeys } from './openproject-element.ts';
import { halJson, openProjectFault } from './openproject-fault.ts';
import { createOpenProjectLogin, type OpenProjectLogin, openProjectCredentials } from './openproject-login.ts';
import { readPageNumber, readPageSize, toCollectionLinks } from './openproject-paging.ts';
import { type OpenProjectQuery, parseOpenProjectQuery } from './openproject-query.ts';

/** OpenProject's users. Source: opf/openproject lib/api/v3/users/users_api.rb. It has no `expiredCursor`: page numbers
 *  do not expire. */
export const simulatedOpenProject: SimulatedVendor = {
  dialect: {
    // Ids below belong to the built-in system, anonymous and deleted users, which no list shows.
    firstNumber: 4,
    idOf: (_seed, number) => String(number),
    statuses: {
      active: 'active',
      blocked: 'locked',
      dormant: ['locked', 'registered', 'invited'],
      ofJoiners: ['active', 'active', 'invited'],
      atStart: ['active', 'active', 'active', 'active', 'active', 'active', 'locked', 'registered', 'invited'],
    },
    visibleFields: ['familyName', 'email', 'userName', 'admin'],
    hiddenEmailEvery: null,
    hasGroups: false,
    leavesLocked: true,
  },
  basePath: '',
  credentials: openProjectCredentials,
  traps: [
    ...sharedTraps,
    'rateLimitEpochReset',
    'capPageSize',
    'totalMoves',
    'offsetEchoedAsOne',
    'adminKeyVanishes',
    'onlyUpdatedAtChanges',
  ],
  open: (world) => {
    const login = createOpenProjectLogin(world.nowMs);
    return { aim: (ask) => aim(world, login, ask), refuse: login.refuse, fault: (status) => openProjectFault(status) };
  },
};

function aim(world: World, login: OpenProjectLogin, ask: Ask): Aim | null {
  const { pathname, searchParams } = ask.url;
  if (ask.method === 'POST' && pathname === '/oauth/token') {
    return { spot: { on: 'token', page: null }, answer: () => login.issueToken(ask) };
  }
  const path = /^\/api\/v3\/users(?:\/([^/]+))?$/.exec(pathname);
  if (ask.method !== 'GET' || !path) return null;
  const [, id] = path;
  if (id !== undefined) return { spot: { on: 'user', page: null }, answer: () => show(world, decodeURIComponent(id)) };
  const spot: Spot = { on: 'list', page: readPageNumber(searchParams) };
  return { spot, answer: () => list(world, spot, searchParams) };
}

/** An id or, as in OpenProject, a login. */
function show({ directory, traps }: World, key: string): Answer {
  const spot: Spot = { on: 'user', page: null };
  const person = directory.find(key) ?? directory.people().find(({ userName }) => userName === key);
  if (!person) return openProjectFault(404);
  const [row] = spoilRows(traps, spot, [toOpenProjectElement(person)], openProjectElementShape);
  return jsonAnswer(200, row, { contentType: halJson });
}

function list(world: World, spot: Spot, parameters: URLSearchParams): Answer {
  const query = parseOpenProjectQuery(parameters);
  if ('invalid' in query) return openProjectFault(400, query.invalid);
  const { traps } = world;
  const asked = spot.page ?? 1;
  const offset = asked > 1 && traps.fire('offsetEchoedAsOne', spot) ? 1 : asked;
  const pageSize = readPageSize(traps, spot, parameters);
  const taken = takeElements(world, spot, query, offset, pageSize);
  const moved = offset > 1 ? traps.fire('totalMoves', spot) : null;
  const total = taken.total + (moved?.by ?? 0);
  const isMore = taken.isEmptied || offset * pageSize < total;
  const next = nameNextPage(traps, spot, isMore ? offset + 1 : null);
  const body = {
    _type: 'Collection',
    total,
    count: taken.rows.length,
    pageSize,
    offset,
    _embedded: { elements: taken.rows },
    _links: toCollectionLinks(parameters, { offset, pageSize, next }),
  };
  return jsonAnswer(200, body, { contentType: halJson });
}

function takeElements(world: World, spot: Spot, query: OpenProjectQuery, offset: number, size: number): TakenPage {
  const people = world.directory.people().filter(query.matches).toSorted(query.compare);
  const start = (offset - 1) * size;
  const taken = takePage(world, spot, {
    people,
    start,
    size,
    toRow: toOpenProjectElement,
    shape: openProjectElementShape,
  });
  return { ...taken, rows: changeView(world, spot, taken.rows) };
}

/** What the same users look like to another token, or after everybody has logged in again. */
function changeView({ traps }: World, spot: Spot, rows: WireRow[]): WireRow[] {
  if (rows.length === 0) return rows;
  const seen = traps.fire('adminKeyVanishes', spot) ? rows.map(withoutAdminKeys) : rows;
  if (!traps.fire('onlyUpdatedAtChanges', spot)) return seen;
  const laterMs = traps.fired.onlyUpdatedAtChanges * 60_000;
  return seen.map((row) => ({
    ...row,
    updatedAt: new Date(Date.parse(String(row.updatedAt)) + laterMs).toISOString(),
  }));
}
