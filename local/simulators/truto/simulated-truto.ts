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
import { type TakenPage, takePage } from '../take-page.ts';
import { sharedTraps } from '../trap-settings.ts';
import type { Spot } from '../traps.ts';
import { replaceTrutoAnswer, trutoFault } from './truto-fault.ts';
import { createTrutoGate, trutoAccountId, trutoToken } from './truto-gate.ts';
import { parseTrutoQuery, type TrutoQuery, writeCursor, writeListMeta } from './truto-query.ts';
import { toTrutoRow, trutoRowShape } from './truto-row.ts';

const users = '/unified/user-directory/users';
const single: Spot = { on: 'user', page: null };

/** Truto's unified users over one integrated account. Source: truto.one/docs/api-reference/unified-user-directory-api/
 *  users/list (stored copy), trutohq/truto-skills skills/truto/references/unified-api.md@f792f61. */
export const simulatedTruto: SimulatedVendor = {
  dialect: {
    firstNumber: 1,
    // Whatever the back end uses, at some of them an address.
    idOf: (seed, number) =>
      number % 5 === 0 ? `person${number}@example.com` : deriveUuid(`truto/${seed}/${number}`).slice(0, 13),
    statuses: {
      active: 'active',
      blocked: 'inactive',
      dormant: ['inactive', 'invited'],
      ofJoiners: ['active', 'active', 'invited'],
      atStart: ['active', 'active', 'active', 'active', 'active', 'active', 'inactive', 'invited'],
    },
    visibleFields: ['familyName', 'email', 'userName', 'title', 'language', 'admin'],
    hiddenEmailEvery: null,
    // The list always shows groups, while the script counts on nobody seeing that somebody changed his.
    hasGroups: false,
    leavesLocked: false,
  },
  basePath: '',
  credentials: { token: trutoToken, integratedAccountId: trutoAccountId },
  traps: [
    ...sharedTraps,
    'expiredCursor',
    'absentNextCursor',
    'tombstones',
    'isPartialResponse',
    'rawStatus',
    'remoteUnauthorized',
    'missingScopes',
    'accountBlocked',
    'remoteRateLimited',
    'keyedResult',
    'updatedSinceIgnored',
    'updatedSinceUnlisted',
  ],
  open: (world) => ({
    aim: (ask) => aim(world, ask),
    refuse: createTrutoGate(world.nowMs),
    fault: (status) => trutoFault(status),
  }),
};

/** The meta route counts as a question about no page, like one for a single user. */
function aim(world: World, { method, url }: Ask): Aim | null {
  const path = new RegExp(`^${users}(?:/([^/]+|meta/list))?$`).exec(url.pathname);
  if (method !== 'GET' || !path) return null;
  const [, wanted] = path;
  const truly = (spot: Spot, answer: () => Answer): Aim => ({
    spot,
    answer: () => replaceTrutoAnswer(world.traps, spot) ?? answer(),
  });
  if (wanted === 'meta/list') {
    return truly(single, () =>
      jsonAnswer(200, writeListMeta(world.traps.fire('updatedSinceUnlisted', single) ? ['updated_at'] : [])),
    );
  }
  const query = parseTrutoQuery(url.searchParams);
  const page = 'invalid' in query ? 1 : Math.floor(query.start / query.size) + 1;
  const spot: Spot = wanted === undefined ? { on: 'list', page } : single;
  if ('invalid' in query) return { spot, answer: () => trutoFault(400, query.invalid) };
  if (wanted === undefined) return truly(spot, () => list(world, spot, query));
  return truly(spot, () => show(world, spot, query, decodeURIComponent(wanted)));
}

function list(world: World, spot: Spot, query: TrutoQuery): Answer {
  const { traps } = world;
  const expired = query.hasCursor && traps.fire('expiredCursor', spot);
  if (expired) return trutoFault(expired.status, 'The cursor has expired');
  const toRow = createRowWriter(world, spot, query);
  const isIgnored = query.asksForUpdated && traps.fire('updatedSinceIgnored', spot);
  const people = listPeople(world, spot).filter((person) => query.matches(person, isIgnored ? ['updated_at'] : []));
  const taken = takePage(world, spot, { people, start: query.start, size: query.size, toRow, shape: trutoRowShape });
  const next_cursor = nextCursor(world, spot, query, taken);
  const isKeyAbsent = next_cursor === null && traps.fire('absentNextCursor', spot);
  return jsonAnswer(200, {
    result: keyRows(world, spot, query, taken.rows),
    ...(isKeyAbsent ? {} : { next_cursor }),
    prev_cursor: query.start === 0 ? null : writeCursor(Math.max(0, query.start - query.size)),
    result_count: taken.rows.length,
    is_partial_response: traps.fire('isPartialResponse', spot) !== null,
  });
}

/** The user himself, without an envelope. Assumed: the back end's 404 is passed on as one. */
function show(world: World, spot: Spot, query: TrutoQuery, id: string): Answer {
  const person = world.directory.find(id) ?? listPeople(world, spot).find((other) => other.id === id);
  if (!person) return trutoFault(404, 'Not found', { truto_is_remote_error: true, raw_response: 'no such user' });
  const [row] = spoilRows(world.traps, spot, [createRowWriter(world, spot, query)(person)], trutoRowShape);
  return jsonAnswer(200, row);
}

/** By a field, of rows that share a value of it the last one stays. */
function keyRows({ traps }: World, spot: Spot, { keyBy }: TrutoQuery, rows: readonly WireRow[]): unknown {
  const key = keyBy ?? (traps.fire('keyedResult', spot) ? 'id' : null);
  return key === null ? rows : Object.fromEntries(rows.map((row) => [String(row[key]), row]));
}

function nextCursor({ traps }: World, spot: Spot, query: TrutoQuery, { total, isEmptied }: TakenPage): string | null {
  if (isEmptied) return writeCursor(query.start, traps.fired.emptyPageWithCursor);
  const page = spot.page ?? 1;
  const next = nameNextPage(traps, spot, query.start + query.size < total ? page + 1 : null);
  return next === null ? null : writeCursor(query.start + (next - page) * query.size);
}

/** Where a back end keeps the deleted, they stand in the list like everybody. */
function listPeople({ directory, traps }: World, spot: Spot): readonly SimulatedPerson[] {
  const departed = directory.departed();
  if (departed.length === 0 || !traps.fire('tombstones', spot)) return directory.people();
  const tombstones = departed.map((person) => ({ ...person, status: 'deleted' }));
  return [...directory.people(), ...tombstones].toSorted((a, b) => a.number - b.number);
}

/** The first row that shows it decides for all of them what the active are called, so that a page counts as one firing. */
function createRowWriter({ traps, nowMs }: World, spot: Spot, query: TrutoQuery): (person: SimulatedPerson) => WireRow {
  let raw: { readonly status: string } | null | undefined;
  return (person) => {
    if (person.status === 'active' && raw === undefined) raw = traps.fire('rawStatus', spot);
    const status = person.status === 'active' ? (raw?.status ?? 'active') : person.status;
    const left = query.withRemoteData ? query.excluded : [...query.excluded, 'remote_data'];
    return withoutKeys(toTrutoRow({ ...person, status }, nowMs()), left);
  };
}
