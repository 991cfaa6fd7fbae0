import { afterEach, beforeEach } from 'vitest';
import { connectionId } from '../../../../src/model/ids.ts';
import { type TrutoOptions, truto } from '../../../../src/vendors/truto/vendor.ts';
import type { PageRequest } from '../../../../src/vendors/vendor.ts';
import { startVendorServer, type VendorServer } from '../../../support/vendor-server.ts';
import { createTestIo, type TestIo } from '../vendor-io.ts';

export type Ask = PageRequest<TrutoOptions>;

/** A server that plays Truto, fresh for every test, and a request to it. */
export function trutoUnderTest() {
  const tested = {} as { server: VendorServer; io: TestIo };
  beforeEach(async () => {
    tested.server = await startVendorServer();
    tested.io = createTestIo({ maxTries: 2 });
  });
  afterEach(async () => {
    await tested.io.close();
    await tested.server.finish();
  });
  const ask = (changes: Partial<Ask> = {}): Ask => ({
    connectionId: connectionId('acme-truto'),
    baseUrl: tested.server.baseUrl,
    credentials: { token: 's3cret-token' },
    options: optionsOf(),
    cursor: undefined,
    ...changes,
  });
  return { tested, ask, fetchPage: (changes: Partial<Ask> = {}) => truto.fetchPage(ask(changes), tested.io) };
}

export function optionsOf(changes: object = {}): TrutoOptions {
  return truto.options.parse({ integratedAccountId: 'acc-1', ...changes });
}
