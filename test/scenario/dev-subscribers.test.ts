import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local/event-bus/bus-event.ts';
import { openMailboxes } from '../../local/subscribers/mailboxes.ts';
import { readEvents } from '../support/run-ucf.ts';
import { runUcfHere } from '../support/run-ucf-here.ts';
import { type SimulatedAccount, startAccount, writeConnections } from '../support/simulated-account.ts';

let account: SimulatedAccount;
let folder: string;
let config: string;
let server: Server;
let url: string;
/** What the webhook took, and whether it takes anything. */
let taken: BusEvent[];
let isUp: boolean;

beforeEach(async () => {
  account = await startAccount('openproject', { options: { pageSize: 100 } }, 6);
  folder = await mkdtemp(join(tmpdir(), 'ucf-subscribers-'));
  config = await writeConnections(folder, [account.connection]);
  taken = [];
  isUp = true;
  server = createServer((request, response) => {
    text(request).then((body) => {
      if (isUp) taken.push(JSON.parse(body));
      response.writeHead(isUp ? 204 : 503).end();
    }, fail);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await account.simulator.close();
  await rm(folder, { recursive: true });
});

const runOnce = (...words: readonly string[]) => {
  const own = [
    '--once',
    '--config',
    config,
    '--state',
    join(folder, 'state'),
    '--events',
    join(folder, 'events.jsonl'),
  ];
  return runUcfHere(['dev', ...own, ...words], account.env);
};
const fail = (error: unknown) => {
  throw error;
};
const typesOf = (events: readonly BusEvent[]) => events.map((event) => event['detail-type']);

describe('ucf dev', () => {
  it('delivers to a webhook and keeps in a queue what their patterns want, across runs', async () => {
    const created = '{"detail-type":["user.created"]}';
    const words = ['--deliver', `${url},${created}`, '--queue', 'all', '--queue-port', '0'];
    await runOnce(...words);
    account.simulator.directory.add({ familyName: 'Arrived' });
    await runOnce(...words);
    const told = await readEvents(join(folder, 'events.jsonl'));
    const mailboxes = await openMailboxes(join(folder, 'state'));
    const { waiting } = await mailboxes.open('all');
    await mailboxes.close();

    expect(typesOf(told)).toStrictEqual(['connection.baseline_completed', 'user.created']);
    expect(taken).toStrictEqual(told.slice(1));
    expect(waiting.map(({ event }) => event)).toStrictEqual(told);
  });

  it('says what a webhook has not taken, and delivers it with the next run', async () => {
    isUp = false;
    const file = join(folder, 'subscribers.json');
    await writeFile(file, JSON.stringify([{ name: 'hook', url }]));
    const pending = runOnce('--subscribers', file);
    const first = await pending;
    isUp = true;
    await runOnce('--subscribers', file);

    expect(first.exitCode).toBe(0);
    expect(first.stderr).toMatch(/hook did not take event \S+; it is tried again/);
    expect(first.stderr).toMatch(/hook has not taken 1 events; the next run delivers them/);
    expect(typesOf(taken)).toStrictEqual(['connection.baseline_completed']);
  });

  it.each([
    [['--deliver', 'ftp://127.0.0.1/'], /expected an http or https address/],
    [['--queue', 'a b'], /no name of a queue/],
    [['--queue', 'a={"x"'], /is no JSON/],
    [
      ['--queue', 'a={"detail":{"n":[{"cidr":"10.0.0.0/8"}]}}'],
      /--queue pattern\.detail\.n: there is no comparison cidr/,
    ],
    [['--queue', 'a', '--queue', 'a'], /two have the name a/],
    [['--subscribers', '/nowhere/at/all.json'], /cannot be read \(ENOENT\)/],
  ])('refuses %j before anything is touched', async (words, fault) => {
    const run = await runOnce(...words);

    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(fault);
    expect(run.stderr).not.toContain('polling');
  });
});
