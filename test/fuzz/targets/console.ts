import * as z from 'zod/mini';
import { sharedTraps } from '../../../local/simulators/trap-settings.ts';
import type { Json } from '../../../src/model/json.ts';
import { type ServedWorld, serveWorld } from '../../browser/support/served-world.ts';
import { readAddress } from '../../unit/console/ask-console.ts';
import { askRaw } from '../ask-raw.ts';
import { Broken, type FuzzOutcome, type FuzzTarget } from '../fuzz-target.ts';
import { shapeOf } from '../oracles.ts';
import { toHeaders } from '../to-headers.ts';

const inputShape = z.looseObject({
  method: z.catch(z.enum(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS']), 'GET'),
  path: z.catch(z.string(), '/'),
  /** In place of those that the page sends, or beside them. */
  headers: z.catch(z.record(z.string(), z.unknown()), {}),
  body: z.optional(z.unknown()),
});

/** Every path of the console's interface, asked with its token and without. */
export async function openConsole(): Promise<FuzzTarget> {
  const served = await serveWorld();
  await served.world.advance();
  served.wait(15);
  await served.sweep();
  const [{ id } = { id: '' }] = served.world.connections;
  return {
    corpus: [...(await corpusOf(served, id))],
    run: (input) => ask(served, input),
    async check() {
      const answer = await ask(served, { method: 'GET', path: '/api/connections' });
      if (answer.kind !== 'accepted') throw new Broken('console_down', answer.note);
      const unexpected = served.notes.filter((note) => note.startsWith('serving the console'));
      if (unexpected.length > 0) throw new Broken('console_fault', unexpected.join('\n').slice(0, 500));
    },
    close: served.close,
  };
}

async function ask({ url, world, notes }: ServedWorld, input: Json): Promise<FuzzOutcome> {
  const read = inputShape.safeParse(input);
  if (!read.success) return { kind: 'refused', note: 'no input' };
  const { method, path, headers, body } = read.data;
  const { origin, token } = readAddress(url);
  const usual = {
    authorization: `Bearer ${token}`,
    'sec-fetch-site': 'same-origin',
    origin,
    'content-type': 'application/json',
  };
  const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
  const isRead = method === 'GET' || method === 'HEAD';
  const answer = await askRaw({
    origin,
    method,
    path: path.startsWith('/') ? path : `/${path}`,
    headers: { ...usual, ...only(toHeaders(headers)) },
    body: isRead ? '' : text,
  });
  // Whoever steers a simulator gets what he wishes; the sweeps of others are not to hang on it.
  for (const { traps } of world.simulators) traps.clear();
  if (answer === undefined) return { kind: 'refused', note: `${method} broken off` };
  const { status } = answer;
  if (status >= 500) throw new Broken('server_fault', `${status}: ${answer.text.slice(0, 200)} ${notes.at(-1) ?? ''}`);
  judgeText(answer.text, token);
  return {
    kind: status < 400 ? 'accepted' : 'refused',
    note: `${method} ${status} ${shapeOf(answer.text).slice(0, 50)}`,
  };
}

function judgeText(text: string, token: string): void {
  if (text.includes(token)) throw new Broken('token_told', text.slice(0, 200));
  if (/node:internal|\.ts:\d+|digestKey|leaseToken/.test(text)) throw new Broken('inside_told', text.slice(0, 300));
}

const mayBeSent = new Set([
  'authorization',
  'origin',
  'host',
  'sec-fetch-site',
  'content-type',
  'cookie',
  'accept',
  'x-other',
]);

function only(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name, value]) => mayBeSent.has(name) && typeof value === 'string'),
  );
}

async function corpusOf({ feed, world }: ServedWorld, id: string): Promise<readonly Json[]> {
  const users: string[] = [];
  for await (const entry of feed.store.walkEntries(id as never)) users.push(entry.userId);
  const one = `/api/connections/${id}`;
  const paths = [
    '/api/feed',
    '/api/connections?after=a',
    one,
    `${one}/sweeps`,
    `${one}/users?search=a`,
    `${one}/users/${encodeURIComponent(users[0] ?? 'u')}`,
    `/api/events?limit=20&connection=${id}&type=user.&user=a`,
    '/api/events?before=2026-03-02T08:15:00.000Z_1_simulated-leen',
    `/api/events/${encodeURIComponent(`${id} 1`)}`,
    '/api/connections/%E0%A4%A',
    `${one}/users/%`,
    '/api/holds',
    '/api/holds/h1',
    '/api/simulators',
  ];
  const reads = paths.map((path) => ({ method: 'GET', path, headers: {} }));
  const acts = [
    { act: 'disarm_all' },
    { act: 'add' },
    { act: 'arm', trap: sharedTraps[0] },
    { act: 'remove', user: users[0] ?? '' },
  ];
  const writes = [
    {
      method: 'POST',
      path: '/api/holds/h1',
      headers: { 'sec-fetch-site': 'cross-site' },
      body: { verdict: 'approved', why: 'because' },
    },
    { method: 'POST', path: '/api/holds/h1', headers: {}, body: { verdict: 'rejected' } },
    ...acts.map((body) => ({
      method: 'POST',
      path: `/api/simulators/${world.simulators[0]?.vendor}`,
      headers: {},
      body,
    })),
    { method: 'POST', path: '/api/connections/no-such/sweeps', headers: {}, body: {} },
  ];
  return [...reads, ...writes];
}
