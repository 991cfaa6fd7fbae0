import type { LookupAddress } from 'node:dns';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { readBaseUrl } from '../../src/config/base-url.ts';
import { kindOfAddress } from '../../src/vendors/http/address-kind.ts';
import { ownNetworks, type ReachableNetworks } from '../../src/vendors/http/address-refusal.ts';
import { createHttpClient } from '../../src/vendors/http/create-http-client.ts';
import { createVendorAgent } from '../../src/vendors/http/create-vendor-agent.ts';
import { codeOf, readSourceFiles } from '../architecture/source-file.ts';
import { answerJson, startVendorServer, type VendorServer } from '../support/vendor-server.ts';
import { failureOf } from '../unit/vendors/vendor-io.ts';

let server: VendorServer;

beforeEach(async () => {
  server = await startVendorServer();
});
afterEach(() => server.finish());

const inStack: ReachableNetworks = { loopback: false, private: false };
const inVpc: ReachableNetworks = { loopback: false, private: true };
/** What a name resolves to: one answer a look, the last one again and again. */
type Zone = readonly (readonly string[])[];

/** Asks over an agent whose names resolve as told. */
function askThrough(networks: ReachableNetworks, zone: Zone = [['127.0.0.1']]) {
  let looks = 0;
  const dispatcher = createVendorAgent(networks, (_, __, callback) => {
    const addresses = zone[Math.min(looks, zone.length - 1)] ?? [];
    looks += 1;
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  });
  onTestFinished(() => dispatcher.destroy());
  const http = createHttpClient({ dispatcher, nowMs: Date.now, sleep: async () => undefined, random: () => 0 });
  return (url: string) => http.requestJson({ vendor: 'acme', connectionId: 'c1', url: new URL(url), secrets: [] });
}

const named = () => server.baseUrl.replace('127.0.0.1', 'localhost');

