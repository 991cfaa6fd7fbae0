import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import { instant } from '../../../../src/model/instant.ts';
import { leen } from '../../../../src/vendors/leen/vendor.ts';
import { answerJson, startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
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

const updatedSince = instant(Date.UTC(2026, 10, 23));
const sixHours = 6 * 3600;

describe('leen.fetchPage for changed users', () => {
  it('says since when on the first page, and with every page what else narrows the list', async () => {
    server.play(answerJson({ items: [], next_cursor: 'c2' }), answerJson({ items: [] }));
    const ask = {
      connectionId: connectionId('acme-leen'),
      baseUrl: server.baseUrl,
      credentials: { apiKey: 's3cret-key' },
      options: leen.options.parse({ connectionId: 'c-9', status: 'ACTIVE', limit: 2 }),
      updatedSince,
    };

    const { next } = await leen.fetchPage({ ...ask, cursor: undefined }, io);
    await leen.fetchPage({ ...ask, cursor: next ?? undefined }, io);

    expect(server.received.map(({ query }) => query)).toStrictEqual([
      { status: 'ACTIVE', limit: '2', updatedSince: '2026-11-23T00:00:00.000Z' },
      { status: 'ACTIVE', limit: '2', cursor: 'c2' },
    ]);
  });

  it('begins a refresh interval of Leen’s earlier', () => {
    expect(leen.delta?.overlapSeconds).toBe(sixHours);
  });
});
