import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSimulatedDirectory } from '../../../../local/simulators/create-simulated-directory.ts';
import { startSimulator } from '../../../../local/simulators/start-simulator.ts';
import { ask, clients, fixedNowMs, listFirst, startForTest, vendorNames } from './simulator-under-test.ts';

const nowMs = () => fixedNowMs;

describe('startSimulator', () => {
  it('takes the wished port when it is free, and another one when it is not', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as AddressInfo;
    const directory = createSimulatedDirectory({ vendor: 'leen', seed: 1, size: 3 });

    const other = await startSimulator({ vendor: 'leen', directory, port, nowMs });
    onTestFinished(() => other.close());
    await new Promise((resolve) => squatter.close(resolve));
    const wished = await startSimulator({ vendor: 'leen', directory, port, nowMs });
    onTestFinished(() => wished.close());

    expect(other.port).not.toBe(port);
    expect(wished.port).toBe(port);
    expect(await listFirst(other)).toHaveLength(3);
  });

  it('names the base URL that a connection would have', async () => {
    const [leen, openproject] = [await startForTest('leen'), await startForTest('openproject')];

    expect(leen.baseUrl).toBe(`http://127.0.0.1:${leen.port}/v1`);
    expect(openproject.baseUrl).toBe(`http://127.0.0.1:${openproject.port}`);
  });

  it('counts the vendor’s requests and leaves those for control out', async () => {
    const simulator = await startForTest('leen');

    await listFirst(simulator);
    await fetch(`${simulator.url}/v1/nowhere`);
    await fetch(`${simulator.url}/__simulator`);

    expect(simulator.requests).toBe(2);
  });

  it('refuses to listen anywhere but on loopback, and another vendor’s directory', async () => {
    const directory = createSimulatedDirectory({ vendor: 'leen', seed: 1, size: 1 });

    await expect(startSimulator({ vendor: 'leen', directory, nowMs, host: '0.0.0.0' as '::1' })).rejects.toThrow(
      'loopback only',
    );
    await expect(startSimulator({ vendor: 'openproject', directory, nowMs })).rejects.toThrow('leen');
  });

  it('stops answering once it is closed', async () => {
    const directory = createSimulatedDirectory({ vendor: 'leen', seed: 1, size: 1 });
    const simulator = await startSimulator({ vendor: 'leen', directory, nowMs });

    await simulator.close();

    await expect(ask(simulator, '/itsm/users')).rejects.toThrow('fetch failed');
  });

  it.each(vendorNames)('packs the answers of %s when asked, and only then', async (vendor) => {
    const simulator = await startForTest(vendor);
    const path = clients[vendor].listPath(3);
    const encodings = ['gzip', 'br, gzip;q=0.5', 'identity', 'gzip;q=0'];

    const answers = await Promise.all(
      encodings.map((encoding) => ask(simulator, path, { headers: { 'accept-encoding': encoding } })),
    );

    expect(answers.map(({ headers }) => headers.get('content-encoding'))).toStrictEqual(['gzip', 'gzip', null, null]);
    const [packed, , plain] = await Promise.all(answers.map((answer) => answer.json()));
    expect(packed).toStrictEqual(plain);
  });

  it.each(vendorNames)('serves %s’s users one by one and answers 404 for the others', async (vendor) => {
    const simulator = await startForTest(vendor);
    const [first] = await listFirst(simulator);
    const client = clients[vendor];

    const found = await ask(simulator, client.userPath(String(first?.id)));
    const missing = await ask(simulator, client.userPath('d1f8c1f2-0000-4000-8000-000000000000'));
    const elsewhere = await ask(simulator, '/nowhere');

    expect(await found.json()).toStrictEqual(first);
    expect([missing.status, elsewhere.status]).toStrictEqual([404, 404]);
  });
});
