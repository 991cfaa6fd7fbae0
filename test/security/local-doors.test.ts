import { mkdtemp, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEventFile } from '../../cli/event-file.ts';
import { ownCredentials, startEmbeddedTable } from '../../local/embedded-table.ts';
import { startEventBus } from '../../local/event-bus/event-bus.ts';
import { createSimulatedDirectory } from '../../local/simulators/create-simulated-directory.ts';
import { startSimulator } from '../../local/simulators/start-simulator.ts';
import { openStateFolder } from '../../local/state-folder.ts';
import { startQueueEndpoint } from '../../local/subscribers/queue-endpoint.ts';
import { codeOf, readSourceFiles } from '../architecture/source-file.ts';

/** Of a table that knows its owner, and whatever else signs. */
const signedBy = (accessKeyId: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261123/us-east-1/dynamodb/aws4_request`;
const own = ownCredentials();

type Door = { readonly url: string; readonly close: () => Promise<void> };
const doors: Record<string, Door> = {};
let folder: string;

beforeAll(async () => {
  const queue = await startQueueEndpoint({ queues: [], port: 0, nowMs: Date.now });
  doors['the queues'] = { url: queue.endpoint, close: queue.close };
  const bus = await startEventBus({ busNames: ['users'], onEvent: () => undefined });
  doors['the bus'] = { url: bus.endpoint, close: bus.close };
  folder = await mkdtemp(join(tmpdir(), 'ucf-doors-'));
  const table = await startEmbeddedTable(folder, own);
  doors['the table'] = { url: table.endpoint, close: table.close };
  const directory = createSimulatedDirectory({ vendor: 'leen', seed: 'doors', size: 3 });
  const simulator = await startSimulator({ vendor: 'leen', directory, nowMs: Date.now });
  doors['a simulator'] = { url: `${simulator.url}/__simulator`, close: simulator.close };
});

afterAll(async () => {
  await Promise.all(Object.values(doors).map(({ close }) => close()));
  await rm(folder, { recursive: true });
});

/** The status of a POST with these headers; a browser lets no page set `Host`, so this is not fetch. */
function knock(url: string, headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asking = request(`${url}/`, { method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.on('error', reject).end('{}');
  });
}

describe.each(['the queues', 'the bus', 'the table', 'a simulator'])('%s of ucf dev', (name) => {
  const open = (headers: Readonly<Record<string, string>>) =>
    knock(doors[name]?.url ?? '', { authorization: signedBy(own.accessKeyId), ...headers });

  it('answer programs of this machine, by whichever name of loopback', async () => {
    const { port } = new URL(doors[name]?.url ?? '');

    expect(await open({})).not.toBe(403);
    expect(await open({ host: `localhost:${port}` })).not.toBe(403);
  });

  it.each([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of a sandbox', { origin: 'null' }],
    ['that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['that the browser calls same-site', { 'sec-fetch-site': 'same-site' }],
    ['whose name was made to lead here', { host: 'evil.example' }],
    ['whose name was made to lead here, to the port', { host: 'evil.example:4710', 'sec-fetch-site': 'same-origin' }],
    ['whose name only begins like loopback', { host: '127.0.0.1.evil.example' }],
  ])('are shut to a page %s', async (_, headers) => {
    expect(await open(headers)).toBe(403);
  });
});

describe('the table of ucf dev', () => {
  const open = (headers: Readonly<Record<string, string>>) => knock(doors['the table']?.url ?? '', headers);

  it.each([
    ['nobody', {}],
    ['the usual credentials of emulators', { authorization: signedBy('local') }],
    ['the beginning of the key', { authorization: signedBy(own.accessKeyId.slice(0, -1)) }],
  ])('is shut to another user of this machine who signs with %s', async (_, headers) => {
    expect(await open(headers)).toBe(403);
  });

  it('has another key with every start', () => {
    expect(ownCredentials().accessKeyId).not.toBe(own.accessKeyId);
    expect(own.accessKeyId).toMatch(/^[0-9a-f]{48}$/);
  });

  it('is opened with a key of its own wherever ucf opens it', () => {
    const calls = readSourceFiles('local', 'cli', 'console/server').flatMap((file) =>
      [...codeOf(file).matchAll(/(?<!function )startEmbeddedTable\(([^;]*)\);/g)].map(([, words = '']) => words),
    );

    expect(calls.length).toBeGreaterThan(1);
    for (const words of calls) expect(words).toMatch(/, ownCredentials\(\)$/);
  });
});

describe('what ucf keeps of people on this machine', () => {
  it('is read by its owner only: a state folder, and a file of events', async () => {
    const state = await openStateFolder(join(folder, 'new', 'state'));
    await state.close();
    const events = await openEventFile(join(folder, 'events.jsonl'));
    await events.close();

    expect((await stat(join(folder, 'new', 'state'))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, 'events.jsonl'))).mode & 0o777).toBe(0o600);
  });
});