describe(kindOfAddress, () => {
  it.each([
    ['169.254.169.254', 'forbidden'],
    ['169.254.170.2', 'forbidden'],
    ['fd00:ec2::254', 'forbidden'],
    ['fd20:ce::254', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['::ffff:169.254.169.254', 'forbidden'],
    ['::ffff:a9fe:a9fe', 'forbidden'],
    ['::169.254.169.254', 'forbidden'],
    ['64:ff9b::169.254.169.254', 'forbidden'],
    ['2002:a9fe:a9fe::1', 'forbidden'],
    ['100.100.100.200', 'forbidden'],
    ['168.63.129.16', 'forbidden'],
    ['192.0.0.192', 'forbidden'],
    ['0.0.0.0', 'forbidden'],
    ['::', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['ff02::1', 'forbidden'],
    ['no address', 'forbidden'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['10.0.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['::ffff:10.0.0.1', 'private'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['169.253.255.255', 'public'],
    ['8.8.8.8', 'public'],
    ['2606:4700::1111', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
  ] as const)('takes %s for %s', (address, kind) => {
    expect(kindOfAddress(address)).toBe(kind);
  });
});

describe(readBaseUrl, () => {
  it.each([
    'https://169.254.169.254',
    'https://2852039166',
    'https://0xA9FEA9FE',
    'https://0251.0376.0251.0376',
    'https://169.254.43518',
    'https://１６９.254.169.254',
    'https://[fd00:ec2::254]',
    'https://[::ffff:169.254.169.254]',
    'https://[0:0:0:0:0:ffff:a9fe:a9fe]:8443/x',
    'https://0.0.0.0',
  ])('refuses %s, which leads to what hands out credentials or nowhere', (text) => {
    expect(readBaseUrl(text)).toStrictEqual({ fault: expect.stringContaining('cloud metadata addresses are none') });
  });

  it.each(['http://localhost.', 'http://0x7f.1.example', 'http://[::ffff:127.0.0.1]'])(
    'takes %s for no loopback of its own, so that plain http is refused',
    (text) => {
      expect(readBaseUrl(text)).toStrictEqual({ fault: expect.stringContaining('expected https') });
    },
  );
});

describe(createVendorAgent, () => {
  it('reaches loopback where that is allowed, by name and by address', async () => {
    server.play(answerJson([1]), answerJson([2]));
    const ask = askThrough(ownNetworks);

    expect([(await ask(named())).body, (await ask(server.baseUrl)).body]).toStrictEqual([[1], [2]]);
  });

  it.each([
    ['loopback', inStack, ['127.0.0.1'], 'leads to loopback'],
    ['loopback over IPv6', inVpc, ['::ffff:127.0.0.1'], 'leads to loopback'],
    ['a private address', inStack, ['10.1.2.3'], 'leads to a private address: set allowPrivateVendors'],
    ['cloud metadata', inVpc, ['169.254.169.254'], 'leads to an address where no vendor is'],
    [
      'cloud metadata, on one’s own machine',
      ownNetworks,
      ['169.254.169.254'],
      'leads to an address where no vendor is',
    ],
    ['metadata and loopback', inStack, ['fd00:ec2::254', '127.0.0.1'], 'leads to an address where no vendor is'],
  ])(
    'sends nothing to a name that resolves to %s, at once and without telling where',
    async (_, networks, addresses, told) => {
      const error = await failureOf(askThrough(networks, [addresses])(named()));

      expect(error.code).toBe('vendor.rejected_request');
      expect(error.message).toContain(`was not sent: localhost ${told}`);
      for (const address of addresses) expect(error.message).not.toContain(address);
      expect(server.received).toStrictEqual([]);
    },
  );

  it.each(['127.0.0.1', '[::1]'])('sends nothing to %s itself where loopback is refused', async (host) => {
    const error = await failureOf(askThrough(inStack)(server.baseUrl.replace('127.0.0.1', host)));

    expect(error.message).toContain('leads to loopback');
    expect(server.received).toStrictEqual([]);
  });

  it.each(['169.254.169.254', '[::ffff:a9fe:a9fe]', '2852039166'])(
    'sends nothing to %s, wherever it is, over https',
    async (host) => {
      const error = await failureOf(askThrough(ownNetworks)(`https://${host}/latest/meta-data`));

      expect(error.message).toContain('leads to an address where no vendor is');
    },
  );

  it('connects to the addresses that it may reach where a name has others as well', async () => {
    server.play(answerJson([1]));

    expect((await askThrough(ownNetworks, [['169.254.169.254', '127.0.0.1']])(named())).body).toStrictEqual([1]);
  });

  it('judges a name anew for every connection, and the answer that it connects to', async () => {
    server.play(answerJson([1], { headers: { connection: 'close' } }));
    const ask = askThrough(ownNetworks, [['127.0.0.1'], ['169.254.169.254']]);

    expect((await ask(named())).body).toStrictEqual([1]);
    expect((await failureOf(ask(named()))).message).toContain('leads to an address where no vendor is');
    expect(server.received).toHaveLength(1);
  });

  it('follows no redirect to where it may not go, nor to anywhere', async () => {
    const location = 'http://169.254.169.254/latest/meta-data/iam/security-credentials/';
    server.play(answerJson({}, { status: 302, headers: { location } }));

    const error = await failureOf(askThrough(ownNetworks)(named()));

    expect(error.code).toBe('vendor.bad_response');
    expect(error.message).toContain('with a redirect to http://169.254.169.254; redirects are not followed');
  });

  it('is the only way to vendors: nothing else in what is delivered opens connections of undici', () => {
    const files = readSourceFiles('src', 'functions', 'local', 'cli', 'console/server');
    const makesOne = /\bnew (Agent|Pool|Client|ProxyAgent|EnvHttpProxyAgent|BalancedPool)\(|\bfetch\(/;

    expect(files.filter((file) => makesOne.test(codeOf(file))).map(({ path }) => path)).toStrictEqual([
      'src/vendors/http/create-vendor-agent.ts',
      // To the webhooks that the operator names.
      'local/subscribers/start-subscribers.ts',
    ]);
  });
});
