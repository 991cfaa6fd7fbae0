import * as z from 'zod/mini';
import { personWish } from './directory-json.ts';
import type { PersonChange } from './simulated-person.ts';
import { type Answer, type Ask, jsonAnswer } from './simulated-vendor.ts';
import type { Stage } from './stage.ts';
import type { TrapName, TrapWishes } from './trap-settings.ts';
import { parseTrapWish } from './traps.ts';

type Order = (body: unknown, stage: Stage, id: string) => unknown;
type Wish = PersonChange & { status?: string };

/** What the control endpoint can be asked, by method and path below `/__simulator`. */
const orders: readonly (readonly [method: string, path: RegExp, Order])[] = [
  ['GET', /^\/?$/, (_, stage) => describeStage(stage)],
  ['GET', /^\/users$/, (_, { world }) => world.directory.people()],
  ['POST', /^\/users$/, (body, { world }) => world.directory.add(personWish.parse(body) as Wish)],
  ['POST', /^\/users\/([^/]+)$/, (body, stage, id) => changePerson(stage, id, personWish.parse(body) as Wish)],
  ['POST', /^\/users\/([^/]+)\/remove$/, (_, { world }, id) => world.directory.remove(id)],
  ['POST', /^\/advance$/, (_, { world }) => ({ changes: world.directory.advance(), step: world.directory.step })],
  ['POST', /^\/traps$/, (body, stage) => setTraps(stage, z.record(z.string(), z.json()).parse(body))],
  ['POST', /^\/traps\/clear$/, (_, stage) => clearTraps(stage)],
];

/** Steers a simulator from outside its process. Not part of any vendor. */
export function answerControl(ask: Ask, path: string, stage: Stage): Answer {
  if (path === '/elsewhere') return receiveElsewhere(ask, stage);
  const order = orders.find(([method, pattern]) => method === ask.method && pattern.test(path));
  if (!order) return jsonAnswer(404, { error: `nothing to control at ${ask.method} ${path}` });
  const [, pattern, obey] = order;
  try {
    const id = decodeURIComponent(pattern.exec(path)?.[1] ?? '');
    return jsonAnswer(200, obey(ask.body === '' ? {} : JSON.parse(ask.body), stage, id));
  } catch (error) {
    return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function describeStage({ world, counts, origin }: Stage): object {
  const { directory, traps } = world;
  return {
    vendor: directory.vendor,
    url: origin(),
    step: directory.step,
    people: directory.people().length,
    ...counts,
    traps: { known: traps.known, armed: traps.armed(), fired: traps.fired },
  };
}

function changePerson({ world: { directory } }: Stage, id: string, { status, ...change }: Wish): object {
  if (status === undefined) return directory.change(id, change);
  if (Object.keys(change).length > 0) directory.change(id, change);
  return directory.setStatus(id, status);
}

/** By name: settings, `true` for the usual ones, `false` to disarm. All or, if one is at fault, none. */
function setTraps(stage: Stage, wishes: Record<string, unknown>): object {
  const { traps } = stage.world;
  const parsed = Object.entries(wishes).map(([name, wish]) => {
    const settings = parseTrapWish(traps.known, name, typeof wish === 'boolean' ? {} : wish);
    return { name: name as TrapName, settings: wish === false ? null : (settings as TrapWishes[TrapName]) };
  });
  for (const { name, settings } of parsed) {
    if (settings === null) traps.disarm(name);
    else traps.arm(name, settings);
  }
  return describeStage(stage);
}

function clearTraps(stage: Stage): object {
  stage.world.traps.clear();
  return describeStage(stage);
}

/** Where `redirectElsewhere` leads. */
function receiveElsewhere({ headers }: Ask, { counts }: Stage): Answer {
  const carriers = ['authorization', 'cookie', 'x-api-key', 'x-connection-id'];
  counts.elsewhere += 1;
  if (carriers.some((name) => headers[name] !== undefined)) counts.elsewhereWithCredentials += 1;
  return jsonAnswer(200, {});
}
