import { deriveUuid } from '../derive-uuid.ts';
import type { SimulatedPerson } from '../simulated-person.ts';
import { type Aim, type Answer, type Ask, jsonAnswer, type SimulatedVendor, type World } from '../simulated-vendor.ts';
import { spoilRows } from '../spoil-rows.ts';
import { takePage } from '../take-page.ts';
import { sharedTraps } from '../trap-settings.ts';
import type { Spot } from '../traps.ts';
import { yuuvisFault } from './yuuvis-fault.ts';
import { createYuuvisLogin, type YuuvisLogin, yuuvisCredentials, yuuvisTokenPath } from './yuuvis-login.ts';
import { type ObjectView, plainView, toYuuvisObject, yuuvisObjectShape } from './yuuvis-object.ts';
import { createPageNumbers, parseYuuvisQuery, type YuuvisQuery } from './yuuvis-query.ts';
import { createYuuvisSessions, maxSessions, type YuuvisSessions } from './yuuvis-sessions.ts';
import { listPeople } from './yuuvis-upheaval.ts';

const usersPath = /^\/tenant-management\/api\/idm\/users(?:\/([^/]+))?$/;

/** yuuvis' users of one tenant. Source: GET /tenant-management/api/idm/users (stored copy). The client counts the
 *  offset itself, so the vendor has no cursor that could expire, repeat itself or go in circles. */
export const simulatedYuuvis: SimulatedVendor = {
  dialect: {
    firstNumber: 1,
    idOf: (seed, number) => deriveUuid(`yuuvis/${seed}/${number}`),
    statuses: {
      active: 'enabled',
      blocked: 'disabled',
      dormant: ['disabled'],
      ofJoiners: ['enabled'],
      atStart: ['enabled', 'enabled', 'enabled', 'enabled', 'enabled', 'disabled'],
    },
    visibleFields: ['familyName', 'email', 'userName', 'admin'],
    hiddenEmailEvery: 7,
    hasGroups: false,
    leavesLocked: false,
  },
  basePath: '',
  credentials: yuuvisCredentials,
  traps: [
    ...sharedTraps.filter((name) => name !== 'repeatCursor' && name !== 'cursorCycle'),
    'capPageSize',
    'totalMoves',
    'ignoreFirst',
    'shuffleOrder',
    'renameWhileListing',
    'reuseUserName',
    'reverseRoles',
    'createdAsIso',
    'errorInsideList',
    'capSessions',
    'refuseSession',
  ],
  open: (world) => {
    const gateway: Gateway = {
      world,
      login: createYuuvisLogin(world.nowMs),
      sessions: createYuuvisSessions(world.nowMs),
      numberPage: createPageNumbers(),
    };
    return {
      aim: (ask) => aim(gateway, ask),
      refuse: gateway.login.refuse,
      fault: (status) => yuuvisFault(world.nowMs, status),
    };
  },
};

type Gateway = {
  readonly world: World;
  readonly login: YuuvisLogin;
  readonly sessions: YuuvisSessions;
  readonly numberPage: (query: YuuvisQuery) => number;
};

function aim(gateway: Gateway, ask: Ask): Aim | null {
  const { pathname, searchParams } = ask.url;
  const { world } = gateway;
  if (ask.method === 'POST' && pathname === yuuvisTokenPath) {
    return { spot: { on: 'token', page: null }, answer: () => gateway.login.issueToken(ask) };
  }
  const path = usersPath.exec(pathname);
  if (ask.method !== 'GET' || !path) return null;
  const [, id] = path;
  if (id !== undefined) {
    const spot: Spot = { on: 'user', page: null };
    return { spot, answer: () => answerInSession(gateway, ask, spot, () => show(world, spot, decodeURIComponent(id))) };
  }
  const query = parseYuuvisQuery(searchParams);
  const spot: Spot = { on: 'list', page: 'invalid' in query ? 1 : gateway.numberPage(query) };
  return { spot, answer: () => answerInSession(gateway, ask, spot, () => list(world, spot, query)) };
}

/** Assumed: beyond the cap the gateway answers 403, and to a session that has been ended 401. */
function answerInSession({ world, sessions }: Gateway, ask: Ask, spot: Spot, answer: () => Answer): Answer {
  const { traps, nowMs } = world;
  const session = sessions.find(ask);
  if (session !== null && traps.fire('refuseSession', spot)) {
    sessions.close(session);
    return yuuvisFault(nowMs, 401, 'The session has ended');
  }
  if (session !== null) return answer();
  const cap = traps.armed().capSessions?.size ?? maxSessions;
  if (sessions.count() >= cap && (cap === maxSessions || traps.fire('capSessions', spot)))
    return yuuvisFault(nowMs, 403, 'Too many sessions');
  const { headers, ...rest } = answer();
  return { ...rest, headers: { ...headers, 'set-cookie': sessions.open() } };
}

function show({ directory, traps, nowMs }: World, spot: Spot, id: string): Answer {
  const person = directory.find(id);
  if (!person) return yuuvisFault(nowMs, 404);
  const [row] = spoilRows(traps, spot, [toYuuvisObject(person, plainView)], yuuvisObjectShape);
  return jsonAnswer(200, row);
}

function list(world: World, spot: Spot, query: ReturnType<typeof parseYuuvisQuery>): Answer {
  const { traps, nowMs } = world;
  if ('invalid' in query) return yuuvisFault(nowMs, 400, `Failed to convert the value of ${query.invalid}`);
  const people = listPeople(world, spot, query);
  const start = query.first > 0 && traps.fire('ignoreFirst', spot) ? 0 : query.first;
  const size = readSize(world, spot, query);
  const view = viewOf(world, spot, query, people.length);
  const toRow = (person: SimulatedPerson) => toYuuvisObject(person, view);
  const { rows, total, isEmptied } = takePage(world, spot, { people, start, size, toRow, shape: yuuvisObjectShape });
  const moved = query.first > 0 ? traps.fire('totalMoves', spot) : null;
  const isBroken = rows.length > 0 && traps.fire('errorInsideList', spot);
  return jsonAnswer(200, {
    objects: isBroken ? [...rows, { error: 'unknown_error' }] : rows,
    numItems: rows.length,
    totalNumItems: total + (moved?.by ?? 0),
    hasMoreItems: isEmptied || start + size < total,
  });
}

function readSize({ traps }: World, spot: Spot, { max }: YuuvisQuery): number {
  if (max <= (traps.armed().capPageSize?.size ?? max)) return max;
  return traps.fire('capPageSize', spot)?.size ?? max;
}

function viewOf({ traps }: World, spot: Spot, { isBrief }: YuuvisQuery, peopleCount: number): ObjectView {
  const fires = (name: 'reverseRoles' | 'createdAsIso') => peopleCount > 0 && traps.fire(name, spot) !== null;
  return { isBrief, areRolesReversed: fires('reverseRoles'), isCreatedAsIso: fires('createdAsIso') };
}
