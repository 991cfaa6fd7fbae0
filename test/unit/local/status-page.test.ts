import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StatusPage, startStatusPage } from '../../../local/status-page.ts';
import { defaultBrakeRules } from '../../../src/model/brake.ts';
import type { Connection } from '../../../src/model/connection.ts';
import { connectionId } from '../../../src/model/ids.ts';
import { newConnectionState } from '../../../src/store/state-store.ts';

const connection: Connection = {
  id: connectionId('acme'),
  vendor: '<b>vendor</b>',
  tenantId: 'acme',
  baseUrl: 'https://vendor.example',
  credentials: { apiKey: { env: 'SECRET_VARIABLE' } },
  everySeconds: 60,
  baseline: 'silent',
  deletion: { confirmSweeps: 2, probe: true, maxProbes: 20 },
  brake: defaultBrakeRules,
  protection: { redact: [], hash: [] },
  payload: 'full',
  ignoredFields: [],
  emitSweepCompleted: false,
  options: {},
};
const store = {
  readState: async () => ({ ...newConnectionState(0, 'digest key'), failures: 2 }),
  readPublished: async () => 0,
};

let page: StatusPage;

beforeEach(async () => {
  page = await startStatusPage({ store, connections: [connection], port: 0 });
});

afterEach(() => page.close());

async function ask(path: string, { method = 'GET', host }: { method?: string; host?: string } = {}) {
  const asking = request(new URL(path, page.url), { method, ...(host !== undefined && { headers: { host } }) });
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  return { status: response.statusCode, body: await text(response) };
}

describe('the status page', () => {
  it('tells programs how each connection stands', async () => {
    const { status, body } = await ask('/status.json');

    expect([status, JSON.parse(body)]).toMatchObject([200, { connections: [{ connectionId: 'acme', failures: 2 }] }]);
  });

  it('shows people the same, with nothing of it taken for markup', async () => {
    const { status, body } = await ask('/');

    expect(status).toBe(200);
    expect(body).toContain('failing (2 in a row)');
    expect(body).not.toContain('<b>vendor');
  });

  it('names no credential and no key', async () => {
    const bodies = [(await ask('/')).body, (await ask('/status.json')).body].join();

    expect(bodies).not.toMatch(/SECRET_VARIABLE|digest key/);
  });

  it('answers nobody who calls it by another name, as another site would', async () => {
    expect((await ask('/', { host: 'attacker.example' })).status).toBe(403);
    expect((await ask('/status.json', { host: '127.0.0.1.attacker.example:80' })).status).toBe(403);
  });

  it('takes nothing but GET, and knows no other address', async () => {
    expect([(await ask('/', { method: 'POST' })).status, (await ask('/users')).status]).toStrictEqual([405, 404]);
  });

  it('says that a port is taken instead of choosing another one', async () => {
    const taken = Number(new URL(page.url).port);

    await expect(startStatusPage({ store, connections: [], port: taken })).rejects.toMatchObject({
      code: 'config.invalid',
      context: { faults: [{ path: '--port' }] },
    });
  });
});
