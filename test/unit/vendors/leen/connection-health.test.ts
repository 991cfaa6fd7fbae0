import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId, cursor } from '../../../../src/model/ids.ts';
import { leen } from '../../../../src/vendors/leen/vendor.ts';
import {
  answerJson,
  hangUp,
  type ScriptedAnswer,
  startVendorServer,
  type VendorServer,
} from '../../../support/vendor-server.ts';
import { startForTest } from '../../local/simulators/simulator-under-test.ts';
import { createTestIo, type TestIo } from '../vendor-io.ts';

let server: VendorServer;
let io: TestIo;

beforeEach(async () => {
  server = await startVendorServer();
  io = createTestIo({ maxTries: 1 });
});
afterEach(async () => {
  await io.close();
  await server.finish();
});

const ask = (changes: object = {}, options: object = { organizationId: 'org-1' }) => ({
  connectionId: connectionId('acme-leen'),
  baseUrl: server.baseUrl,
  credentials: { apiKey: 's3cret-key' },
  options: leen.options.parse({ connectionId: 'c-9', ...options }),
  cursor: undefined,
  ...changes,
});
const list = answerJson({ items: [], next_cursor: null });
const connection = (state: unknown, name: unknown, status: unknown = name === 'HEALTHY' ? name : 'UNHEALTHY') =>
  answerJson({ id: 'c-9', state, health: { name, status, details: null } });
const evidenceAfter = async (health: ScriptedAnswer) => {
  server.play(health, list);
  return (await leen.fetchPage(ask(), io)).evidence;
};

describe('leen.fetchPage, with an organization', () => {
  it('asks for the connection, with the key alone, and has nothing against a healthy one', async () => {
    expect(await evidenceAfter(connection('ACTIVE', 'HEALTHY'))).toStrictEqual({});

    const [first] = server.received;
    expect(first).toMatchObject({
      method: 'GET',
      path: '/provisioning/organizations/org-1/connections/c-9',
      query: {},
    });
    expect(first?.headers['x-api-key']).toBe('s3cret-key');
    expect(first?.headers).not.toHaveProperty('x-connection-id');
  });

  it.each([
    ['ACTIVE', 'UNAUTHORIZED', 'UNAUTHORIZED'],
    ['ACTIVE', 'EXECUTION_TIMEOUT', 'EXECUTION_TIMEOUT'],
    ['PAUSED', 'HEALTHY', 'PAUSED'],
    ['PAUSED', 'INTERNAL_ERROR', 'INTERNAL_ERROR'],
    ['ACTIVE', null, 'UNHEALTHY'],
    ['ACTIVE', 'a name of\nmany words', 'of no readable name'],
  ])('denies completeness when the connection is %s and %s', async (state, name, told) => {
    expect(await evidenceAfter(connection(state, name))).toStrictEqual({ vetoes: [`connection_unhealthy: ${told}`] });
  });

  it('does not trust a healthy name with another status', async () => {
    expect(await evidenceAfter(connection('ACTIVE', 'HEALTHY', 'UNHEALTHY'))).toStrictEqual({
      vetoes: ['connection_unhealthy: HEALTHY'],
    });
  });

  it.each([
    ['forbidden', answerJson({}, { status: 403 })],
    ['refused', answerJson({}, { status: 401 })],
    ['not found', answerJson({}, { status: 404 })],
    ['down', answerJson({}, { status: 503 })],
    ['of another shape', answerJson({ state: 'ACTIVE' })],
    ['cut off', hangUp],
  ])('denies completeness when the answer is %s, and reads the list all the same', async (_what, health) => {
    expect(await evidenceAfter(health)).toStrictEqual({ vetoes: ['connection_health_unknown'] });
  });

  it('does not ask between the pages', async () => {
    server.play(answerJson({ items: [], next_cursor: 'even more' }));

    await leen.fetchPage(ask({ cursor: cursor('{"cursor":"more"}') }), io);

    expect(server.received.map(({ path }) => path)).toStrictEqual(['/itsm/users']);
  });

  it('asks again after the last of several pages, for a connection that fell ill meanwhile has not listed everybody', async () => {
    server.play(list, connection('ACTIVE', 'UNAUTHORIZED'));

    const { evidence } = await leen.fetchPage(ask({ cursor: cursor('{"cursor":"more"}') }), io);

    expect(evidence).toStrictEqual({ vetoes: ['connection_unhealthy: UNAUTHORIZED'] });
    expect(server.received.map(({ path }) => path)).toStrictEqual([
      '/itsm/users',
      '/provisioning/organizations/org-1/connections/c-9',
    ]);
  });

  it('asks for nothing of it without one', async () => {
    server.play(list);

    expect((await leen.fetchPage(ask({}, {}), io)).evidence).toStrictEqual({});
    expect(server.received).toHaveLength(1);
  });
});

describe('leen, against the simulator', () => {
  it('vetoes the list that an unhealthy connection has cut in half', async () => {
    const simulator = await startForTest('leen', { size: 8 });
    const { organizationId, connectionId: account, apiKey = '' } = simulator.credentials;
    const options = { organizationId, connectionId: account };
    const fetchPage = () =>
      leen.fetchPage({ ...ask({}, options), baseUrl: simulator.baseUrl, credentials: { apiKey } }, io);

    const healthy = await fetchPage();
    simulator.traps.arm('unhealthy');
    const unhealthy = await fetchPage();

    expect([healthy.users.length, unhealthy.users.length]).toStrictEqual([8, 4]);
    expect([healthy.evidence, unhealthy.evidence]).toStrictEqual([
      {},
      { vetoes: ['connection_unhealthy: UNAUTHORIZED'] },
    ]);
    expect(simulator.traps.fired.unhealthy).toBe(2);
  });
});
