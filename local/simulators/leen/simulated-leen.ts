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
import { spoilRows } from '../spoil-rows.ts';
import { type TakenPage, takePage } from '../take-page.ts';
import { sharedTraps } from '../trap-settings.ts';
import type { Spot } from '../traps.ts';
import { toLeenConnection } from './leen-connection.ts';
import { invalidParameter, leenFault } from './leen-fault.ts';
import { type GroupsShown, leenItemShape, toLeenItem } from './leen-item.ts';
import { type LeenQuery, matchesLeenFilters, parseLeenQuery, writeCursor } from './leen-query.ts';

const apiKey = 'simulated-leen-api-key';
const connectionId = deriveUuid('leen/connection');
const organizationId = deriveUuid('leen/organization');

/** The two projects of every simulated directory; a person belongs to one of them. */
export const leenProjectIds = [deriveUuid('leen/project/0'), deriveUuid('leen/project/1')] as const;

/** Leen's ITSM users. Source: docs.leen.dev/api-reference/itsm/get-users and …/get-user-by-id (stored copies). */
export const simulatedLeen: SimulatedVendor = {
  dialect: {
    firstNumber: 1,
    idOf: (seed, number) => deriveUuid(`leen/${seed}/${number}`),
    statuses: {
      active: 'ACTIVE',
      blocked: 'INACTIVE',
      dormant: ['INACTIVE'],
      ofJoiners: ['ACTIVE'],
      atStart: ['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'INACTIVE'],
    },
    visibleFields: ['familyName', 'email'],
    hiddenEmailEvery: 6,
    hasGroups: true,
    leavesLocked: false,
  },
  basePath: '/v1',
  credentials: { apiKey, connectionId, organizationId },
  traps: [
    ...sharedTraps,
    'expiredCursor',
    'absentNextCursor',
    'nullGroups',
    'tombstones',
    'unhealthy',
    'updatedSinceIgnored',
  ],
  open: (world) => ({ aim: (ask) => aim(world, ask), refuse, fault: leenFault }),
};

function refuse({ headers, url }: Ask): Answer | null {
  const sentKey = headers['x-api-key'];
  // Provisioning takes the key alone.
  const sentConnection = url.pathname.startsWith('/v1/provisioning/') ? connectionId : headers['x-connection-id'];
  if (!sentKey || !sentConnection) return leenFault(401, 'X-API-KEY and X-CONNECTION-ID are both required');
  if (sentKey !== apiKey) return leenFault(401, 'The API key is not valid');
  return sentConnection === connectionId ? null : leenFault(403, 'The connection does not belong to this account');
}

function aim(world: World, { method, url }: Ask): Aim | null {
  if (method === 'GET' && url.pathname.startsWith('/v1/provisioning/')) return aimAtConnection(world, url.pathname);
  const path = /^\/v1\/itsm\/users(?:\/([^/]+))?$/.exec(url.pathname);
  if (method !== 'GET' || !path) return null;
  const [, id] = path;
  const query = parseLeenQuery(url.searchParams);
  const page = 'invalid' in query ? 1 : query.limit === 0 ? 1 : Math.floor(query.offset / query.limit) + 1;
  const spot: Spot = id === undefined ? { on: 'list', page } : { on: 'user', page: null };
  if ('invalid' in query) return { spot, answer: () => invalidParameter(query.invalid, query.why) };
  return { spot, answer: () => (id === undefined ? list(world, spot, query) : show(world, spot, query, id)) };
}

/** Source: docs.leen.dev/api-reference/provisioning/get-connection (stored copy). */
function aimAtConnection({ traps }: World, pathname: string): Aim {
  const spot: Spot = { on: 'connection', page: null };
  const isKnown = pathname === `/v1/provisioning/organizations/${organizationId}/connections/${connectionId}`;
  if (!isKnown) return { spot, answer: () => leenFault(404, 'Connection not found') };
  return { spot, answer: () => jsonAnswer(200, toLeenConnection(connectionId, traps.fire('unhealthy', spot))) };
}

function list(world: World, spot: Spot, query: LeenQuery): Answer {
  const expired = query.hasCursor && world.traps.fire('expiredCursor', spot);
  if (expired) return leenFault(expired.status, 'The cursor has expired');
  const isIgnored = query.updatedSince !== undefined && world.traps.fire('updatedSinceIgnored', spot);
  const filters = isIgnored ? { ...query, updatedSince: undefined } : query;
  const listed = listPeople(world, spot).filter((person) => matchesLeenFilters(person, filters, projectOf(person)));
  const people = loseHalf(world, spot, listed);
  const toRow = createRowWriter(world, spot, query);
  const taken = takePage(world, spot, { people, start: query.offset, size: query.limit, toRow, shape: leenItemShape });
  const next_cursor = nextCursor(world, spot, query, taken);
  const isKeyAbsent = next_cursor === null && world.traps.fire('absentNextCursor', spot);
  return jsonAnswer(200, {
    items: taken.rows,
    ...(isKeyAbsent ? {} : { next_cursor }),
    previous_cursor: query.offset === 0 ? null : writeCursor(query, Math.max(0, query.offset - query.limit)),
  });
}

/** An unhealthy connection has not read everybody. */
function loseHalf({ traps }: World, spot: Spot, people: readonly SimulatedPerson[]): readonly SimulatedPerson[] {
  if (people.length === 0 || !traps.fire('unhealthy', spot)) return people;
  return people.slice(0, Math.floor(people.length / 2));
}

function show(world: World, spot: Spot, query: LeenQuery, id: string): Answer {
  const person = world.directory.find(id) ?? findTombstone(world, spot, id);
  if (!person) return leenFault(404, 'User not found');
  const [row] = spoilRows(world.traps, spot, [createRowWriter(world, spot, query)(person)], leenItemShape);
  return jsonAnswer(200, row);
}

function nextCursor({ traps }: World, spot: Spot, query: LeenQuery, { total, isEmptied }: TakenPage): string | null {
  if (isEmptied) return writeCursor(query, query.offset, traps.fired.emptyPageWithCursor);
  const isMore = query.limit > 0 && query.offset + query.limit < total;
  const page = spot.page ?? 1;
  const next = nameNextPage(traps, spot, isMore ? page + 1 : null);
  if (next === null) return null;
  return writeCursor(query, query.offset + (next - page) * query.limit);
}

/** Assumed: without a status filter the list holds whatever Leen still has, so tombstones too. */
function listPeople({ directory, traps }: World, spot: Spot): readonly SimulatedPerson[] {
  const departed = directory.departed();
  if (departed.length === 0 || !traps.fire('tombstones', spot)) return directory.people();
  return [...directory.people(), ...departed.map(toTombstone)].toSorted((a, b) => a.number - b.number);
}

function findTombstone({ directory, traps }: World, spot: Spot, id: string): SimulatedPerson | null {
  const person = directory.departed().find((other) => other.id === id);
  return person && traps.fire('tombstones', spot) ? toTombstone(person) : null;
}

function toTombstone(person: SimulatedPerson): SimulatedPerson {
  return { ...person, status: 'DELETED' };
}

/** The first row decides for all of them whether groups hold nulls, so that a page counts as one firing. */
function createRowWriter(
  { traps }: World,
  spot: Spot,
  { withGroups }: LeenQuery,
): (person: SimulatedPerson) => WireRow {
  let shown: GroupsShown | null = withGroups ? null : 'none';
  return (person) => {
    shown ??= traps.fire('nullGroups', spot) ? 'with nulls' : 'all';
    return toLeenItem(person, shown);
  };
}

function projectOf({ number }: SimulatedPerson): string {
  return leenProjectIds[number % 2 === 0 ? 0 : 1];
}
